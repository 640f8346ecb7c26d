"""Practice sessions: one added, one corrected and written up, one deleted and brought back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from portfolios.actions import (
    add_session,
    begin_pages,
    change_session,
    remove_session,
    restore_session,
)
from portfolios.actions.practise import SessionChanged, SessionRefused
from portfolios.actions.record import SessionGone
from portfolios.forms import SessionForm
from portfolios.models import PracticeSession
from portfolios.rules import Subject, in_hours
from portfolios.selectors.finish import may_reflect
from portfolios.selectors.forms import Forms
from portfolios.selectors.records import (
    hours_of,
    known_clients,
    limit_reached,
    own_records,
    own_sessions,
    sheets_of,
)
from portfolios.selectors.submitted import submitted_with
from portfolios.views.unit import UnitRoom
from qualifications.models import Registration, Unit


class SessionRoom(UnitRoom):
    """A page about a learner's own session."""

    def own_session(self, session_id: UUID) -> tuple[PracticeSession, Unit]:
        """Return the session and the unit it is held for. Raises Http404 for everybody else's."""
        session: PracticeSession = self.get_or_404(own_sessions(self.by), session_id)
        _, unit = self.own_unit(session.registration_id, session.unit_ref)
        return session, unit

    def address(self, name: str, session: PracticeSession) -> str:
        """Return the address of a page about a session."""
        return reverse(f"portfolios:{name}", kwargs={"slug": self.centre.slug, "session_id": session.pk})

    def clash(self, refused: SessionRefused, registration: Registration, unit: Unit) -> dict[str, Any] | None:
        """Return the session that is in the way, to be opened from the refusal."""
        fault = next((fault for fault in refused.faults if fault.clashing), None)
        if fault is None:
            return None
        ref = fault.unit or unit.ref
        rows = PracticeSession.objects.filter(registration=registration, unit_ref=ref, number=fault.clashing)
        other = rows.first()
        name = f"session {fault.clashing}" + (f" of {ref}" if ref != unit.ref else "")
        return {"name": name, "url": self.address("session", other)} if other else None


class AddSessionView(SessionRoom):
    """When it was, how long it took and with whom; the writing follows on the session's own page."""

    def get(self, request: HttpRequest, registration_id: UUID, unit_ref: str) -> HttpResponse:
        registration, unit = self.own_unit(registration_id, unit_ref)
        return self._form(registration, unit, SessionForm(clients=known_clients(registration, unit)))

    def post(self, request: HttpRequest, registration_id: UUID, unit_ref: str) -> HttpResponse:
        registration, unit = self.own_unit(registration_id, unit_ref)
        form = SessionForm(request.POST, clients=known_clients(registration, unit))
        if not form.is_valid():
            return self._form(registration, unit, form, status=422)
        try:
            session = add_session(
                registration=registration, unit=unit, by=self.by, at=self.at, **form.facts()
            )
        except SessionRefused as refused:
            form.refuse(refused.faults)
            clash = self.clash(refused, registration, unit)
            return self._form(registration, unit, form, clash=clash, status=422)
        hours = hours_of(registration, unit)
        messages.success(request, f"Session {session.number} is counted: {hours}. Write it up here.")
        return redirect(self.address("session", session))

    def _form(
        self,
        registration: Registration,
        unit: Unit,
        form: SessionForm,
        *,
        clash: dict[str, Any] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "registration": registration,
            "unit": unit,
            "form": form,
            "clash": clash,
            "limit": limit_reached(registration, unit),
            "hours": hours_of(registration, unit),
        }
        return render(self.request, "portfolios/add_session.html", context, status=status)


class SessionView(SessionRoom):
    """One session: its facts, which are corrected by a button, and what is written about it."""

    def get(self, request: HttpRequest, session_id: UUID) -> HttpResponse:
        session, unit = self.own_session(session_id)
        return self._page(session, unit, self._stored(session, unit))

    def post(self, request: HttpRequest, session_id: UUID) -> HttpResponse:
        session, unit = self.own_session(session_id)
        form = SessionForm(request.POST, clients=known_clients(session.registration, unit))
        if not form.is_valid():
            return self._page(session, unit, form, status=422)
        version = form.cleaned_data.get("version") or 0
        try:
            change_session(
                session=session, unit=unit, version=version, by=self.by, at=self.at, **form.facts()
            )
        except SessionChanged as changed:
            return self._stale(changed.session, unit, form)
        except SessionRefused as refused:
            form.refuse(refused.faults)
            clash = self.clash(refused, session.registration, unit)
            return self._page(session, unit, form, clash=clash, status=422)
        except SessionGone as gone:
            form.add_error(None, gone.message)
            return self._page(session, unit, form, status=422)
        if "finish" in request.POST:
            return redirect(self.address("session_finished", session))
        messages.success(request, f"Session {session.number} is corrected.")
        return redirect(self.address("session", session))

    def _stored(self, session: PracticeSession, unit: Unit) -> SessionForm:
        starts = localtime(session.starts_at)
        hours, minutes = divmod(session.minutes, 60)
        initial = {
            "client": str(session.client.number),
            "date": f"{starts:%d/%m/%Y}",
            "start": f"{starts:%H:%M}",
            "hours": hours,
            "minutes": minutes,
            "version": session.version,
        }
        return SessionForm(initial=initial, clients=known_clients(session.registration, unit))

    def _stale(self, stored: PracticeSession, unit: Unit, form: SessionForm) -> HttpResponse:
        """Keep what was typed, say how it stands, and let the next press decide."""
        starts = localtime(stored.starts_at)
        form.add_error(
            None,
            f"This changed in another tab at {localtime(stored.saved_at):%H:%M}. It says now: Client "
            f"{stored.client.number}, {starts:%-d %b %Y, %H:%M}, {in_hours(stored.minutes)}. "
            "Below is what you typed; press again to keep it.",
        )
        form.write_over(stored.version)
        return self._page(stored, unit, form, status=409)

    def _page(
        self,
        session: PracticeSession,
        unit: Unit,
        form: SessionForm,
        *,
        clash: dict[str, Any] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        forms = Forms([unit.ref])
        records = own_records(self.by).filter(session=session, removed_at__isnull=True)
        sheets = sheets_of(records.order_by("added_at", "id"), forms, unit=unit, at=self.at)
        context = {
            "session": session,
            "registration": session.registration,
            "unit": unit,
            "form": form,
            "clash": clash,
            "hours": hours_of(session.registration, unit),
            "sheets": sheets,
            "may_reflect": may_reflect((sheet.form for sheet in sheets), forms, unit),
            "limit": limit_reached(session.registration, unit),
            "submitted": submitted_with(session.registration, unit),
        }
        return render(self.request, "portfolios/session.html", context, status=status)


class ReflectView(SessionRoom):
    """Begins the reflection on a session, or opens the one that was begun."""

    def post(self, request: HttpRequest, session_id: UUID) -> HttpResponse:
        session, _ = self.own_session(session_id)
        records = begin_pages(about=session, subject=Subject.REFLECTION, by=self.by, at=self.at)
        if not records:
            return redirect(self.address("session", session))
        return redirect(f"{self.address('session', session)}#record-{records[0].pk}")


class RemoveSessionView(SessionRoom):
    """Takes a session out of the count; it can be brought back."""

    def post(self, request: HttpRequest, session_id: UUID) -> HttpResponse:
        session, unit = self.own_session(session_id)
        remove_session(session=session, by=self.by, at=self.at)
        text = f"Session {session.number} deleted; it counted {in_hours(session.minutes)}."
        return self.deleted(session.registration, unit, text, self.address("restore_session", session))


class RestoreSessionView(SessionRoom):
    """Counts a deleted session again."""

    def post(self, request: HttpRequest, session_id: UUID) -> HttpResponse:
        session, unit = self.own_session(session_id)
        try:
            restore_session(session=session, by=self.by, at=self.at)
        except SessionRefused as refused:
            messages.error(request, refused.message)
            return redirect(self.in_unit("unit", session.registration, unit))
        messages.success(request, f"Session {session.number} is back.")
        return redirect(self.in_unit("unit", session.registration, unit))
