"""What a unit requires of practice, counted from the records of it and never typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lib.words import counted
from portfolios.rules.lengths import in_hours


class Counted(StrEnum):
    """What is counted, in the order that pages show it."""

    HOURS = "hours"
    CLIENTS = "clients"
    EXCEPTIONS = "exceptions"
    SUPERVISION_HOURS = "supervision_hours"
    SUPERVISION_SESSIONS = "supervision_sessions"
    PLAN = "plan"
    WRITTEN_UP = "written_up"
    REFLECTION = "reflection"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one unit requires of practice, as the catalogue has it; None where it asks for nothing."""

    unit: str
    activity: str = "practice"
    hours: int | None = None
    min_clients: int | None = None
    max_clients: int | None = None
    exceptional_max_clients: int | None = None
    supervision_hours: int | None = None
    supervision_sessions: int | None = None
    plan_months: int | None = None

    @property
    def asks_for_practice(self) -> bool:
        """Whether sessions are held for it."""
        return any((self.hours, self.min_clients, self.supervision_hours, self.supervision_sessions))

    @property
    def asks_for_anything(self) -> bool:
        """Whether anything is counted for it."""
        return self.asks_for_practice or bool(self.plan_months)


@dataclass(frozen=True, slots=True)
class Practice:
    """What the records of one unit say. ``unreflected`` and ``without_feedback`` are None where no form asks.

    ``clients`` are the numbers of those met, ``excepted`` the numbers of those recorded as an exception.
    """

    minutes: int = 0
    clients: frozenset[int] = frozenset()
    excepted: frozenset[int] = frozenset()
    supervision_minutes: int = 0
    supervision_sessions: int = 0
    plan_months: int = 0
    sessions: int = 0
    unwritten: int = 0
    unreflected: int | None = None
    without_feedback: int | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """One count beside what is needed; ``text`` says what is missing and is empty when nothing is.

    ``is_minimum`` says whether submitting waits for it. Lengths are in minutes.
    """

    kind: Counted
    unit: str
    name: str
    have: int
    need: int
    shown: str
    text: str = ""
    is_minimum: bool = True

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing."""
        return not self.text


def counters_of(requirement: Requirement, practice: Practice) -> list[Counter]:
    """Return every counter of a unit, met or not, in the order that pages show them."""
    counters = [
        _hours(requirement, practice),
        *_clients(requirement, practice),
        *_supervision(requirement, practice),
        _plan(requirement, practice),
        *_writing(requirement, practice),
    ]
    return [counter for counter in counters if counter is not None]


def unmet(counters: Sequence[Counter]) -> list[Counter]:
    """Return the counters that keep an attempt from being submitted."""
    return [counter for counter in counters if counter.is_minimum and not counter.is_met]


def to_look_at(counters: Sequence[Counter]) -> list[Counter]:
    """Return the counters that lack something and yet keep nothing from being submitted."""
    return [counter for counter in counters if not counter.is_minimum and not counter.is_met]


def activity_of(title: str) -> str:
    """Return what a unit's sessions are called, from its title.

    >>> activity_of("Undertaking Effective Coaching or Mentoring within an Organisational Context")
    'coaching or mentoring'
    """
    lower = title.lower()
    found = [word for word in ("coaching", "mentoring") if word in lower]
    return " or ".join(found) or "practice"


def client_fault(requirement: Requirement, number: int, *, has_reason: bool) -> str:
    """Say why a client of that number cannot be taken on; nothing, when they can.

    One more than the limit needs a reason and what else was considered, where the unit allows it at all.
    """
    limit, ceiling = requirement.max_clients, requirement.exceptional_max_clients
    if limit is None or number <= limit:
        return ""
    if ceiling is None or number > ceiling:
        return f"This unit allows {counted(ceiling or limit, 'client')} at most."
    if has_reason:
        return ""
    return (
        f"This unit allows {counted(limit, 'client')}. "
        f"For a {ordinal(number)}, give the reason and what else you considered."
    )


def ordinal(number: int) -> str:
    """Return a client's place in words, as far as units go."""
    words = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
    return words.get(number, f"client number {number}")


def _hours(requirement: Requirement, practice: Practice) -> Counter | None:
    if requirement.hours is None:
        return None
    need = requirement.hours * 60
    text = _time_short(practice.minutes, need, f"of {requirement.activity}")
    shown = _time_of(practice.minutes, need)
    name = f"Hours of {requirement.activity}"
    return Counter(Counted.HOURS, requirement.unit, name, practice.minutes, need, shown, text)


def _clients(requirement: Requirement, practice: Practice) -> list[Counter]:
    have, least, most = len(practice.clients), requirement.min_clients, requirement.max_clients
    counters = []
    if least is not None:
        text = _number_short(have, least, "client")
        shown = f"{have} of {least}" if have < least else counted(have, "client")
        counters.append(Counter(Counted.CLIENTS, requirement.unit, "Clients", have, least, shown, text))
    elif most is not None:
        shown = f"{have} of {most} at most"
        counters.append(
            Counter(Counted.CLIENTS, requirement.unit, "Clients", have, most, shown, is_minimum=False)
        )
    over = _over(requirement, practice)
    return [*counters, over] if over else counters


def _over(requirement: Requirement, practice: Practice) -> Counter | None:
    """Count the clients beyond the limit against the exceptions recorded for them."""
    most = requirement.max_clients
    if most is None or len(practice.clients) <= most:
        return None
    beyond = sorted(practice.clients)[most:]
    allowed = (requirement.exceptional_max_clients or most) - most
    excepted = [number for number in beyond[:allowed] if number in practice.excepted]
    if len(beyond) > allowed:
        limit = counted(most + allowed, "client")
        text = f"This unit allows {limit} at most; your sessions name {len(practice.clients)}."
    elif len(excepted) < len(beyond):
        missing = next(number for number in beyond if number not in practice.excepted)
        text = (
            f"Client {missing} is more than the {most} that this unit allows: "
            "record the reason and what else you considered."
        )
    else:
        text = ""
    shown = f"{len(excepted)} of {len(beyond)}"
    name = "Clients beyond the limit, with reasons"
    return Counter(Counted.EXCEPTIONS, requirement.unit, name, len(excepted), len(beyond), shown, text)


def _supervision(requirement: Requirement, practice: Practice) -> list[Counter]:
    counters = []
    if requirement.supervision_hours is not None:
        have, need = practice.supervision_minutes, requirement.supervision_hours * 60
        text = _time_short(have, need, "of supervision")
        shown = _time_of(have, need)
        counters.append(
            Counter(
                Counted.SUPERVISION_HOURS, requirement.unit, "Hours of supervision", have, need, shown, text
            )
        )
    if requirement.supervision_sessions is not None:
        have, need = practice.supervision_sessions, requirement.supervision_sessions
        text = _number_short(have, need, "supervision session")
        name = "Supervision sessions"
        shown = f"{have} of {need}"
        counters.append(
            Counter(Counted.SUPERVISION_SESSIONS, requirement.unit, name, have, need, shown, text)
        )
    return counters


def _plan(requirement: Requirement, practice: Practice) -> Counter | None:
    if requirement.plan_months is None:
        return None
    have, need = practice.plan_months, requirement.plan_months
    short = have < need
    text = f"Your development plan must reach {need} months ahead ({have} of {need})." if short else ""
    shown = f"{have} of {need} months"
    return Counter(Counted.PLAN, requirement.unit, "Development plan", have, need, shown, text)


def _writing(requirement: Requirement, practice: Practice) -> list[Counter]:
    """Count the sessions that are written up, reflected on and have feedback: said, but never a refusal."""
    if not practice.sessions:
        return []
    counts = (
        (Counted.WRITTEN_UP, "Sessions written up", practice.unwritten, "not written up"),
        (Counted.REFLECTION, "Sessions with a reflection", practice.unreflected, "without a reflection"),
        (Counted.FEEDBACK, "Sessions with feedback", practice.without_feedback, "without feedback"),
    )
    counters = []
    for kind, name, lacking, words in counts:
        if lacking is not None:
            done = practice.sessions - lacking
            text = f"{counted(lacking, 'session')} {words}." if lacking else ""
            shown = f"{done} of {practice.sessions}"
            counters.append(
                Counter(kind, requirement.unit, name, done, practice.sessions, shown, text, is_minimum=False)
            )
    return counters


def _time_short(have: int, need: int, of: str) -> str:
    if have >= need:
        return ""
    missing, rest = divmod(need - have, 60)
    if rest:
        return f"{in_hours(need - have)} more {of} is needed ({in_hours(have)} of {in_hours(need)})."
    verb = "is" if missing == 1 else "are"
    return f"{counted(missing, 'more hour')} {of} {verb} needed ({have // 60} of {need // 60})."


def _time_of(have: int, need: int) -> str:
    return f"{in_hours(have)} of {in_hours(need)}"


def _number_short(have: int, need: int, noun: str) -> str:
    if have >= need:
        return ""
    missing = need - have
    verb = "is" if missing == 1 else "are"
    return f"{counted(missing, f'more {noun}')} {verb} needed ({have} of {need})."
