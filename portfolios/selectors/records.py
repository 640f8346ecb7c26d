"""One record as it is filled in, and the facts that its page shows without asking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.timezone import localtime

from centres.models import Membership
from portfolios.models import PracticeClient, PracticeSession, Record, RecordRevision, SupervisionSession
from portfolios.querysets import last_number
from portfolios.rules import (
    Box,
    Group,
    Kind,
    Known,
    client_fault,
    in_hours,
    remarks,
    text_in,
    written,
)
from portfolios.selectors.forms import Form, Forms
from portfolios.selectors.frozen import box_in_words
from portfolios.selectors.guests import Asked, asked_of, signatory
from portfolios.selectors.practice import requirement_of
from qualifications.models import Registration, Unit


@dataclass(frozen=True, slots=True)
class Typed:
    """What came back from a record's form: the words, what is wrong with them, and what another tab saved."""

    values: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(default_factory=dict)
    message: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One box on the page: its id, what stands in it, and what is said about it."""

    box: Box
    id: str
    value: str
    fault: str
    remark: str
    theirs: str | None
    by: str = ""

    @property
    def rows(self) -> int:
        """How high a box for a text is at first."""
        return 2 if self.box.default else 3


@dataclass(frozen=True, slots=True)
class PlacedGroup:
    """The boxes of one group, row by row with the heading of each."""

    group: Group
    lines: list[tuple[str, list[Place]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One record as its page shows it."""

    record: Record
    form: Form
    groups: list[PlacedGroup]
    typed: Typed | None
    words: int
    asked: Asked

    @property
    def id(self) -> str:
        """The id of its form."""
        return f"record-{self.record.pk}"

    @property
    def places(self) -> list[Place]:
        """Every box of the page."""
        return [place for group in self.groups for _, places in group.lines for place in places]

    @property
    def errors(self) -> list[dict[str, str]]:
        """What is wrong with what was typed, as the head of the page says it, with the box to go to."""
        faults = [
            (f"{place.box.label}: {place.fault}", f"#{place.id}") for place in self.places if place.fault
        ]
        if self.typed and self.typed.message:
            faults.append((self.typed.message, ""))
        return [{"text": text, "url": url} for text, url in faults]

    @property
    def clashes(self) -> list[Place]:
        """The boxes in which another tab saved something else."""
        return [place for place in self.places if place.theirs is not None]


def own_sessions(by: Membership) -> QuerySet[Any]:
    """Return the sessions of a learner, the deleted ones too."""
    rows: QuerySet[Any] = PracticeSession.objects.filter(registration__learner__membership=by)
    return rows.select_related("registration__learner", "registration__qualification", "client")


def own_supervisions(by: Membership) -> QuerySet[Any]:
    """Return the supervision sessions of a learner, the deleted ones too."""
    rows: QuerySet[Any] = SupervisionSession.objects.filter(registration__learner__membership=by)
    return rows.select_related("registration__learner", "registration__qualification")


def own_records(by: Membership) -> QuerySet[Any]:
    """Return the records of a learner, the deleted ones too."""
    rows: QuerySet[Any] = Record.objects.filter(registration__learner__membership=by)
    return rows.select_related(
        "registration__learner",
        "registration__qualification",
        "session__client",
        "supervision",
        "evidence",
    )


def known_clients(registration: Registration, unit: Unit) -> list[tuple[str, str]]:
    """Return the clients that a session may name: those there are, and the next one while there is room."""
    rows = PracticeClient.objects.filter(registration=registration, unit_ref=unit.ref)
    numbers = list(rows.order_by("number").values_list("number", flat=True))
    following = max(numbers, default=0) + 1
    choices = [(str(number), f"Client {number}") for number in numbers]
    if not client_fault(requirement_of(unit), following, has_reason=False):
        choices.append((str(following), f"Client {following}, new"))
    return choices


def limit_reached(registration: Registration, unit: Unit) -> tuple[str, bool]:
    """Say why no more clients can be named, and whether a reason would allow one more."""
    rows = PracticeClient.objects.filter(registration=registration, unit_ref=unit.ref)
    following = last_number(rows) + 1
    requirement = requirement_of(unit)
    words = client_fault(requirement, following, has_reason=False)
    return words, bool(words) and not client_fault(requirement, following, has_reason=True)


def hours_of(registration: Registration, unit: Unit) -> str:
    """Return the hours counted for a unit beside those needed."""
    rows = PracticeSession.objects.filter(
        registration=registration, unit_ref=unit.ref, removed_at__isnull=True
    )
    total = in_hours(int(rows.aggregate(total=Sum("minutes"))["total"] or 0))
    return f"{total} of {unit.minimum_practice_hours} h" if unit.minimum_practice_hours else total


def sheets_of(records: Iterable[Record], forms: Forms, *, unit: Unit, at: datetime) -> list[Sheet]:
    """Return some records as they are filled in, with what others are asked and said of them."""
    pairs = [(record, form) for record in records if (form := forms.of_record(record))]
    asked = asked_of([record for record, _ in pairs], {record.pk: form for record, form in pairs}, at=at)
    return [sheet_of(record, form, unit=unit, asked=asked[record.pk]) for record, form in pairs]


def sheet_of(record: Record, form: Form, *, unit: Unit, asked: Asked, typed: Typed | None = None) -> Sheet:
    """Return a record as it is filled in, with what was just typed over what is saved."""
    facts = _facts(record, unit, form)
    answers, authors = asked.heard.answers(record), asked.heard.author_of
    said = remarks(form.part, record.answers, registered_on=record.registration.registered_on)

    def place(box: Box) -> Place:
        value = facts.get(box.known, "") if box.known else text_in(box, answers)
        by = signatory(authors[box.key]) if box.key in authors else ""
        fault, theirs = "", None
        if typed is not None and box.kind is not Kind.KNOWN and not by:
            value, fault = typed.values.get(box.key, value), typed.faults.get(box.key, "")
            theirs = typed.theirs.get(box.key)
        return Place(box, f"b-{record.pk}-{box.key}", value, fault, said.get(box.key, ""), theirs, by)

    groups = [
        PlacedGroup(group, [(head, [place(box) for box in row]) for head, row in group.lines])
        for group in form.part.groups
    ]
    texts = [text_in(box, record.answers) for box in written(form.part, record.answers)]
    return Sheet(record, form, groups, typed, sum(len(text.split()) for text in texts), asked)


def revisions_of(record: Record, form: Form) -> list[tuple[RecordRevision, list[tuple[str, str]]]]:
    """Return what a record said before, the latest first, box by box."""
    rows = RecordRevision.objects.filter(record=record).select_related("written_by").order_by("-version")
    return [
        (
            row,
            [(box.label, box_in_words(box, row.answers)) for box in written(form.part, row.answers)],
        )
        for row in rows
    ]


def _facts(record: Record, unit: Unit, form: Form) -> dict[Known, str]:
    wanted = {box.known for box in form.part.boxes if box.known}
    facts = {Known.LEARNER: record.registration.learner.name}
    if record.session is not None:
        session = record.session
        facts |= {
            Known.CLIENT: f"Client {session.client.number}",
            Known.NUMBER: str(session.number),
            Known.DATE: _day(localtime(session.starts_at).date()),
            Known.LENGTH: in_hours(session.minutes),
        }
    elif record.supervision is not None:
        facts |= {
            Known.DATE: _day(record.supervision.held_on),
            Known.LENGTH: in_hours(record.supervision.minutes),
        }
    if Known.HOURS in wanted:
        facts[Known.HOURS] = hours_of(record.registration, unit)
    return facts


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"
