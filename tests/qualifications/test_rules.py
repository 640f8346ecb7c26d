"""Ages, time limits and standing, on the days where they turn."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualifications.rules import (
    Standing,
    age_on,
    days_left,
    has_lapsed,
    is_current,
    is_old_enough,
    last_day_of,
    standing_of,
)

DAYS = st.dates(date(1900, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("born_on", "day", "is_enough"),
    [
        (date(2010, 9, 3), date(2026, 9, 2), False),
        (date(2010, 9, 3), date(2026, 9, 3), True),
        (date(2008, 2, 29), date(2024, 2, 28), False),
        (date(2008, 2, 29), date(2024, 2, 29), True),
        (date(2012, 2, 29), date(2028, 2, 28), False),
        (date(2011, 2, 28), date(2027, 2, 28), True),
    ],
)
def test_sixteen_is_reached_on_the_birthday(born_on: date, day: date, is_enough: bool) -> None:
    assert is_old_enough(born_on=born_on, registered_on=day, min_age=16) is is_enough


def test_a_leap_birthday_falls_on_the_first_of_march_of_other_years() -> None:
    assert age_on(date(2027, 2, 28), born_on=date(2008, 2, 29)) == 18
    assert age_on(date(2027, 3, 1), born_on=date(2008, 2, 29)) == 19


@given(born_on=DAYS, day=DAYS)
def test_without_a_minimum_everybody_is_old_enough(born_on: date, day: date) -> None:
    assert is_old_enough(born_on=born_on, registered_on=day, min_age=None)


@given(born_on=DAYS, later=st.integers(0, 40_000), step=st.integers(0, 400))
def test_nobody_grows_younger(born_on: date, later: int, step: int) -> None:
    day = min(born_on + timedelta(days=later), date(2400, 1, 1))
    assert 0 <= age_on(day, born_on=born_on) <= age_on(day + timedelta(days=step), born_on=born_on)


@pytest.mark.parametrize(
    ("registered_on", "last"),
    [
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 2, 28), date(2028, 2, 28)),
        (date(2026, 9, 3), date(2029, 9, 3)),
    ],
)
def test_three_years_end_on_the_same_day_of_the_year(registered_on: date, last: date) -> None:
    assert last_day_of(registered_on, 3) == last
    assert not has_lapsed(today=last, expires_on=last)
    assert has_lapsed(today=last + timedelta(days=1), expires_on=last)


@given(registered_on=DAYS, years=st.integers(1, 10))
def test_a_time_limit_is_so_many_years_give_or_take_leap_days(registered_on: date, years: int) -> None:
    last = last_day_of(registered_on, years)
    assert last is not None
    assert last > registered_on
    assert abs((last - registered_on).days - 365.25 * years) <= 2


@given(registered_on=DAYS, today=DAYS)
def test_without_a_time_limit_nothing_lapses(registered_on: date, today: date) -> None:
    assert last_day_of(registered_on, None) is None
    assert not has_lapsed(today=today, expires_on=None)
    assert days_left(today=today, expires_on=None) is None


@given(today=DAYS, expires_on=DAYS)
def test_a_registration_has_lapsed_when_no_day_is_left(today: date, expires_on: date) -> None:
    left = days_left(today=today, expires_on=expires_on)
    assert left is not None
    assert has_lapsed(today=today, expires_on=expires_on) is (left < 0)


@given(today=DAYS, valid_from=DAYS, length=st.integers(0, 1200))
def test_competence_counts_while_it_is_current_or_ending(today: date, valid_from: date, length: int) -> None:
    until = valid_from + timedelta(days=length)
    standing = standing_of(today=today, valid_from=valid_from, valid_until=until)
    counts = is_current(today=today, valid_from=valid_from, valid_until=until)
    assert counts is (standing in (Standing.CURRENT, Standing.ENDING))


@pytest.mark.parametrize(
    ("days", "standing"),
    [(61, Standing.CURRENT), (60, Standing.ENDING), (0, Standing.ENDING), (-1, Standing.LAPSED)],
)
def test_the_last_sixty_days_warn(days: int, standing: Standing) -> None:
    today = date(2026, 11, 22)
    until = today + timedelta(days=days)
    assert standing_of(today=today, valid_from=date(2024, 1, 1), valid_until=until) is standing
