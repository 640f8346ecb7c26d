"""The programmes of a centre's learners: who has what missing, who is stuck, and the same as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.timezone import localdate

from centres.access import CentreView
from centres.models import Cohort
from centres.permissions import Permission
from lib.spreadsheet import csv_answer
from portfolios.forms.programme import CohortFilter
from portfolios.selectors.cohort import Asked, Progress, programme_rows, progress_of
from qualifications.models import Qualification, Registration

STATES = (("stuck", "Stuck"), ("missing", "Something missing"), ("done", "All recorded"))
HEAD = (
    "Name",
    "Registration number",
    "Qualification",
    "Cohort",
    "Registered on",
    "Initial assessment",
    "Induction",
    "Tutorials",
    "Units achieved",
    "Units",
    "Last active on",
    "State",
    "Missing",
)


class CohortPage(CentreView):
    """The programmes, narrowed as the address says."""

    permission = Permission.WATCH_PROGRAMMES

    def asked(self) -> Asked:
        """Return what the address asks for; what it cannot mean is left out."""
        form = CohortFilter(self.request.GET)
        form.is_valid()
        found = form.cleaned_data
        return Asked(
            q=found.get("q", ""),
            cohort=str(found.get("cohort") or ""),
            qualification=found.get("qualification", ""),
            state=found.get("state", ""),
            sort=found.get("sort") or "name",
        )

    def standing(self, asked: Asked) -> list[Progress]:
        """Return everybody who stands as asked; how one stands is counted, so nothing is left out before."""
        lines = progress_of(list(programme_rows(asked)), today=localdate(self.at))
        return [line for line in lines if line.is_in(asked.state)]


class CohortView(CohortPage):
    """The programmes as a page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = self.asked()
        size = request.GET.get("size", "")
        rows: Any = self.standing(asked) if asked.state else programme_rows(asked)
        page = Paginator(rows, int(size) if size in ("50", "100") else 25).get_page(request.GET.get("page"))
        lines = list(page.object_list)
        cohorts = [(str(row.pk), row.name) for row in Cohort.objects.order_by("name", "pk")]
        titles = dict(
            Qualification.objects.filter(pk__in=Registration.objects.values("qualification_id"))
            .order_by("title", "-version")
            .values_list("key", "title")
        )
        context = {
            "asked": asked,
            "page": page,
            "lines": lines if asked.state else progress_of(lines, today=localdate(self.at)),
            "cohorts": cohorts,
            "qualifications": list(titles.items()),
            "states": STATES,
            "chips": _chips(asked, dict(cohorts), titles),
        }
        return render(request, "portfolios/cohort.html", context)


class CohortFileView(CohortPage):
    """The programmes as a file, with the filters of the page it was asked on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked, today = self.asked(), localdate(self.at)
        lines = self.standing(asked) if asked.state else progress_of(list(programme_rows(asked)), today=today)
        return csv_answer(
            f"programmes-{self.centre.slug}-{today:%Y-%m-%d}.csv", HEAD, (_cells(line) for line in lines)
        )


def _cells(line: Progress) -> tuple[object, ...]:
    row = line.registration
    return (
        row.learner.name,
        row.number,
        row.qualification.title,
        row.cohort.name if row.cohort else "",
        row.registered_on,
        *(step.shown for step in line.steps),
        line.achieved,
        line.units,
        line.last_on,
        line.label,
        " ".join(line.missing),
    )


def _chips(asked: Asked, cohorts: dict[str, str], titles: dict[str, str]) -> list[dict[str, Any]]:
    words = {
        "q": f"“{asked.q}”",
        "cohort": cohorts.get(asked.cohort, "Unknown cohort"),
        "qualification": titles.get(asked.qualification, asked.qualification),
        "state": dict(STATES).get(asked.state, ""),
    }
    chosen = {key: value for key in words if (value := getattr(asked, key))}
    return [
        {"label": words[key], "url": f"?{urlencode({k: v for k, v in chosen.items() if k != key})}"}
        for key in chosen
    ]
