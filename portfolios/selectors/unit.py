"""What the page of one unit of a learner shows: counters, records, attempts, and what is missing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessments.models import QualificationAssessment
from portfolios.models import PracticeSession, Record, Submission, SupervisionSession
from portfolios.rules import (
    Counter,
    Lack,
    Requirement,
    State,
    Subject,
    client_fault,
    counters_of,
    in_hours,
    to_look_at,
    unmet,
    written,
)
from portfolios.rules.templates import Signer
from portfolios.selectors.attempt import ToMend, asked_parts, what_to_mend
from portfolios.selectors.forms import Form, Forms
from portfolios.selectors.missing import offered_lines
from portfolios.selectors.practice import Book, books_of, practice_in, requirement_of
from qualifications.models import QualificationUnit, Registration, Unit


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session in the list of a unit, with whether it is written up and reflected on."""

    session: PracticeSession
    length: str
    is_written: bool
    is_reflected: bool | None


@dataclass(frozen=True, slots=True)
class FormLine:
    """One form of a unit, with the copies that are filled in."""

    form: Form
    records: list[tuple[Record, bool]]

    @property
    def may_add(self) -> bool:
        """Whether another copy may be begun."""
        is_own = self.form.part.signer is not Signer.ASSESSOR
        return is_own and (self.form.part.is_repeatable or not self.records)


@dataclass(frozen=True, slots=True)
class Work:
    """One assessment that decides the unit, with the attempts at it, the first one first."""

    assessment: Any
    attempts: list[Submission]

    @property
    def draft(self) -> Submission | None:
        """The attempt that is being worked on."""
        latest = self.attempts[-1] if self.attempts else None
        return latest if latest and latest.state == State.DRAFT.value else None


@dataclass(frozen=True, slots=True)
class Removed:
    """One thing that was deleted and may come back: its words, and the address of its return."""

    text: str
    page: str
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One unit of a registration as the learner sees it."""

    registration: Registration
    unit: Unit
    counters: list[Counter]
    missing: list[ToMend]
    looks: list[ToMend]
    sessions: list[SessionLine]
    supervisions: list[tuple[SupervisionSession, str]]
    forms: list[FormLine]
    works: list[Work]
    removed: list[Removed]
    has_practice: bool
    has_supervision: bool
    next_client: int | None
    exceptions: list[Any]


def unit_of(registration: Registration, unit_ref: str) -> Unit | None:
    """Return a unit of a registration's qualification in the version that it is pinned to."""
    links = QualificationUnit.objects.filter(
        qualification_id=registration.qualification_id, unit__ref=unit_ref
    )
    link = links.select_related("unit").first()
    return link.unit if link else None


def unit_page(registration: Registration, unit: Unit, *, today: date) -> UnitPage:
    """Return the page of a unit, in a fixed number of queries."""
    requirement = requirement_of(unit)
    book = books_of([registration.pk], [unit.ref])[registration.pk, unit.ref]
    forms = Forms([unit.ref])
    counters = counters_of(requirement, practice_in(book, forms, requirement))
    works = _works(registration, unit)
    return UnitPage(
        registration=registration,
        unit=unit,
        counters=counters,
        missing=[*_of(unmet(counters)), *_missing(works, today=today)],
        looks=_of(to_look_at(counters)),
        sessions=[_session_line(row, book, forms, unit.ref) for row in _latest_first(book.sessions)],
        supervisions=[(row, in_hours(row.minutes)) for row in reversed(book.supervisions)],
        forms=_form_lines(book, forms, requirement),
        works=works,
        removed=_removed(registration, unit.ref, forms),
        has_practice=requirement.hours is not None,
        has_supervision=bool(requirement.supervision_hours or requirement.supervision_sessions),
        next_client=_exceptional_client(book, requirement),
        exceptions=book.exceptions,
    )


def _latest_first(sessions: list[Any]) -> list[Any]:
    return sorted(sessions, key=lambda row: (row.starts_at, row.number), reverse=True)


def _of(counters: Sequence[Counter]) -> list[ToMend]:
    return [ToMend(counter.text, Lack.COUNTER, counter=counter) for counter in counters]


def _missing(works: Sequence[Work], *, today: date) -> list[ToMend]:
    """Return what the unit's open attempts lack beside the counters."""
    rows: list[ToMend] = []
    for work in works:
        draft = work.draft
        if draft is not None:
            asked, held = asked_parts(draft.assessment), offered_lines(draft)
            found = what_to_mend(draft, asked, held, has_declared=True, today=today)
            rows += [row for row in found if row.counter is None]
    return rows


def _session_line(session: Any, book: Book, forms: Forms, unit_ref: str) -> SessionLine:
    subjects = {
        form.part.subject
        for record in book.records_of(session)
        if (form := forms.of_record(record)) and written(form.part, record.answers)
    }
    reflects = bool(forms.about(unit_ref, Subject.REFLECTION))
    return SessionLine(
        session=session,
        length=in_hours(session.minutes),
        is_written=Subject.SESSION in subjects,
        is_reflected=Subject.REFLECTION in subjects if reflects else None,
    )


def _form_lines(book: Book, forms: Forms, requirement: Requirement) -> list[FormLine]:
    """Return the forms about the unit as a whole, and that of the plan where one is required."""
    listed = forms.about(requirement.unit, Subject.UNIT)
    if requirement.plan_months:
        listed = [*forms.about(requirement.unit, Subject.PLAN), *listed]
    lines = [_form_line(form, book, forms) for form in listed]
    return [line for line in lines if line.may_add or line.records]


def _form_line(form: Form, book: Book, forms: Forms) -> FormLine:
    own = [row for row in book.records if (row.template_key, row.part) == (form.key, form.part.key)]
    return FormLine(form, [(row, _says_something(row, book, forms)) for row in own])


def _says_something(record: Record, book: Book, forms: Forms) -> bool:
    form = forms.of_record(record)
    return bool(form and (book.heard_of(record).papers or written(form.part, book.answers_of(record))))


def _works(registration: Registration, unit: Unit) -> list[Work]:
    links = QualificationAssessment.objects.filter(
        qualification_id=registration.qualification_id, assessment__assessment_units__unit__ref=unit.ref
    )
    attempts: dict[str, list[Submission]] = defaultdict(list)
    rows = Submission.objects.filter(registration=registration)
    for row in rows.select_related("assessment", "registration").order_by("attempt"):
        attempts[row.assessment.key].append(row)
    found = links.select_related("assessment").order_by("position")
    return [Work(link.assessment, attempts[link.assessment.key]) for link in found]


def _exceptional_client(book: Book, requirement: Requirement) -> int | None:
    """Return the number of the client who may be taken on with a reason, where that is the next one."""
    number = len(book.clients) + 1
    needs_reason = bool(client_fault(requirement, number, has_reason=False))
    return number if needs_reason and not client_fault(requirement, number, has_reason=True) else None


def _removed(registration: Registration, unit_ref: str, forms: Forms) -> list[Removed]:
    """Return what was deleted from a unit, the latest first of each kind, in three queries."""
    among = {"registration": registration, "unit_ref": unit_ref, "removed_at__isnull": False}
    sessions = PracticeSession.objects.filter(**among).select_related("client").order_by("-removed_at")
    supervisions = SupervisionSession.objects.filter(**among).order_by("-removed_at")
    records = Record.objects.filter(**among).order_by("-removed_at")
    return [
        *(
            Removed(
                f"Session {row.number} with Client {row.client.number}, {in_hours(row.minutes)}",
                "portfolios:restore_session",
                {"session_id": row.pk},
            )
            for row in sessions
        ),
        *(
            Removed(
                f"Supervision {row.number}, {in_hours(row.minutes)}",
                "portfolios:restore_supervision",
                {"supervision_id": row.pk},
            )
            for row in supervisions
        ),
        *(
            Removed(_record_name(row, forms), "portfolios:restore_record", {"record_id": row.pk})
            for row in records
        ),
    ]


def _record_name(record: Record, forms: Forms) -> str:
    form = forms.of_record(record)
    return f"{form.part.title if form else record.template_key}, copy {record.number}"
