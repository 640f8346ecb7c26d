"""What the records of units say, and the counters that follow from them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from assessments.models import AssessmentUnit
from portfolios.models import (
    ClientException,
    PracticeClient,
    PracticeSession,
    Record,
    SupervisionSession,
)
from portfolios.rules import (
    Counter,
    Practice,
    Requirement,
    Subject,
    activity_of,
    counters_of,
    plan_months,
    speaks_of,
    written,
)
from portfolios.selectors.forms import Form, Forms
from portfolios.selectors.guests import NOTHING, Heard, heard_of
from qualifications.models import Unit


@dataclass(slots=True)
class Book:
    """The live records of one unit of one registration, each kind in the order of its numbers."""

    clients: list[Any] = field(default_factory=list)
    exceptions: list[Any] = field(default_factory=list)
    sessions: list[Any] = field(default_factory=list)
    supervisions: list[Any] = field(default_factory=list)
    records: list[Any] = field(default_factory=list)
    heard: dict[UUID, Heard] = field(default_factory=dict)

    def records_of(self, row: PracticeSession | SupervisionSession) -> list[Any]:
        """Return what was written about one session."""
        return [record for record in self.records if row.pk in (record.session_id, record.supervision_id)]

    def answers_of(self, record: Record) -> dict[str, str]:
        """Return what stands on a record, by whomever it was written."""
        return self.heard_of(record).answers(record)

    def heard_of(self, record: Record) -> Heard:
        """Return what others said of a record."""
        return self.heard.get(record.pk, NOTHING)


def requirement_of(unit: Unit) -> Requirement:
    """Return what a unit of the catalogue requires of practice."""
    return Requirement(
        unit=unit.ref,
        activity=activity_of(unit.title),
        hours=unit.minimum_practice_hours,
        min_clients=unit.min_clients,
        max_clients=unit.max_clients,
        exceptional_max_clients=unit.exceptional_max_clients,
        supervision_hours=unit.min_supervision_hours,
        supervision_sessions=unit.min_supervision_sessions,
        plan_months=unit.cpd_plan_months,
    )


def units_with_practice(assessment_id: UUID) -> list[Unit]:
    """Return the units that an assessment decides and that require something to be recorded."""
    links = AssessmentUnit.objects.filter(assessment_id=assessment_id).select_related("unit")
    units = [link.unit for link in links.order_by("position")]
    return [unit for unit in units if requirement_of(unit).asks_for_anything]


def books_of(registration_ids: Iterable[UUID], unit_refs: Iterable[str]) -> dict[tuple[UUID, str], Book]:
    """Return the records of some units of some registrations, in seven queries."""
    books: dict[tuple[UUID, str], Book] = defaultdict(Book)
    among = {"registration__in": list(registration_ids), "unit_ref__in": list(unit_refs)}
    live = {**among, "removed_at__isnull": True}
    for client in PracticeClient.objects.filter(**among).order_by("number"):
        books[client.registration_id, client.unit_ref].clients.append(client)
    exceptions = ClientException.objects.filter(
        client__registration__in=among["registration__in"], client__unit_ref__in=among["unit_ref__in"]
    )
    for row in exceptions.select_related("client").order_by("client__number"):
        books[row.client.registration_id, row.client.unit_ref].exceptions.append(row)
    for session in PracticeSession.objects.filter(**live).select_related("client").order_by("number"):
        books[session.registration_id, session.unit_ref].sessions.append(session)
    for supervision in SupervisionSession.objects.filter(**live).order_by("number"):
        books[supervision.registration_id, supervision.unit_ref].supervisions.append(supervision)
    records = Record.objects.filter(
        Q(session__isnull=True) | Q(session__removed_at__isnull=True),
        Q(supervision__isnull=True) | Q(supervision__removed_at__isnull=True),
        **live,
    )
    records = records.select_related("registration", "evidence")
    for record in records.order_by("template_key", "number", "added_at", "id"):
        books[record.registration_id, record.unit_ref].records.append(record)
    heard = heard_of(
        record__registration__in=among["registration__in"], record__unit_ref__in=among["unit_ref__in"]
    )
    for book in books.values():
        book.heard = heard
    return books


def practice_in(book: Book, forms: Forms, requirement: Requirement) -> Practice:
    """Count what a book says."""
    about = {session.pk: _filled(book.records_of(session), forms) for session in book.sessions}
    has_text = [pk for pk, filled in about.items() if _has(filled, Subject.SESSION)]
    return Practice(
        minutes=sum(session.minutes for session in book.sessions),
        clients=frozenset(session.client.number for session in book.sessions),
        excepted=frozenset(row.client.number for row in book.exceptions),
        supervision_minutes=sum(row.minutes for row in book.supervisions),
        supervision_sessions=len(book.supervisions),
        plan_months=_months_planned(book, forms) if requirement.plan_months else 0,
        sessions=len(book.sessions),
        unwritten=len(about) - len(has_text),
        unreflected=_unreflected(about, forms, requirement.unit),
        without_feedback=_without(_by_anybody(book, forms), forms, requirement.unit, "feedback"),
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one unit of a registration is: its counters, and the first session not written up yet.

    ``book`` and ``forms`` are what was read for it.
    """

    counters: list[Counter]
    to_write: PracticeSession | None
    book: Book
    forms: Forms


def progress_of(units: Sequence[Unit], registration_ids: Iterable[UUID]) -> dict[tuple[UUID, str], Progress]:
    """Return how far some units are for some registrations, in eight queries or none."""
    requirements = [requirement_of(unit) for unit in units]
    asked = [row for row in requirements if row.asks_for_anything]
    if not asked:
        return {}
    ids, refs = list(registration_ids), [row.unit for row in asked]
    books, forms = books_of(ids, refs), Forms(refs)
    return {(pk, row.unit): _progress(books[pk, row.unit], forms, row) for pk in ids for row in asked}


def _progress(book: Book, forms: Forms, requirement: Requirement) -> Progress:
    unwritten = (
        session
        for session in book.sessions
        if not _has(_filled(book.records_of(session), forms), Subject.SESSION)
    )
    return Progress(
        counters=counters_of(requirement, practice_in(book, forms, requirement)),
        to_write=min(unwritten, key=lambda session: session.starts_at, default=None),
        book=book,
        forms=forms,
    )


Filled = list[tuple[Form, set[str]]]


def _by_anybody(book: Book, forms: Forms) -> dict[UUID, Filled]:
    """Return what is written about each session, by the learner or by those who were asked."""
    answers = {record.pk: book.answers_of(record) for record in book.records}
    return {session.pk: _filled(book.records_of(session), forms, answers) for session in book.sessions}


def _filled(
    records: Sequence[Record], forms: Forms, answers: Mapping[UUID, dict[str, str]] | None = None
) -> Filled:
    """Return the forms in which something was written, with the keys of the boxes; by the learner alone
    unless all ``answers`` are given."""
    found = []
    for record in records:
        form = forms.of_record(record)
        text = record.answers if answers is None else answers[record.pk]
        boxes = written(form.part, text) if form else []
        if form and boxes:
            found.append((form, {box.key for box in boxes}))
    return found


def _has(filled: Filled, subject: Subject) -> bool:
    return any(form.part.subject is subject for form, _ in filled)


def _unreflected(about: dict[UUID, Filled], forms: Forms, unit_ref: str) -> int | None:
    """Count the sessions without a reflection: on its own form, or in the box that asks for it."""
    if forms.about(unit_ref, Subject.REFLECTION):
        return sum(not _has(filled, Subject.REFLECTION) for filled in about.values())
    return _without(about, forms, unit_ref, "reflection")


def _without(about: dict[UUID, Filled], forms: Forms, unit_ref: str, word: str) -> int | None:
    subjects = (Subject.SESSION, Subject.REFLECTION)
    asking = [form for subject in subjects for form in forms.about(unit_ref, subject)]
    if not any(speaks_of(form.part, word) for form in asking):
        return None
    return sum(not _speaks(filled, word) for filled in about.values())


def _speaks(filled: Filled, word: str) -> bool:
    return any(box.key in keys for form, keys in filled for box in speaks_of(form.part, word))


def _months_planned(book: Book, forms: Forms) -> int:
    found = [(forms.of_record(record), record) for record in book.records]
    plans = [(form.part, row) for form, row in found if form and form.part.subject is Subject.PLAN]
    return max(
        (plan_months(part, row.answers, registered_on=row.registration.registered_on) for part, row in plans),
        default=0,
    )
