"""A session that is finished: what is still to be written about it, with the reflection as the next step."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime

from portfolios.rules import in_hours
from portfolios.selectors.finish import left_of_session, left_of_supervision
from portfolios.selectors.records import own_records
from portfolios.views.sessions import SessionRoom
from portfolios.views.supervision import SupervisionRoom


class SessionFinishedView(SessionRoom):
    """What is counted of a practice session, and what is still to be written about it."""

    def get(self, request: HttpRequest, session_id: UUID) -> HttpResponse:
        session, unit = self.own_session(session_id)
        context = {
            "registration": session.registration,
            "unit": unit,
            "session": session,
            "title": f"Session {session.number} with Client {session.client.number}",
            "counted": f"{localtime(session.starts_at):%-d %b %Y, %H:%M}, {in_hours(session.minutes)}",
            "left": left_of_session(session, unit),
            "page_url": self.address("session", session),
            "place": "sessions",
        }
        return render(request, "portfolios/finished.html", context)


class SupervisionFinishedView(SupervisionRoom):
    """What is counted of a supervision session, and whether it is written down what came of it."""

    def get(self, request: HttpRequest, supervision_id: UUID) -> HttpResponse:
        row, unit = self.own_supervision(supervision_id)
        records = own_records(self.by).filter(supervision=row, removed_at__isnull=True)
        context = {
            "registration": row.registration,
            "unit": unit,
            "title": f"Supervision {row.number}",
            "counted": f"{row.held_on:%-d %b %Y}, {in_hours(row.minutes)}",
            "left": left_of_supervision(records, unit),
            "page_url": self.address("supervision", row),
            "place": "supervision",
        }
        return render(request, "portfolios/finished.html", context)
