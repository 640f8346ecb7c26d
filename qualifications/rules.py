"""When a learner may be registered, when a registration lapses, and whose competence is current."""

from datetime import date
from enum import StrEnum

COMPETENCE_LASTS_YEARS = 3
ENDS_SOON_DAYS = 60
EXPIRES_SOON_DAYS = 90


def age_on(day: date, *, born_on: date) -> int:
    """Return the age in whole years on a day; somebody born on 29 February comes of age on 1 March.

    >>> age_on(date(2026, 2, 28), born_on=date(2010, 3, 1))
    15
    """
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def is_old_enough(*, born_on: date, registered_on: date, min_age: int | None) -> bool:
    """Say whether the minimum age is reached on the day of registration; a qualification may have none.

    Source: specification of 8586, whose learners are registered from 16.
    """
    return min_age is None or age_on(registered_on, born_on=born_on) >= min_age


def last_day_of(registered_on: date, time_limit_years: int | None) -> date | None:
    """Return the last day that a registration counts, or None where the qualification has no limit.

    Source: the specifications that set one, three years each. One from 29 February ends on 28 February.

    >>> last_day_of(date(2024, 2, 29), 3)
    datetime.date(2027, 2, 28)
    """
    if time_limit_years is None:
        return None
    year = registered_on.year + time_limit_years
    try:
        return registered_on.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def has_lapsed(*, today: date, expires_on: date | None) -> bool:
    """Say whether a registration is over: it counts on its last day and not after it."""
    return expires_on is not None and today > expires_on


def is_current(*, today: date, valid_from: date, valid_until: date | None) -> bool:
    """Say whether a dated decision holds today, both its ends included; it may have no end."""
    return valid_from <= today and (valid_until is None or today <= valid_until)


def days_left(*, today: date, expires_on: date | None) -> int | None:
    """Return how many days a registration has after today, below zero once lapsed, None without limit."""
    return None if expires_on is None else (expires_on - today).days


class Standing(StrEnum):
    """How a person's competence in a unit stands on a day."""

    CURRENT = "CURRENT"
    ENDING = "ENDING"
    LAPSED = "LAPSED"
    NOT_YET = "NOT_YET"


def standing_of(*, today: date, valid_from: date, valid_until: date) -> Standing:
    """Say how a dated decision stands; in its last 60 days it warns.

    >>> standing_of(today=date(2026, 11, 1), valid_from=date(2024, 1, 1), valid_until=date(2026, 12, 31))
    <Standing.ENDING: 'ENDING'>
    """
    if today < valid_from:
        return Standing.NOT_YET
    if today > valid_until:
        return Standing.LAPSED
    return Standing.ENDING if (valid_until - today).days <= ENDS_SOON_DAYS else Standing.CURRENT
