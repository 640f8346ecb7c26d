"""What a learner's programme must hold: counted, covered, and in the order that its documents ask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assessments.rules.programme import ProgrammeNeeds
from portfolios.rules.lengths import in_hours
from portfolios.rules.sessions import Fault, length_faults

LONGEST_BEFORE = timedelta(days=365)
NOT_YET = "This is in the future. Record it after it has happened."
OWN_PROGRAMME = "This is your own programme. Somebody else keeps its records."


class ProgrammeKind(StrEnum):
    """One kind of event of a programme."""

    INITIAL = "INITIAL"
    INDUCTION = "INDUCTION"
    TUTORIAL = "TUTORIAL"
    PRIOR = "PRIOR"
    ACCESS = "ACCESS"
    SPECIAL = "SPECIAL"

    @property
    def label(self) -> str:
        """The kind as pages name it."""
        return _LABELS[self]

    @property
    def slug(self) -> str:
        """The kind as addresses name it."""
        return self.value.lower()

    @property
    def verb(self) -> str:
        """What a button says that records one."""
        return _VERBS[self]

    @property
    def is_timed(self) -> bool:
        """Whether its length counts."""
        return self in (ProgrammeKind.INDUCTION, ProgrammeKind.TUTORIAL)


_LABELS = {
    ProgrammeKind.INITIAL: "Initial assessment",
    ProgrammeKind.INDUCTION: "Induction",
    ProgrammeKind.TUTORIAL: "Tutorial",
    ProgrammeKind.PRIOR: "Recognition of prior learning",
    ProgrammeKind.ACCESS: "Access arrangement",
    ProgrammeKind.SPECIAL: "Special consideration",
}

_VERBS = {
    ProgrammeKind.INITIAL: "Record an initial assessment",
    ProgrammeKind.INDUCTION: "Add an induction",
    ProgrammeKind.TUTORIAL: "Add a tutorial",
    ProgrammeKind.PRIOR: "Add prior learning",
    ProgrammeKind.ACCESS: "Add an access arrangement",
    ProgrammeKind.SPECIAL: "Add a special consideration",
}


@dataclass(frozen=True, slots=True)
class Entered:
    """One event of a programme that stands: what it is, its day, its length and the points it covered."""

    kind: ProgrammeKind
    day: date
    minutes: int = 0
    covered: tuple[str, ...] = ()
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a programme: how much is done of what it needs, and what is missing, in words."""

    kind: ProgrammeKind
    have: int
    need: int
    missing: tuple[str, ...]

    @property
    def shown(self) -> str:
        """How much is done, in words."""
        if not self.kind.is_timed:
            return "Recorded" if self.have else "Not recorded yet"
        return f"{in_hours(self.have)} of {in_hours(self.need)}" if self.need else in_hours(self.have)


def programme_steps(needs: ProgrammeNeeds, entries: Sequence[Entered]) -> tuple[Step, Step, Step]:
    """Return the initial assessment, the induction and the tutorials with what each is missing."""
    initial = [row for row in entries if row.kind is ProgrammeKind.INITIAL]
    inductions = [row for row in entries if row.kind is ProgrammeKind.INDUCTION]
    inducted = sum(row.minutes for row in inductions)
    tutored = sum(row.minutes for row in entries if row.kind is ProgrammeKind.TUTORIAL)
    return (
        Step(ProgrammeKind.INITIAL, len(initial), 1, _initial_missing(needs, initial)),
        Step(
            ProgrammeKind.INDUCTION,
            inducted,
            needs.induction_minutes,
            (
                *_time_missing("of induction", inducted, needs.induction_minutes),
                *_uncovered("The induction has not covered", needs.induction, inductions),
                *_unconfirmed(inductions),
            ),
        ),
        Step(
            ProgrammeKind.TUTORIAL,
            tutored,
            needs.tutorial_minutes,
            _time_missing("of tutorials", tutored, needs.tutorial_minutes),
        ),
    )


def out_of_order(entries: Iterable[Entered]) -> list[str]:
    """Say what did not happen in its order: initial assessment, then induction, then tutorials."""
    first: dict[ProgrammeKind, date] = {}
    for row in entries:
        first[row.kind] = min(row.day, first.get(row.kind, row.day))
    initial, induction = first.get(ProgrammeKind.INITIAL), first.get(ProgrammeKind.INDUCTION)
    tutorial = first.get(ProgrammeKind.TUTORIAL)
    begun = min((day for day in (induction, tutorial) if day), default=None)
    said = []
    if initial and begun and initial > begun:
        said.append(
            f"The initial assessment of {_written(initial)} is later than the programme's start on "
            f"{_written(begun)}."
        )
    if induction and tutorial and tutorial < induction:
        said.append(f"A tutorial was held on {_written(tutorial)}, before the induction.")
    return said


def entry_faults(
    kind: ProgrammeKind, day: date, *, minutes: int | None, today: date, registered_on: date
) -> list[Fault]:
    """List what is wrong with the day and the length of an event.

    None is in the future, and none is before the registration but the initial assessment, which may be up
    to a year before.
    """
    faults = []
    earliest = registered_on - (LONGEST_BEFORE if kind is ProgrammeKind.INITIAL else timedelta())
    if day > today:
        faults.append(Fault("date", NOT_YET))
    elif day < earliest:
        faults.append(Fault("date", _too_early(kind, registered_on)))
    if kind.is_timed:
        faults += length_faults(minutes or 0)
    return faults


def arrangement_fault(day: date, *, submitted_on: date | None) -> str:
    """Say why an access arrangement is too late; nothing, when it is dated before the assessment.

    ``submitted_on`` is when the latest attempt was submitted, None while nothing or a draft is there.
    """
    if submitted_on is None or day <= submitted_on:
        return ""
    return (
        f"Access arrangements are agreed before the assessment, and this work was submitted on "
        f"{_written(submitted_on)}. Record a special consideration instead."
    )


def consideration_fault(day: date, *, submitted_on: date | None) -> str:
    """Say why a special consideration is too early; nothing, when it is dated after the assessment."""
    if submitted_on is None:
        return "Special consideration comes after the assessment. Choose an attempt that was submitted."
    if day >= submitted_on:
        return ""
    return (
        f"Special consideration comes after the assessment, and this work was submitted on "
        f"{_written(submitted_on)}. Enter that day or a later one."
    )


def deviation_fault(day: date, *, today: date, registered_on: date, submitted_on: date | None) -> str:
    """Say why an approval does not count; nothing, when it stands before the work is submitted.

    ``submitted_on`` is when the latest attempt was submitted, None while nothing or a draft is there.
    """
    if submitted_on is not None:
        return (
            f"The approval stands before the work is submitted, and this work was submitted on "
            f"{_written(submitted_on)}. Until marking begins, the learner can withdraw it and submit again."
        )
    if day > today:
        return "This is in the future. Record the approval when you have it."
    if day < registered_on:
        return f"This is before the registration on {_written(registered_on)}, so it is not about this work."
    return ""


def _initial_missing(needs: ProgrammeNeeds, rows: Sequence[Entered]) -> tuple[str, ...]:
    if not rows:
        return ("Record the initial assessment.",)
    return _uncovered("The initial assessment does not say", needs.initial_assessment, rows)


def _time_missing(what: str, have: int, need: int) -> tuple[str, ...]:
    if have >= need:
        return ()
    return (f"{in_hours(need - have)} more {what} is needed ({in_hours(have)} of {in_hours(need)}).",)


def _uncovered(words: str, points: Sequence[str], rows: Sequence[Entered]) -> tuple[str, ...]:
    covered = {point for row in rows for point in row.covered}
    return tuple(f"{words}: {point}." for point in points if point not in covered)


def _unconfirmed(rows: Sequence[Entered]) -> tuple[str, ...]:
    waiting = [row for row in rows if not row.is_confirmed]
    return tuple(f"The learner has not confirmed the induction of {_written(row.day)}." for row in waiting)


def _too_early(kind: ProgrammeKind, registered_on: date) -> str:
    if kind is ProgrammeKind.INITIAL:
        return f"This is more than a year before the registration on {_written(registered_on)}."
    return f"This is before the registration on {_written(registered_on)}, so it cannot be counted."


def _written(day: date) -> str:
    return f"{day:%-d %b %Y}"


QUIET_DAYS = 30


def is_stuck(*, last_on: date, today: date, is_complete: bool, has_ended: bool) -> bool:
    """Say whether a learner who has work left has done nothing for thirty days while they could."""
    return not is_complete and not has_ended and (today - last_on).days >= QUIET_DAYS
