"""The learner's side of links for others: made, withdrawn, and the page as it was signed on paper."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from centres.access import NOT_YOURS
from lib.refusals import Refusal
from portfolios.actions.ask import add_paper, make_link, remove_paper, withdraw_link
from portfolios.forms import AskForm
from portfolios.models import Evidence, GuestLink, PracticeClient, Record, SignedPaper
from portfolios.rules.guests import Ask, Guest, Task, asks_of
from portfolios.selectors.forms import Form
from portfolios.selectors.guests import clients_to_choose, papers_to_choose
from portfolios.views.records import RecordRoom
from qualifications.models import Unit


class AskView(RecordRoom):
    """Makes a link for somebody who answers or signs a page; its address is shown this once."""

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        record, unit, form = self._asking(record_id)
        return self._form(record, unit, form, self._blank(record, form))

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        record, unit, form = self._asking(record_id)
        asking = self._blank(record, form, request.POST)
        if not asking.is_valid():
            return self._form(record, unit, form, asking, status=422)
        data = asking.cleaned_data
        chosen = data.get("client") or None
        try:
            link, token = make_link(
                record=record,
                form=form,
                ask=next(ask for ask in asks_of(form.part) if ask.guest.value == data["guest"]),
                client=PracticeClient.objects.get(pk=chosen) if chosen else None,
                days=data["days"],
                by=self.by,
                at=self.at,
            )
        except Refusal as refusal:
            asking.add_error(None, refusal.message)
            return self._form(record, unit, form, asking, status=422)
        path = reverse("guest", kwargs={"slug": self.centre.slug, "token": token})
        more = {"link": link, "guest": Guest(link.guest), "address": f"{settings.SITE_ADDRESS}{path}"}
        return self._answer_with("portfolios/link_made.html", record, unit, form, more)

    def _asking(self, record_id: UUID) -> tuple[Record, Unit, Form]:
        """Return a record that somebody may be asked about. Raises Http404 for any other."""
        record, unit, form = self.own_record(record_id)
        if not asks_of(form.part):
            raise Http404(NOT_YOURS)
        return record, unit, form

    def _blank(self, record: Record, form: Form, data: Any = None) -> AskForm:
        asks = asks_of(form.part)
        needs_client = record.session_id is None and any(ask.guest is Guest.CLIENT for ask in asks)
        return AskForm(
            data,
            guests=[(ask.guest.value, ask.guest.label) for ask in asks],
            clients=clients_to_choose(record) if needs_client else [],
            initial={"guest": asks[0].guest.value},
        )

    def _form(
        self, record: Record, unit: Unit, form: Form, asking: AskForm, *, status: int = 200
    ) -> HttpResponse:
        more = {"form": asking, "does": _does(asks_of(form.part))}
        return self._answer_with("portfolios/ask.html", record, unit, form, more, status=status)

    def _answer_with(
        self,
        template: str,
        record: Record,
        unit: Unit,
        form: Form,
        more: dict[str, Any],
        *,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "record": record,
            "unit": unit,
            "registration": record.registration,
            "page": form.part,
            "back": self.home_of(record),
            **more,
        }
        return render(self.request, template, context, status=status)


class WithdrawLinkView(RecordRoom):
    """Lets a link work no more."""

    def post(self, request: HttpRequest, link_id: UUID) -> HttpResponse:
        rows = GuestLink.objects.filter(record__registration__learner__membership=self.by)
        link: GuestLink = self.get_or_404(rows, link_id)
        try:
            withdraw_link(link=link, by=self.by, at=self.at)
            messages.success(request, "The link works no more. You may make another.")
        except Refusal as refusal:
            messages.error(request, refusal.message)
        record, _, _ = self.own_record(link.record_id)
        return redirect(self.home_of(record))


class PaperView(RecordRoom):
    """Chooses the file that is a page as somebody signed it on paper."""

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        return self._page(record_id)

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        record, _, form = self.own_record(record_id)
        chosen = request.POST.get("evidence", "")
        files = {str(row.pk): row for row in papers_to_choose(record)}
        evidence: Evidence | None = files.get(chosen)
        if evidence is None:
            return self._page(record_id, problem="Choose the file of the signed page.", status=422)
        try:
            add_paper(record=record, evidence=evidence, by=self.by, at=self.at)
        except Refusal as refusal:
            return self._page(record_id, problem=refusal.message, status=422)
        messages.success(request, f"{evidence.label} is kept as {form.part.title}, signed on paper.")
        return redirect(self.home_of(record))

    def _page(self, record_id: UUID, *, problem: str = "", status: int = 200) -> HttpResponse:
        record, unit, form = self.own_record(record_id)
        context = {
            "record": record,
            "unit": unit,
            "registration": record.registration,
            "page": form.part,
            "files": papers_to_choose(record),
            "back": self.home_of(record),
            "errors": [{"text": problem, "url": "#files"}] if problem else [],
            "has_errors": bool(problem),
        }
        return render(self.request, "portfolios/paper.html", context, status=status)


class RemovePaperView(RecordRoom):
    """Takes a signed paper off its page; the file stays among the evidence."""

    def post(self, request: HttpRequest, paper_id: UUID) -> HttpResponse:
        rows = SignedPaper.objects.filter(record__registration__learner__membership=self.by)
        paper: SignedPaper = self.get_or_404(rows.select_related("evidence"), paper_id)
        remove_paper(paper=paper, by=self.by, at=self.at)
        messages.success(request, f"{paper.evidence.label} is not kept as this page any more.")
        record, _, _ = self.own_record(paper.record_id)
        return redirect(self.home_of(record))


def _does(asks: tuple[Ask, ...]) -> str:
    """Say what whoever is asked will do."""
    if any(ask.task is Task.ANSWER for ask in asks):
        return (
            "They fill in this page themselves and sign it. Nobody can change what they wrote, you neither."
        )
    if any(ask.task is Task.SIGN for ask in asks):
        return "They read this page as it stands and sign it. From then on it stays as it is."
    return (
        "They see when the session was and how long it took, not what you wrote about it. They may add their "
        "feedback, and sign. From then on date, length and client stay as they are."
    )
