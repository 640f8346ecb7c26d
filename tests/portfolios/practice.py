"""A learner on 8586-302 with a browser, and the words for the pages of its practice."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from centres.models import Centre
from centres.scoping import centre_scope
from portfolios import actions
from portfolios.models import PracticeSession, Record
from portfolios.rules import Subject
from portfolios.selectors.forms import Form, Forms
from qualifications.models import Registration, Unit
from tests.makers import Cast
from tests.portfolios.samples import signed_in

UNIT = "8586-302"
CERTIFICATE = "l3-cert-effective-mentoring"
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


class Practice:
    """One learner's practice for one unit, through the pages."""

    def __init__(self, centre: Centre, *, qualification: str = CERTIFICATE, unit_ref: str = UNIT) -> None:
        self.cast = Cast(centre, qualification=qualification)
        self.client = signed_in(self.cast.learner)
        self.unit = Unit.objects.filter(ref=unit_ref).latest("version")
        self.registered_on = localtime(timezone.now()).date() - timedelta(days=80)
        with centre_scope(centre.pk):
            self.registration = self.cast.registration = Registration.objects.create(
                learner=self.cast.registration.learner,
                qualification=self.cast.registration.qualification,
                number="P-1",
                registered_on=self.registered_on,
                registered_at=timezone.now(),
                registered_by=self.cast.administrator,
            )

    def address(self, name: str, **kwargs: Any) -> str:
        """Return the address of a page about the unit, or about one of its rows."""
        if not kwargs or "template_key" in kwargs:
            kwargs |= {"registration_id": self.registration.pk, "unit_ref": self.unit.ref}
        return reverse(f"portfolios:{name}", kwargs={"slug": self.cast.centre.slug, **kwargs})

    def page(self, name: str = "unit", **kwargs: Any) -> str:
        """Return a page as its learner reads it."""
        answer = self.client.get(self.address(name, **kwargs))
        assert answer.status_code == 200
        return answer.content.decode()

    def facts(self, *, days: int = 2, **over: Any) -> dict[str, Any]:
        """Return what the form of a session takes, some days ago at ten."""
        day = localtime(timezone.now()) - timedelta(days=days)
        return {
            "client": "1",
            "date": f"{day:%d/%m/%Y}",
            "start": "10:00",
            "hours": "1",
            "minutes": "30",
            "version": "1",
            **over,
        }

    def add(self, **over: Any) -> Any:
        """Post the form of a session."""
        return self.client.post(self.address("add_session"), self.facts(**over))

    def added(self, **over: Any) -> PracticeSession:
        """Add a session and return its row."""
        assert self.add(**over).status_code == 302
        session: PracticeSession = self.rows(PracticeSession)[-1]
        return session

    def rows(self, model: Any) -> list[Any]:
        """Return the rows of a table, in the order in which they were made."""
        with centre_scope(self.cast.centre.pk):
            return list(model.objects.order_by("added_at", "id"))

    def record(self, key: str, part: str = "all") -> Record:
        """Begin a copy of a form and return it."""
        answer = self.client.post(self.address("begin_record", template_key=key, part=part))
        assert answer.status_code == 302
        record: Record = self.rows(Record)[-1]
        return record

    def form_of(self, record: Record) -> Form:
        """Return the form of a record."""
        form = Forms([self.unit.ref]).of_record(record)
        assert form
        return form

    def fill(self, *, since: int = 1) -> None:
        """Record eight sessions, two clients and two supervision sessions: the least that 302 takes."""
        with centre_scope(self.cast.centre.pk):
            now = timezone.now()
            for number in range(8):
                session = actions.add_session(
                    registration=self.registration,
                    unit=self.unit,
                    client_number=number % 2 + 1,
                    starts_at=now - timedelta(days=number + since, hours=3),
                    minutes=90,
                    by=self.cast.learner,
                    at=now,
                )
                form = Forms([self.unit.ref]).about(self.unit.ref, Subject.SESSION)[0]
                record = actions.begin_record(
                    registration=self.registration,
                    unit_ref=self.unit.ref,
                    form=form,
                    session=session,
                    by=self.cast.learner,
                    at=now,
                )
                actions.save_record(
                    record=record,
                    part=form.part,
                    typed={"f6": f"Goal {number} of Client {number % 2 + 1}"},
                    version=1,
                    by=self.cast.learner,
                    at=now,
                )
            for number in range(2):
                actions.add_supervision(
                    registration=self.registration,
                    unit_ref=self.unit.ref,
                    supervisor="Sam Ito",
                    held_on=(now - timedelta(days=number + 1)).date(),
                    minutes=60,
                    by=self.cast.learner,
                    at=now,
                )
