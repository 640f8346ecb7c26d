"""The demonstration's practice: sessions written up and reflected on, supervision, and a plan."""

from datetime import datetime, timedelta
from typing import Any

from centres.models import Membership
from portfolios import actions
from portfolios.actions.ask import make_link, sign_as_guest
from portfolios.models import PracticeClient, PracticeSession
from portfolios.rules import Kind, Part, Subject
from portfolios.rules.guests import Ask, Guest, Task, asks_of, boxes_for
from portfolios.selectors.forms import Form, Forms
from portfolios.selectors.guests import facts_for_guest, fingerprint_of_page, shown_by
from portfolios.selectors.practice import requirement_of
from qualifications.models import Registration, Unit

MINUTES = 90
EVERY = timedelta(days=5)
NOTES = (
    "We looked at the two actions from last time. One was done and one was half done, because the meeting "
    "it depended on had moved.",
    "To leave with a way of opening the weekly meeting that does not turn into a report.",
    "The meeting runs over, three people speak, and decisions are taken afterwards by e-mail.",
    "Send the report beforehand; ask one question at the start; hand the chair over once a month.",
    "Ask one question at the start, from next Monday.",
    "Eight out of ten. What could get in the way is habit.",
    "I said what had changed in how the problem was described since we began, with the words used then.",
    "That the silence after a question was useful, and that I might say earlier how much time is left.",
)
THOUGHTS = (
    "I asked more open questions than last time, and one that had two questions in it.",
    "I kept a note of the words used and gave them back, which moved us on.",
    "It helped to name what was already going well before we looked at the gap.",
    "That it is easier to think aloud with me than alone.",
    "Leave more silence, and agree the next step before the last five minutes.",
)


TESTIMONY = (
    "I have led the team next to theirs for two years.",
    "The review of 2 October in the Leeds office: three people came to a plan that all of them kept.",
    "Calmly, and nobody was talked over.",
)
OBSERVED = (
    "A session by video, 40 minutes of it.",
    "Opened with last time's action, asked one question at a time, and gave the client's own words back.",
    "2.2 and 2.3 throughout; 2.4 only towards the end.",
    "To leave more silence after a question.",
)


class Diary:
    """Keeps the practice of one unit for a learner, up to a day."""

    def __init__(self, registration: Registration, unit: Unit, *, by: Membership, until: datetime) -> None:
        self.registration = registration
        self.unit = unit
        self.by = by
        self.until = until
        self.forms = Forms([unit.ref])

    def keep_minimum(self) -> None:
        """Record the least that the unit requires, all of it written up."""
        requirement = requirement_of(self.unit)
        if PracticeSession.objects.filter(registration=self.registration, unit_ref=self.unit.ref).exists():
            return
        minutes = (requirement.hours or 0) * 60
        self.hold(-(-minutes // MINUTES), clients=requirement.min_clients or 1)
        self.supervise(requirement.supervision_sessions or int(bool(requirement.supervision_hours)))
        if requirement.plan_months:
            self.plan(requirement.plan_months)
        self.hear()

    def hear(self) -> None:
        """Let a client answer the pages that are theirs, by a link."""
        for form, ask in self._asks_of(Guest.CLIENT):
            self._answer(form, ask, (THOUGHTS[3], "Say earlier how much time is left."), name="Bea Stone")

    def testify(self) -> None:
        """Let a witness say what they saw, by a link."""
        for form, ask in self._asks_of(Guest.WITNESS):
            self._answer(form, ask, TESTIMONY, name="Dana Reed")

    def be_observed(self, *, by: Membership) -> None:
        """Let an assessor or tutor write the pages that are theirs."""
        for form in self.forms.for_assessors(self.unit.ref)[:1]:
            boxes = (box.key for box in form.part.asked if box.kind is Kind.TEXT)
            actions.write_observation(
                registration=self.registration,
                unit_ref=self.unit.ref,
                form=form,
                typed=dict(zip(boxes, OBSERVED, strict=False)),
                by=by,
                at=self.until,
            )

    def _asks_of(self, guest: Guest) -> list[tuple[Form, Ask]]:
        wanted = Ask(guest, Task.ANSWER)
        return [(form, wanted) for form in self.forms.offered(self.unit.ref) if wanted in asks_of(form.part)]

    def _answer(self, form: Form, ask: Ask, said: tuple[str, ...], *, name: str) -> None:
        client = PracticeClient.objects.filter(registration=self.registration, unit_ref=self.unit.ref)
        link, _ = make_link(
            record=self._begin(form),
            form=form,
            ask=ask,
            client=client.order_by("number").first() if ask.guest is Guest.CLIENT else None,
            days=14,
            by=self.by,
            at=self.until,
        )
        own = boxes_for(form.part, ask.task)
        texts = iter(said)
        sign_as_guest(
            link=link,
            form=form,
            typed={box.key: "8" if box.kind is Kind.RATING else next(texts, "") for box in own},
            name=name,
            seen=fingerprint_of_page(shown_by(link, form, facts_for_guest(link))),
            at=self.until + timedelta(minutes=1),
        )

    def hold(self, count: int, *, clients: int, unreflected: int = 0) -> None:
        """Hold sessions every few days, the last ones not reflected on yet."""
        for number in range(count):
            session = actions.add_session(
                registration=self.registration,
                unit=self.unit,
                client_number=number % clients + 1,
                starts_at=self.until - (count - number) * EVERY - timedelta(hours=2),
                minutes=MINUTES,
                by=self.by,
                at=self.until,
            )
            self._write(Subject.SESSION, NOTES, session=session)
            if number < count - unreflected:
                self._write(Subject.REFLECTION, THOUGHTS, session=session)

    def supervise(self, count: int) -> None:
        """Meet the tutor for an hour, as often as asked."""
        for number in range(count):
            supervision = actions.add_supervision(
                registration=self.registration,
                unit_ref=self.unit.ref,
                supervisor="Sam Ito",
                held_on=(self.until - (count - number) * 2 * EVERY).date(),
                minutes=60,
                by=self.by,
                at=self.until,
            )
            self._write(Subject.SUPERVISION, (THOUGHTS[0], THOUGHTS[4]), supervision=supervision)

    def plan(self, months: int) -> None:
        """Plan development that far ahead."""
        for form in self.forms.about(self.unit.ref, Subject.PLAN):
            record = self._begin(form)
            day = next(box.key for box in form.part.asked if box.kind is Kind.DATE)
            last = self.until + timedelta(days=31 * months)
            typed = {
                day: f"{self.until:%d/%m/%Y}",
                "t1-1": "Asking one question at a time",
                "t1-2": "Record a session a month and count",
                "t1-4": f"{last:%d/%m/%Y}",
                "t1-5": "Nine of ten questions are single ones",
            }
            self._save(record, form.part, typed)

    def _write(self, subject: Subject, texts: tuple[str, ...], **about: Any) -> None:
        for form in self.forms.about(self.unit.ref, subject):
            boxes = [box.key for box in form.part.asked if box.kind is Kind.TEXT]
            self._save(self._begin(form, **about), form.part, dict(zip(boxes, texts, strict=False)))

    def _begin(self, form: Form, **about: Any) -> Any:
        return actions.begin_record(
            registration=self.registration,
            unit_ref=self.unit.ref,
            form=form,
            by=self.by,
            at=self.until,
            **about,
        )

    def _save(self, record: Any, part: Part, typed: dict[str, str]) -> None:
        actions.save_record(
            record=record, part=part, typed=typed, version=record.version, by=self.by, at=self.until
        )
