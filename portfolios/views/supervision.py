"""Supervision sessions: one added, one corrected and written up, one deleted and brought back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from portfolios.actions import (
    add_supervision,
    change_supervision,
    remove_supervision,
    restore_supervision,
)
from portfolios.actions.practise import SessionRefused
from portfolios.actions.record import SessionGone
from portfolios.actions.supervise import SupervisionChanged
from portfolios.forms import SupervisionForm
from portfolios.models import SupervisionSession
from portfolios.rules import in_hours
from portfolios.selectors.forms import Forms
from portfolios.selectors.records import own_records, own_supervisions, sheets_of
from portfolios.selectors.submitted import submitted_with
from portfolios.views.unit import UnitRoom
from qualifications.models import Registration, Unit


class SupervisionRoom(UnitRoom):
    """A page about a learner's own supervision session."""

    def own_supervision(self, supervision_id: UUID) -> tuple[SupervisionSession, Unit]:
        """Return it with the unit that it is held for. Raises Http404 for everybody else's."""
        row: SupervisionSession = self.get_or_404(own_supervisions(self.by), supervision_id)
        _, unit = self.own_unit(row.registration_id, row.unit_ref)
        return row, unit

    def address(self, name: str, supervision: SupervisionSession) -> str:
        """Return the address of a page about a supervision session."""
        kwargs = {"slug": self.centre.slug, "supervision_id": supervision.pk}
        return reverse(f"portfolios:{name}", kwargs=kwargs)

    def clash(self, refused: SessionRefused, registration: Registration, unit: Unit) -> dict[str, Any] | None:
        """Return the supervision session that says the same, to be opened from the refusal."""
        number = next((fault.clashing for fault in refused.faults if fault.clashing), None)
        rows = SupervisionSession.objects.filter(registration=registration, unit_ref=unit.ref, number=number)
        other = rows.first() if number else None
        if other is None:
            return None
        return {"name": f"supervision {number}", "url": self.address("supervision", other)}


class AddSupervisionView(SupervisionRoom):
    """When it was, how long it took and who supervised; the writing follows on its own page."""

    def get(self, request: HttpRequest, registration_id: UUID, unit_ref: str) -> HttpResponse:
        return self._form(registration_id, unit_ref, SupervisionForm())

    def post(self, request: HttpRequest, registration_id: UUID, unit_ref: str) -> HttpResponse:
        registration, unit = self.own_unit(registration_id, unit_ref)
        form = SupervisionForm(request.POST)
        if not form.is_valid():
            return self._form(registration_id, unit_ref, form, status=422)
        try:
            row = add_supervision(
                registration=registration, unit_ref=unit.ref, by=self.by, at=self.at, **form.facts()
            )
        except SessionRefused as refused:
            form.refuse(refused.faults)
            clash = self.clash(refused, registration, unit)
            return self._form(registration_id, unit_ref, form, clash=clash, status=422)
        messages.success(request, f"Supervision {row.number} is counted. Write down what came of it.")
        return redirect(self.address("supervision", row))

    def _form(
        self,
        registration_id: UUID,
        unit_ref: str,
        form: SupervisionForm,
        *,
        clash: dict[str, Any] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        registration, unit = self.own_unit(registration_id, unit_ref)
        context = {"registration": registration, "unit": unit, "form": form, "clash": clash}
        return render(self.request, "portfolios/add_supervision.html", context, status=status)


class SupervisionView(SupervisionRoom):
    """One supervision session: its facts, which are corrected by a button, and what came of it."""

    def get(self, request: HttpRequest, supervision_id: UUID) -> HttpResponse:
        row, unit = self.own_supervision(supervision_id)
        hours, minutes = divmod(row.minutes, 60)
        initial = {
            "supervisor": row.supervisor,
            "date": f"{row.held_on:%d/%m/%Y}",
            "hours": hours,
            "minutes": minutes,
            "version": row.version,
        }
        return self._page(row, unit, SupervisionForm(initial=initial))

    def post(self, request: HttpRequest, supervision_id: UUID) -> HttpResponse:
        row, unit = self.own_supervision(supervision_id)
        form = SupervisionForm(request.POST)
        if not form.is_valid():
            return self._page(row, unit, form, status=422)
        version = form.cleaned_data.get("version") or 0
        try:
            change_supervision(supervision=row, version=version, by=self.by, at=self.at, **form.facts())
        except SupervisionChanged as changed:
            return self._stale(changed.supervision, unit, form)
        except SessionRefused as refused:
            form.refuse(refused.faults)
            clash = self.clash(refused, row.registration, unit)
            return self._page(row, unit, form, clash=clash, status=422)
        except SessionGone as gone:
            form.add_error(None, gone.message)
            return self._page(row, unit, form, status=422)
        if "finish" in request.POST:
            return redirect(self.address("supervision_finished", row))
        messages.success(request, f"Supervision {row.number} is corrected.")
        return redirect(self.address("supervision", row))

    def _stale(self, stored: SupervisionSession, unit: Unit, form: SupervisionForm) -> HttpResponse:
        form.add_error(
            None,
            f"This changed in another tab at {localtime(stored.saved_at):%H:%M}. It says now: "
            f"{stored.supervisor}, {stored.held_on:%-d %b %Y}, {in_hours(stored.minutes)}. "
            "Below is what you typed; press again to keep it.",
        )
        form.write_over(stored.version)
        return self._page(stored, unit, form, status=409)

    def _page(
        self,
        row: SupervisionSession,
        unit: Unit,
        form: SupervisionForm,
        *,
        clash: dict[str, Any] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        records = own_records(self.by).filter(supervision=row, removed_at__isnull=True)
        context: dict[str, Any] = {
            "supervision": row,
            "registration": row.registration,
            "unit": unit,
            "form": form,
            "clash": clash,
            "submitted": submitted_with(row.registration, unit),
            "sheets": sheets_of(records.order_by("added_at", "id"), Forms([unit.ref]), unit=unit, at=self.at),
        }
        return render(self.request, "portfolios/supervision.html", context, status=status)


class RemoveSupervisionView(SupervisionRoom):
    """Takes a supervision session out of the count; it can be brought back."""

    def post(self, request: HttpRequest, supervision_id: UUID) -> HttpResponse:
        row, unit = self.own_supervision(supervision_id)
        remove_supervision(supervision=row, by=self.by, at=self.at)
        text = f"Supervision {row.number} deleted; it counted {in_hours(row.minutes)}."
        return self.deleted(row.registration, unit, text, self.address("restore_supervision", row))


class RestoreSupervisionView(SupervisionRoom):
    """Counts a deleted supervision session again."""

    def post(self, request: HttpRequest, supervision_id: UUID) -> HttpResponse:
        row, unit = self.own_supervision(supervision_id)
        try:
            restore_supervision(supervision=row, by=self.by, at=self.at)
        except SessionRefused as refused:
            messages.error(request, refused.message)
            return redirect(self.in_unit("unit", row.registration, unit))
        messages.success(request, f"Supervision {row.number} is back.")
        return redirect(self.in_unit("unit", row.registration, unit))
