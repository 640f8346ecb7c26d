"""A learner's page of one unit, and the client beyond its limit."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from centres.access import NOT_YOURS, CentreView
from centres.permissions import Permission
from lib.refusals import Refusal
from portfolios.actions import record_exception
from portfolios.forms import ExceptionForm
from portfolios.rules import Counted, Lack
from portfolios.rules.counters import ordinal
from portfolios.selectors import own_registrations
from portfolios.selectors.attempt import ToMend
from portfolios.selectors.submitted import submitted_with
from portfolios.selectors.unit import UnitPage, Work, unit_of, unit_page
from qualifications.models import Registration, Unit
from qualifications.rules import has_lapsed

SESSIONS = {Counted.HOURS, Counted.CLIENTS}
SUPERVISION = {Counted.SUPERVISION_HOURS, Counted.SUPERVISION_SESSIONS}
AT_A_PART = {Lack.EVIDENCE: "Add evidence", Lack.WAITING: "Look at it", Lack.REFUSED: "Remove it"}
WRITING = {Counted.WRITTEN_UP, Counted.REFLECTION, Counted.FEEDBACK}


@dataclass(frozen=True, slots=True)
class Mend:
    """One missing thing on the page: its words, and the link that mends it."""

    text: str
    verb: str = ""
    url: str = ""


class UnitRoom(CentreView):
    """A page about one unit of a learner's own registration."""

    permission = Permission.MAKE_SUBMISSION

    def own_unit(self, registration_id: UUID, unit_ref: str) -> tuple[Registration, Unit]:
        """Return the registration and its unit. Raises Http404 for everybody else's."""
        registration: Registration = self.get_or_404(own_registrations(self.by), registration_id)
        unit = unit_of(registration, unit_ref)
        if unit is None:
            raise Http404(NOT_YOURS)
        return registration, unit

    def in_unit(self, name: str, registration: Registration, unit: Unit, **more: Any) -> str:
        """Return the address of a page about the unit."""
        kwargs = {
            "slug": self.centre.slug,
            "registration_id": registration.pk,
            "unit_ref": unit.ref,
            **more,
        }
        return reverse(f"portfolios:{name}", kwargs=kwargs)

    def deleted(self, registration: Registration, unit: Unit, text: str, undo_url: str) -> HttpResponse:
        """Answer a deletion: the unit's page with a way back."""
        messages.success(self.request, text, extra_tags=undo_url)
        return redirect(self.in_unit("unit", registration, unit))


class UnitView(UnitRoom):
    """What is missing, the counters, and every record of the unit."""

    def get(self, request: HttpRequest, registration_id: UUID, unit_ref: str) -> HttpResponse:
        registration, unit = self.own_unit(registration_id, unit_ref)
        page = unit_page(registration, unit, today=localdate(self.at))
        context = {
            "registration": registration,
            "unit": unit,
            "page": page,
            "mends": [self._mend(page, row) for row in page.missing],
            "looks": [self._mend(page, row) for row in page.looks],
            "removed": [
                (row.text, reverse(row.page, kwargs={"slug": self.centre.slug, **row.kwargs}))
                for row in page.removed
            ],
            "submitted": submitted_with(registration, unit),
            "has_lapsed": self._says_lapsed(page),
            "exception_title": ordinal(page.next_client) if page.next_client else "",
            "form": ExceptionForm(),
        }
        return render(request, "portfolios/unit.html", context)

    def _says_lapsed(self, page: UnitPage) -> bool:
        """Whether the registration is over and no attempt that lacks it says so among what is missing."""
        has_ended = has_lapsed(today=localdate(self.at), expires_on=page.registration.expires_on)
        return has_ended and all(row.kind is not Lack.REGISTRATION for row in page.missing)

    def _mend(self, page: UnitPage, row: ToMend) -> Mend:
        """Return a missing thing with the way to mend it; what the learner cannot mend has none."""
        if row.counter is not None:
            return Mend(row.text, *self._counted(page, row.counter.kind))
        if row.astray is not None:
            kwargs = {"slug": self.centre.slug, "evidence_id": row.astray.evidence}
            return Mend(row.text, "Look at it", f"{reverse('portfolios:claims', kwargs=kwargs)}#claims")
        if row.part:
            return Mend(row.text, AT_A_PART[row.kind], self._evidence(page.works, row))
        return Mend(row.text)

    def _counted(self, page: UnitPage, kind: Counted) -> tuple[str, str]:
        """Return the verb and the address that mend a counter."""
        if kind in SESSIONS:
            return "Add a session", self._of(page, "add_session")
        if kind in SUPERVISION:
            return "Add supervision", self._of(page, "add_supervision")
        if kind is Counted.EXCEPTIONS and page.next_client:
            return "Give the reason", self._of(page, "exception")
        return ("Open the sessions", "#sessions") if kind in WRITING else ("Open the records", "#records")

    def _of(self, page: UnitPage, name: str) -> str:
        return self.in_unit(name, page.registration, page.unit)

    def _evidence(self, works: list[Work], row: ToMend) -> str:
        """Return the place in the open attempt; two attempts of one unit name their parts differently."""
        draft = next(work.draft for work in works if work.draft and row.part in work.draft.open_parts)
        kwargs = {"slug": self.centre.slug, "submission_id": draft.pk}
        return f"{reverse('portfolios:submission', kwargs=kwargs)}#part-{row.part_key}"


class ExceptionView(UnitRoom):
    """One client more than the unit's limit, with the reason and what else was considered."""

    def get(self, request: HttpRequest, registration_id: UUID, unit_ref: str) -> HttpResponse:
        registration, unit = self.own_unit(registration_id, unit_ref)
        return self._form(registration, unit, ExceptionForm())

    def post(self, request: HttpRequest, registration_id: UUID, unit_ref: str) -> HttpResponse:
        registration, unit = self.own_unit(registration_id, unit_ref)
        form = ExceptionForm(request.POST)
        if not form.is_valid():
            return self._form(registration, unit, form, status=422)
        try:
            client = record_exception(
                registration=registration, unit=unit, by=self.by, at=self.at, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self._form(registration, unit, form, status=422)
        messages.success(request, f"Client {client.number} is recorded. Add a session with them.")
        return redirect(self.in_unit("unit", registration, unit))

    def _form(
        self, registration: Registration, unit: Unit, form: ExceptionForm, *, status: int = 200
    ) -> HttpResponse:
        context = {"registration": registration, "unit": unit, "form": form}
        return render(self.request, "portfolios/exception.html", context, status=status)
