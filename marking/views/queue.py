"""The queue: what waits, what is in hand, and taking work from it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime

from centres.access import CentreView
from centres.permissions import Permission
from lib.refusals import Refusal
from lib.spreadsheet import csv_answer
from marking.actions import take_next_submission, take_submission
from marking.forms import QueueForm
from marking.selectors import queue_rows
from marking.selectors.queue_rows import TABS, QueueFilter
from portfolios.models import Submission
from portfolios.rules import State

HEAD = ("Learner", "Registration number", "Unit", "Attempt", "Submitted", "Age", "Assessor", "State")


class QueueView(CentreView):
    """The queue, filtered and sorted by its address; with ``format=csv`` as a file."""

    permission = Permission.VIEW_QUEUE

    def get(self, request: HttpRequest) -> HttpResponse:
        form = QueueForm(request.GET)
        wanted = form.wanted()
        found = queue_rows.queue(self.by, wanted, at=self.at)
        if request.GET.get("format") == "csv":
            return self._file(found)
        page = Paginator(found, form.page_size()).get_page(request.GET.get("page"))
        counts = queue_rows.tab_counts(self.by)
        context = {
            "page": page,
            "rows": queue_rows.queue_rows(page.object_list, self.by, at=self.at),
            "wanted": wanted,
            "tabs": [(name, label, counts[name]) for name, label in TABS.items()],
            "total": counts[wanted.state],
            "units": queue_rows.unit_choices(),
            "cohorts": queue_rows.cohort_choices(),
            "chips": _chips(request, wanted),
            "sort": wanted.sort,
            "for_you": queue_rows.waiting_count(self.by, at=self.at),
            "waiting": counts["waiting"],
            "labels": TABS,
        }
        return render(request, "marking/queue.html", context)

    def _file(self, found: Any) -> HttpResponse:
        rows = queue_rows.queue_rows(found, self.by, at=self.at)
        return csv_answer(
            "queue.csv",
            HEAD,
            (
                (
                    row.submission.registration.learner.name,
                    row.submission.registration.number,
                    row.units,
                    row.submission.attempt,
                    f"{localtime(row.submission.submitted_at):%d/%m/%Y %H:%M}",
                    row.age,
                    row.submission.assessor_name or "",
                    row.state[1],
                )
                for row in rows
            ),
        )


def _chips(request: HttpRequest, wanted: QueueFilter) -> list[dict[str, str]]:
    """Return the filters that are set, each with the address without it."""
    said = {
        "unit": wanted.unit and f"Unit {wanted.unit}",
        "cohort": wanted.cohort and f"Cohort {wanted.cohort}",
        "learner": wanted.learner and f"Learner “{wanted.learner}”",
        "over": "Over 10 days" if wanted.is_over else "",
    }
    chips = []
    for name, label in said.items():
        if label:
            rest = {key: value for key, value in request.GET.items() if key not in (name, "page")}
            chips.append({"label": label, "url": f"?{urlencode(rest)}"})
    return chips


class TakeNextView(CentreView):
    """Gives the assessor the work that waited longest."""

    permission = Permission.MARK

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            judgement = take_next_submission(by=self.by, at=self.at)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect("marking:queue", slug=self.centre.slug)
        return redirect("marking:workspace", slug=self.centre.slug, judgement_id=judgement.pk)


class TakeView(CentreView):
    """Gives the assessor the work they chose, unless someone was faster."""

    permission = Permission.MARK

    def post(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        submission = self.get_or_404(Submission.objects.exclude(state=State.DRAFT.value), submission_id)
        try:
            judgement = take_submission(submission=submission, by=self.by, at=self.at)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            answer = redirect("marking:queue", slug=self.centre.slug)
            answer["Location"] += f"?{urlencode({'state': 'all'})}#submission-{submission.pk}"
            return answer
        return redirect("marking:workspace", slug=self.centre.slug, judgement_id=judgement.pk)
