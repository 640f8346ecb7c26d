"""A learner's programme: its page, an event entered, corrected or taken back, and the learner's word."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments.selectors.programme import programme_of
from centres.access import NOT_YOURS, CentreView
from centres.permissions import Permission, allows
from lib.refusals import Refusal, StaleVersion
from portfolios.actions import EntryFacts, confirm_induction, correct_entry, record_entry, withdraw_entry
from portfolios.actions.practise import SessionRefused
from portfolios.actions.programme import OwnProgramme
from portfolios.forms.programme import EntryForm, WithdrawForm, values_of
from portfolios.models import ProgrammeEntry
from portfolios.rules import ProgrammeKind
from portfolios.selectors.programme import (
    assessments_to_choose,
    attempts_to_choose,
    may_keep,
    programme_page,
    units_to_recognise,
)
from portfolios.selectors.sight import watched_registrations
from qualifications.models import Registration


class ProgrammeRoom(CentreView):
    """What the pages about a programme share."""

    permission = Permission.KEEP_PROGRAMME

    def registration(self, registration_id: UUID) -> Registration:
        """Return a registration whose programme this person may look at. Raises Http404."""
        rows: QuerySet[Any] = watched_registrations(self.by, self.roles)
        found: Registration = self.get_or_404(rows, registration_id)
        return found

    def kept(self, registration_id: UUID) -> Registration:
        """Return a registration whose programme this person may write in. Raises Http404, OwnProgramme."""
        return self._not_own(self.registration(registration_id))

    def _not_own(self, registration: Registration) -> Registration:
        if not may_keep(registration, self.by):
            raise OwnProgramme
        return registration

    def entry(self, entry_id: UUID) -> ProgrammeEntry:
        """Return a row of a programme that this person may write in. Raises Http404, OwnProgramme."""
        rows = ProgrammeEntry.objects.select_related(
            "registration__learner", "registration__qualification", "assessment", "submission__assessment"
        )
        found: ProgrammeEntry = self.get_or_404(rows, entry_id)
        self._not_own(found.registration)
        return found

    def back(self, registration_id: UUID, anchor: str = "") -> HttpResponse:
        """Lead to the page of the programme, to a place on it."""
        answer = redirect("portfolios:programme", slug=self.centre.slug, registration_id=registration_id)
        if anchor:
            answer["Location"] += f"#{anchor}"
        return answer

    def entry_form(
        self, registration: Registration, kind: ProgrammeKind, data: Any = None, **more: Any
    ) -> Any:
        """Return the form of one kind of event, with what it chooses among."""
        needs = programme_of(registration.qualification)
        points = {
            ProgrammeKind.INITIAL: needs.initial_assessment,
            ProgrammeKind.INDUCTION: needs.induction,
        }
        choices: dict[str, Any] = {}
        if kind is ProgrammeKind.ACCESS:
            choices["assessments"] = assessments_to_choose(registration)
        elif kind is ProgrammeKind.SPECIAL:
            choices["attempts"] = attempts_to_choose(registration)
        elif kind is ProgrammeKind.PRIOR:
            choices["units"] = units_to_recognise(registration)
        return EntryForm(data, kind=kind, points=points.get(kind, ()), **choices, **more)


class ProgrammeView(ProgrammeRoom):
    """What a programme holds, what is missing, and what the qualification asks."""

    permission = Permission.VIEW_PROGRAMME

    def get(self, request: HttpRequest, registration_id: UUID) -> HttpResponse:
        registration = self.registration(registration_id)
        may_write = may_keep(registration, self.by)
        context = {
            "page": programme_page(registration),
            "registration": registration,
            "may_keep": allows(self.roles, Permission.KEEP_PROGRAMME) and may_write,
            "is_own": not may_write,
        }
        return render(request, "portfolios/programme.html", context)


class AddEntryView(ProgrammeRoom):
    """One event of a programme: when it was, how long, what it covered."""

    def get(self, request: HttpRequest, registration_id: UUID, kind: str) -> HttpResponse:
        registration = self.kept(registration_id)
        return self._page(registration, _kind(kind), self.entry_form(registration, _kind(kind)))

    def post(self, request: HttpRequest, registration_id: UUID, kind: str) -> HttpResponse:
        registration = self.kept(registration_id)
        form = self.entry_form(registration, _kind(kind), request.POST)
        if form.is_valid():
            facts = EntryFacts(**form.facts())
            try:
                record_entry(registration=registration, kind=_kind(kind), facts=facts, by=self.by, at=self.at)
            except SessionRefused as refused:
                form.refuse(refused.faults)
            else:
                messages.success(request, f"{_kind(kind).label} recorded.")
                return self.back(registration_id, _kind(kind).slug)
        return self._page(registration, _kind(kind), form, status=422)

    def _page(
        self, registration: Registration, kind: ProgrammeKind, form: EntryForm, *, status: int = 200
    ) -> HttpResponse:
        context = {"registration": registration, "kind": kind, "form": form}
        return render(self.request, "portfolios/programme_entry.html", context, status=status)


class CorrectEntryView(ProgrammeRoom):
    """What an event should have said, and why; or why it does not count at all."""

    def get(self, request: HttpRequest, entry_id: UUID) -> HttpResponse:
        entry = self.entry(entry_id)
        kind = ProgrammeKind(entry.kind)
        form = self.entry_form(entry.registration, kind, is_correction=True, initial=values_of(entry))
        return self._page(entry, form, WithdrawForm(prefix="away"))

    def post(self, request: HttpRequest, entry_id: UUID) -> HttpResponse:
        entry = self.entry(entry_id)
        kind = ProgrammeKind(entry.kind)
        if "away" in request.POST:
            return self._withdraw(entry, kind)
        form = self.entry_form(entry.registration, kind, request.POST, is_correction=True)
        if not form.is_valid():
            return self._page(entry, form, WithdrawForm(prefix="away"), status=422)
        facts = EntryFacts(**form.facts())
        try:
            correct_entry(
                entry=entry, facts=facts, reason=form.cleaned_data["reason"], by=self.by, at=self.at
            )
        except SessionRefused as refused:
            form.refuse(refused.faults)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self._page(entry, form, WithdrawForm(prefix="away"), status=_status(refusal))
        else:
            messages.success(request, f"{kind.label} corrected.")
            return self.back(entry.registration_id, kind.slug)
        return self._page(entry, form, WithdrawForm(prefix="away"), status=422)

    def _withdraw(self, entry: ProgrammeEntry, kind: ProgrammeKind) -> HttpResponse:
        away = WithdrawForm(self.request.POST, prefix="away")
        status = 422
        if away.is_valid():
            try:
                withdraw_entry(entry=entry, reason=away.cleaned_data["reason"], by=self.by, at=self.at)
            except Refusal as refusal:
                away.add_error(None, refusal.message)
                status = _status(refusal)
            else:
                messages.success(self.request, f"{kind.label} does not count any more. It stays readable.")
                return self.back(entry.registration_id, kind.slug)
        form = self.entry_form(entry.registration, kind, is_correction=True, initial=values_of(entry))
        return self._page(entry, form, away, status=status)

    def _page(
        self, entry: ProgrammeEntry, form: EntryForm, away: WithdrawForm, *, status: int = 200
    ) -> HttpResponse:
        context = {
            "registration": entry.registration,
            "kind": ProgrammeKind(entry.kind),
            "entry": entry,
            "form": form,
            "away": away,
        }
        return render(self.request, "portfolios/programme_correct.html", context, status=status)


class ConfirmInductionView(CentreView):
    """The learner says that an induction took place as it is recorded."""

    permission = Permission.MAKE_SUBMISSION

    def post(self, request: HttpRequest, entry_id: UUID) -> HttpResponse:
        rows = ProgrammeEntry.objects.filter(
            registration__learner__membership=self.by, kind=ProgrammeKind.INDUCTION.value
        )
        entry: ProgrammeEntry = self.get_or_404(rows, entry_id)
        confirm_induction(entry=entry, by=self.by, at=self.at)
        messages.success(request, "You confirmed your induction.")
        return redirect("portfolios:programme", slug=self.centre.slug, registration_id=entry.registration_id)


def _kind(slug: str) -> ProgrammeKind:
    """Return the kind that an address names. Raises Http404."""
    try:
        return ProgrammeKind(slug.upper())
    except ValueError:
        raise Http404(NOT_YOURS) from None


def _status(refusal: Refusal) -> int:
    return 409 if isinstance(refusal, StaleVersion) else 422
