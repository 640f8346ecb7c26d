"""The life of a submission, and what must be there before one may be submitted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portfolios.rules.counters import Counter, unmet


class State(StrEnum):
    """Where an attempt is in its life (docs/promises.md)."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    IN_ASSESSMENT = "IN_ASSESSMENT"
    AWAITING_COUNTERSIGN = "AWAITING_COUNTERSIGN"
    ASSESSED = "ASSESSED"
    IN_REVIEW = "IN_REVIEW"
    RELEASED = "RELEASED"


NEXT_STATES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset({State.DRAFT, State.IN_ASSESSMENT}),
    State.IN_ASSESSMENT: frozenset({State.SUBMITTED, State.AWAITING_COUNTERSIGN, State.ASSESSED}),
    State.AWAITING_COUNTERSIGN: frozenset({State.ASSESSED, State.IN_ASSESSMENT}),
    State.ASSESSED: frozenset({State.IN_REVIEW, State.RELEASED}),
    State.IN_REVIEW: frozenset({State.RELEASED, State.IN_ASSESSMENT, State.ASSESSED}),
    State.RELEASED: frozenset({State.IN_ASSESSMENT}),
}

DECLARATION = "This is my own work. I have named every source I used."
MAX_PDF_PAGES = 500
MAX_FILES_A_PART = 100
MAX_TEXT_CHARACTERS = 100_000
CHECK_TAKES = timedelta(minutes=10)


def may_move(before: State, after: State) -> bool:
    """Say whether an attempt may go from one state to the other.

    >>> may_move(State.SUBMITTED, State.DRAFT), may_move(State.RELEASED, State.DRAFT)
    (True, False)
    """
    return after in NEXT_STATES[before]


class Lack(StrEnum):
    """Why an attempt cannot be submitted: something is missing from it, or something stands against it."""

    REGISTRATION = "registration"
    ACHIEVED = "achieved"
    ELSEWHERE = "elsewhere"
    COUNTER = "counter"
    EVIDENCE = "evidence"
    WAITING = "waiting"
    REFUSED = "refused"
    CLAIM = "claim"
    DECLARATION = "declaration"


@dataclass(frozen=True, slots=True)
class Astray:
    """A claim on words that are no longer in the text: its part, the id of the piece, and the words."""

    part: str
    evidence: str
    quote: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a submission has: the parts open in this attempt, those with something offered, and the dates.

    ``counters`` are those of the assessment's units. ``against`` is what makes the attempt needless,
    whatever it holds, if anything does.
    """

    open_parts: Sequence[str]
    offered_parts: frozenset[str]
    has_declaration: bool
    today: date
    registration_ends_on: date | None
    waiting_parts: frozenset[str] = frozenset()
    refused_parts: frozenset[str] = frozenset()
    counters: Sequence[Counter] = ()
    against: Lack | None = None
    astray: Sequence[Astray] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing before submitting: its kind, and the part, counter or claim it is about."""

    kind: Lack
    part: str = ""
    counter: Counter | None = None
    astray: Astray | None = None


def what_is_missing(readiness: Readiness) -> list[Missing]:
    """List what keeps an attempt from being submitted, in the order that people mend it.

    A registration counts on the day it ends and not after it; it may have no end.
    """
    if readiness.against is not None:
        return [Missing(readiness.against)]
    missing = []
    if readiness.registration_ends_on is not None and readiness.today > readiness.registration_ends_on:
        missing.append(Missing(Lack.REGISTRATION))
    missing += [Missing(Lack.COUNTER, counter=counter) for counter in unmet(readiness.counters)]
    for ref in readiness.open_parts:
        missing += [Missing(kind, ref) for kind in _of_files(readiness, ref)]
        missing += [Missing(Lack.CLAIM, ref, astray=row) for row in readiness.astray if row.part == ref]
    if not readiness.has_declaration:
        missing.append(Missing(Lack.DECLARATION))
    return missing


def _of_files(readiness: Readiness, ref: str) -> list[Lack]:
    """Return what is wrong with what is offered under a part: a file waits, was refused, or there is none."""
    kinds = [
        kind
        for kind, parts in ((Lack.WAITING, readiness.waiting_parts), (Lack.REFUSED, readiness.refused_parts))
        if ref in parts
    ]
    return kinds or ([] if ref in readiness.offered_parts else [Lack.EVIDENCE])


def is_check_late(*, waited_since: datetime, now: datetime) -> bool:
    """Say whether a file waits so long for its check that the scanner must be away.

    >>> is_check_late(waited_since=datetime(2026, 11, 2, 9), now=datetime(2026, 11, 2, 9, 5))
    False
    """
    return now - waited_since > CHECK_TAKES
