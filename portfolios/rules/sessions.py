"""What a practice session may say: when it was, how long it took, and that no two overlap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lib.visible import has_visible

SHORTEST_MINUTES = 5
LONGEST_MINUTES = 12 * 60
LENGTH = "Enter a length between 5 minutes and 12 hours."
FUTURE = "This is in the future. Write it up after it has happened."
OWN_NAME = "Enter who supervised you: this is your own name."


@dataclass(frozen=True, slots=True)
class Held:
    """One session as it took place: its unit, its number there, whom with, when it began and how many minutes
    it took.

    ``starts_at`` is in the centre's own zone, because messages name its hour and rules its day.
    """

    unit: str
    number: int
    client: int
    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        """When it was over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def is_same_as(self, other: "Held") -> bool:
        """Whether both are the one session; numbers are counted in every unit by itself."""
        return (self.unit, self.number) == (other.unit, other.number)


@dataclass(frozen=True, slots=True)
class Supervised:
    """One supervision session as it took place: its number, with whom, on which day, how many minutes."""

    number: int
    supervisor: str
    held_on: date
    minutes: int

    def says_as(self, other: "Supervised") -> bool:
        """Whether another says the very same; how a name is written makes no difference."""
        return _said(self) == _said(other)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a session: the field, the words, and the number and unit of a session in the way.

    Without a unit, that session is of the same one.
    """

    field: str
    text: str
    clashing: int | None = None
    unit: str = ""


def session_faults(held: Held, *, now: datetime, registered_on: date, others: Iterable[Held]) -> list[Fault]:
    """List what is wrong with a session; nothing, when it may be counted.

    It lasts 5 minutes to 12 hours, is over, is not before the registration, and overlaps no other session of
    the registration, whichever the client and the unit: no hour counts twice.
    """
    faults = day_faults(held.starts_at.date(), today=now.date(), registered_on=registered_on)
    faults += length_faults(held.minutes)
    if faults:
        return faults
    if held.starts_at > now:
        faults.append(Fault("start", f"This begins at {held.starts_at:%H:%M}, which is still to come."))
    elif held.ends_at > now:
        faults.append(Fault("length", f"This ends at {held.ends_at:%H:%M}, which is still to come."))
    clash = clashing(held, others)
    if clash is not None:
        faults.append(Fault("start", overlap_in_words(clash, held.unit), clash.number, clash.unit))
    return faults


def supervision_faults(
    supervised: Supervised,
    *,
    learner: str,
    now: datetime,
    registered_on: date,
    others: Iterable[Supervised],
) -> list[Fault]:
    """List what is wrong with a supervision session; nothing, when it may be counted.

    It lasts 5 minutes to 12 hours, today no longer than the day so far, is not in the future or before the
    registration, names somebody other than the learner, and no other one says the same.
    """
    faults = day_faults(supervised.held_on, today=now.date(), registered_on=registered_on)
    faults += length_faults(supervised.minutes)
    if not faults and supervised.held_on == now.date() and supervised.minutes > 60 * now.hour + now.minute:
        faults.append(Fault("length", f"Today is not that long yet: it is {now:%H:%M}."))
    if not has_visible(supervised.supervisor):
        faults.append(Fault("supervisor", "Enter who supervised you."))
    elif _letters(supervised.supervisor) == _letters(learner):
        faults.append(Fault("supervisor", OWN_NAME))
    same = repeated(supervised, others)
    if same is not None:
        text = f"Supervision {same.number} has this day, length and supervisor already. Change one of them."
        faults.append(Fault("date", text, same.number))
    return faults


def repeated(supervised: Supervised, others: Iterable[Supervised]) -> Supervised | None:
    """Return another supervision session that says the very same."""
    return next((row for row in others if row.number != supervised.number and row.says_as(supervised)), None)


def day_faults(day: date, *, today: date, registered_on: date) -> list[Fault]:
    """List what is wrong with the day of a session of any kind."""
    if day > today:
        return [Fault("date", FUTURE)]
    return [Fault("date", before_registration(registered_on))] if day < registered_on else []


def before_registration(registered_on: date) -> str:
    """Say that a day does not count, because nobody was registered yet."""
    return f"This is before your registration on {registered_on:%-d %b %Y}, so it cannot be counted."


def length_faults(minutes: int) -> list[Fault]:
    """List what is wrong with the length of a session of any kind."""
    fits = SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES
    return [] if fits else [Fault("length", LENGTH)]


def clashing(held: Held, others: Iterable[Held]) -> Held | None:
    """Return the earliest other session that was going on at the same time.

    One may begin at the minute in which another ends.
    """
    rest = [other for other in others if not other.is_same_as(held)]
    at_once = [other for other in rest if held.starts_at < other.ends_at and other.starts_at < held.ends_at]
    return min(at_once, key=lambda other: other.starts_at, default=None)


def overlap_in_words(other: Held, unit: str) -> str:
    """Name the session that is in the way of one for a unit."""
    hours = f"{other.starts_at:%H:%M} to {other.ends_at:%H:%M}"
    name = f"session {other.number}" + (f" of {other.unit}" if other.unit != unit else "")
    return f"This overlaps {name} with Client {other.client} ({hours}). Change one of them."


def _letters(name: str) -> str:
    """Return what tells one name from another, however it is written."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _said(supervised: Supervised) -> tuple[str, date, int]:
    return " ".join(supervised.supervisor.casefold().split()), supervised.held_on, supervised.minutes
