"""What a programme needs: counted, covered and dated, for any records whatever."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assessments.rules.programme import ProgrammeNeeds
from portfolios.rules import Entered, ProgrammeKind, out_of_order, programme_steps
from portfolios.rules.programme import (
    QUIET_DAYS,
    arrangement_fault,
    consideration_fault,
    deviation_fault,
    entry_faults,
    is_stuck,
)

DAY = date(2026, 11, 2)
POINTS = ("The aim", "The format", "Appeals")
NEEDS = ProgrammeNeeds(60, 120, ("Needs", "Support"), POINTS)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
kinds = st.sampled_from(list(ProgrammeKind))
entries = st.lists(
    st.builds(
        Entered,
        kind=kinds,
        day=days,
        minutes=st.integers(5, 720),
        covered=st.lists(st.sampled_from([*POINTS, "Needs", "Support"]), unique=True).map(tuple),
        is_confirmed=st.booleans(),
    ),
    max_size=12,
)


@given(entries)
def test_hours_are_the_sum_of_what_was_held(held: list[Entered]) -> None:
    _, induction, tutorials = programme_steps(NEEDS, held)
    for step in (induction, tutorials):
        assert step.have == sum(row.minutes for row in held if row.kind is step.kind)
        assert any("more" in text for text in step.missing) == (step.have < step.need)


@given(entries)
def test_every_point_is_covered_or_named(held: list[Entered]) -> None:
    _, induction, _ = programme_steps(NEEDS, held)
    covered = {point for row in held if row.kind is ProgrammeKind.INDUCTION for point in row.covered}
    named = {point for point in POINTS if any(text.endswith(f": {point}.") for text in induction.missing)}
    assert named == {*POINTS} - covered


@given(entries, entries)
def test_one_more_event_never_takes_away_what_was_done(held: list[Entered], more: list[Entered]) -> None:
    confirmed = [row for row in more if row.is_confirmed]
    for before, after in zip(
        programme_steps(NEEDS, held), programme_steps(NEEDS, [*held, *confirmed]), strict=True
    ):
        assert after.have >= before.have
        assert before.missing or not after.missing


@given(entries)
def test_the_order_of_the_records_does_not_matter(held: list[Entered]) -> None:
    backwards = held[::-1]
    for one, other in zip(programme_steps(NEEDS, held), programme_steps(NEEDS, backwards), strict=True):
        assert (one.have, set(one.missing)) == (other.have, set(other.missing))
    assert out_of_order(held) == out_of_order(backwards)


def test_a_qualification_that_asks_for_nothing_wants_the_initial_assessment_alone() -> None:
    initial, induction, tutorials = programme_steps(ProgrammeNeeds(), [])
    assert initial.missing == ("Record the initial assessment.",)
    assert not induction.missing
    assert not tutorials.missing


def test_what_is_missing_is_said_in_words() -> None:
    held = [
        Entered(ProgrammeKind.INITIAL, DAY, covered=("Needs",)),
        Entered(ProgrammeKind.INDUCTION, DAY, 30, POINTS[:2]),
        Entered(ProgrammeKind.TUTORIAL, DAY, 75),
    ]
    initial, induction, tutorials = programme_steps(NEEDS, held)
    assert initial.missing == ("The initial assessment does not say: Support.",)
    assert induction.missing == (
        "30 min more of induction is needed (30 min of 1 h).",
        "The induction has not covered: Appeals.",
        "The learner has not confirmed the induction of 2 Nov 2026.",
    )
    assert tutorials.missing == ("45 min more of tutorials is needed (1 h 15 min of 2 h).",)


def test_what_came_in_the_wrong_order_is_said() -> None:
    held = [
        Entered(ProgrammeKind.INITIAL, DAY + timedelta(days=9)),
        Entered(ProgrammeKind.INDUCTION, DAY + timedelta(days=5), 60),
        Entered(ProgrammeKind.TUTORIAL, DAY, 60),
    ]
    assert out_of_order(held) == [
        "The initial assessment of 11 Nov 2026 is later than the programme's start on 2 Nov 2026.",
        "A tutorial was held on 2 Nov 2026, before the induction.",
    ]


@given(kinds, days, days, days, st.integers(-100, 3000))
def test_an_event_counts_from_the_registration_to_today(
    kind: ProgrammeKind, day: date, today: date, registered_on: date, minutes: int
) -> None:
    faults = entry_faults(kind, day, minutes=minutes, today=today, registered_on=registered_on)
    fields = [fault.field for fault in faults]
    earliest = registered_on - timedelta(days=365 if kind is ProgrammeKind.INITIAL else 0)
    assert ("date" in fields) == (day > today or day < earliest)
    assert ("length" in fields) == (kind.is_timed and not 5 <= minutes <= 720)


@given(days, st.none() | days)
def test_arrangements_come_before_and_consideration_after(day: date, submitted_on: date | None) -> None:
    assert bool(arrangement_fault(day, submitted_on=submitted_on)) == bool(
        submitted_on and day > submitted_on
    )
    assert bool(consideration_fault(day, submitted_on=submitted_on)) == (
        submitted_on is None or day < submitted_on
    )


@given(days, days, days, st.none() | days)
def test_an_approval_stands_before_the_work_is_submitted(
    day: date, today: date, registered_on: date, submitted_on: date | None
) -> None:
    said = deviation_fault(day, today=today, registered_on=registered_on, submitted_on=submitted_on)
    fits = registered_on <= day <= today and submitted_on is None
    assert bool(said) != fits


@given(st.integers(0, 400), st.booleans(), st.booleans())
def test_who_does_nothing_for_thirty_days_is_stuck(quiet: int, is_complete: bool, has_ended: bool) -> None:
    last_on = DAY - timedelta(days=quiet)
    stuck = is_stuck(last_on=last_on, today=DAY, is_complete=is_complete, has_ended=has_ended)
    assert stuck == (quiet >= QUIET_DAYS and not is_complete and not has_ended)
