"""When an IQA may agree, what an overturn needs: by example, and for any sheet at all."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marking.rules import Decision, Line, Outcome, referred_refs, verdict_of
from quality_assurance.rules import (
    Pair,
    Side,
    changes_outcome,
    crosses_pass_line,
    has_looked,
    is_reason,
    named,
    not_sampled_statement,
    overturned_lines,
    own_total,
    side_of,
    verdict_beside,
    what_forbids_agreeing,
    what_lacks_feedback,
    what_overturn_lacks,
)


def section(
    ref: str,
    mark: int | None,
    *,
    maximum: int = 25,
    minimum: int = 10,
    feedback: bool = False,
    carried: bool = False,
    empty: str = "",
) -> Line:
    return Line(ref, f"Section {ref}", maximum, minimum, mark, None, feedback, carried, empty)


def criterion(ref: str, decision: Decision | None, *, feedback: bool = False, carried: bool = False) -> Line:
    return Line(ref, f"Criterion {ref}", None, None, None, decision, feedback, carried)


@st.composite
def section_pairs(draw: st.DrawFn) -> tuple[list[Pair], int]:
    """Sheets of up to five sections; carried ones are blank on the IQA's side, as they are stored."""
    pairs = []
    empty = st.sampled_from(["", "Areas for Improvement"])
    for number in range(1, draw(st.integers(1, 5)) + 1):
        maximum = draw(st.integers(1, 30))
        minimum = draw(st.integers(0, maximum))
        mark = st.integers(0, maximum)
        carried = draw(st.booleans())
        own = None if carried else draw(st.none() | mark)
        line: dict[str, Any] = {"maximum": maximum, "minimum": minimum}
        pairs.append(
            Pair(
                section(str(number), draw(mark), feedback=True, carried=carried, **line),
                section(
                    str(number), own, feedback=draw(st.booleans()), carried=carried, empty=draw(empty), **line
                ),
            )
        )
    total = sum(pair.assessor.maximum or 0 for pair in pairs)
    return pairs, draw(st.integers(0, total))


@st.composite
def criterion_pairs(draw: st.DrawFn) -> list[Pair]:
    """Sheets of up to six criteria."""
    decision = st.sampled_from(Decision)
    return [
        Pair(
            criterion(f"1.{number}", draw(decision), feedback=True),
            criterion(f"1.{number}", draw(st.none() | decision), feedback=draw(st.booleans())),
        )
        for number in range(1, draw(st.integers(1, 6)) + 1)
    ]


sheets = st.one_of(section_pairs(), criterion_pairs().map(lambda pairs: (pairs, None)))


@given(sheets)
def test_agreeing_is_refused_exactly_where_a_line_or_the_total_crosses(
    sheet: tuple[list[Pair], int | None],
) -> None:
    pairs, minimum = sheet
    crossing = [pair for pair in pairs if crosses_pass_line(pair)]
    beside = verdict_beside(pairs, overall_minimum=minimum)
    assessors = verdict_of([pair.assessor for pair in pairs], overall_minimum=minimum)
    forbidden = what_forbids_agreeing(pairs, overall_minimum=minimum)
    assert bool(forbidden) == bool(crossing or beside.outcome is not assessors.outcome)
    if crossing:
        assert forbidden == [pair.iqa.ref for pair in crossing]


@given(sheets)
def test_one_decision_is_always_left_and_never_both(sheet: tuple[list[Pair], int | None]) -> None:
    pairs, minimum = sheet
    is_overturn = side_of(pairs, overall_minimum=minimum) is Side.OVERTURN
    assert is_overturn == changes_outcome(pairs, overall_minimum=minimum)


@given(sheets)
def test_only_parts_that_the_iqa_entered_forbid_anything(sheet: tuple[list[Pair], int | None]) -> None:
    pairs, minimum = sheet
    entered = {pair.iqa.ref for pair in pairs if pair.iqa.is_decided}
    assert set(what_forbids_agreeing(pairs, overall_minimum=minimum)) <= entered
    assert set(what_lacks_feedback(pairs)) <= entered


@given(sheets)
def test_the_sheet_of_an_overturn_is_complete_and_keeps_every_entry_of_the_iqa(
    sheet: tuple[list[Pair], int | None],
) -> None:
    pairs, minimum = sheet
    lines = overturned_lines(pairs)
    assert all(line.is_decided for line in lines)
    assert verdict_of(lines, overall_minimum=minimum).outcome is not Outcome.INCOMPLETE
    for pair, line in zip(pairs, lines, strict=True):
        assert line is (pair.iqa if pair.iqa.is_decided else pair.assessor)


@given(section_pairs())
def test_by_section_an_overturn_needs_every_open_mark_and_no_carried_one(
    sheet: tuple[list[Pair], int],
) -> None:
    pairs, minimum = sheet
    lacking = what_overturn_lacks(pairs, overall_minimum=minimum)
    assert lacking == [
        pair.iqa.ref for pair in pairs if pair.iqa.mark is None and pair.iqa.is_carried is False
    ]


@given(criterion_pairs())
def test_by_criterion_an_overturn_adopts_what_the_iqa_left_alone(pairs: list[Pair]) -> None:
    assert what_overturn_lacks(pairs, overall_minimum=None) == []


@given(sheets)
def test_what_an_overturn_reopens_is_what_is_below_on_its_own_sheet(
    sheet: tuple[list[Pair], int | None],
) -> None:
    pairs, minimum = sheet
    lines = overturned_lines(pairs)
    reopened = referred_refs(lines, overall_minimum=minimum)
    below = [line.ref for line in lines if line.is_below]
    if verdict_of(lines, overall_minimum=minimum).outcome is Outcome.PASS:
        assert reopened == []
    else:
        assert reopened == (below or [line.ref for line in lines])


@given(sheets)
def test_a_referral_that_needs_no_more_feedback_has_some_on_every_referred_line(
    sheet: tuple[list[Pair], int | None],
) -> None:
    pairs, _ = sheet
    lacking = what_lacks_feedback(pairs)
    for pair, line in zip(pairs, overturned_lines(pairs), strict=True):
        if line.is_below and line.ref not in lacking:
            assert pair.iqa.says_what_to_improve or (
                pair.assessor.is_below and pair.assessor.says_what_to_improve
            )


def test_a_mark_may_differ_on_the_same_side_of_its_bar() -> None:
    pair = Pair(section("1", 20), section("1", 10))
    assert not crosses_pass_line(pair)
    assert crosses_pass_line(Pair(section("1", 20), section("1", 9)))
    assert crosses_pass_line(Pair(section("1", 9), section("1", 10)))
    assert not crosses_pass_line(Pair(section("1", 9), section("1", None)))


def test_marks_that_only_put_the_total_below_the_overall_minimum_forbid_agreeing() -> None:
    pairs = [Pair(section("1", 25), section("1", 24)), Pair(section("2", 25), section("2", None))]
    assert what_forbids_agreeing(pairs, overall_minimum=50) == ["1"]
    assert what_forbids_agreeing(pairs, overall_minimum=49) == []


def test_an_overturn_may_change_only_which_parts_are_referred() -> None:
    pairs = [
        Pair(section("1", 9, feedback=True), section("1", 10)),
        Pair(section("2", 25), section("2", 9)),
        Pair(section("3", 25), section("3", 25)),
    ]
    assert changes_outcome(pairs, overall_minimum=40)
    assert referred_refs(overturned_lines(pairs), overall_minimum=40) == ["2"]
    assert what_lacks_feedback(pairs) == ["2"]


def test_praise_alone_is_not_enough_to_refer_a_section() -> None:
    praised = Pair(section("1", 20), section("1", 9, feedback=True, empty="Weaknesses"))
    assert what_lacks_feedback([praised]) == ["1"]
    assert what_lacks_feedback([Pair(section("1", 20), section("1", 9, feedback=True))]) == []
    theirs_praised = Pair(section("1", 8, feedback=True, empty="Weaknesses"), section("1", 9))
    assert what_lacks_feedback([theirs_praised]) == ["1"]
    assert what_lacks_feedback([Pair(section("1", 8, feedback=True), section("1", 9, empty="x"))]) == []


def test_a_carried_line_is_nothing_that_the_iqa_looked_at() -> None:
    pairs = [
        Pair(section("1", 12), section("1", None)),
        Pair(section("2", 20, carried=True), section("2", None, carried=True)),
    ]
    assert not has_looked(pairs, "  ")
    assert has_looked(pairs, "Section 1.")
    assert not has_looked([Pair(section("2", 20), section("2", 20, carried=True))], "")


@given(section_pairs())
def test_an_iqas_total_is_the_sum_of_their_column_where_it_is_full(sheet: tuple[list[Pair], int]) -> None:
    pairs, minimum = sheet
    marks = [pair.iqa.mark for pair in pairs]
    expected = None if None in marks else sum(mark for mark in marks if mark is not None)
    assert own_total(pairs, overall_minimum=minimum) == expected


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("", False),
        ("No way", False),
        (" It was met ", True),
        (". . .", False),
        ("- - no", False),
        ("\u200b \u200b \u200b", False),
        ("Lena \u200b away", False),
        ("Cafodd ei weld – eto", True),
    ],
)
def test_a_reason_is_a_few_words(text: str, enough: bool) -> None:
    assert is_reason(text) is enough


def test_parts_are_named_as_people_say_them() -> None:
    assert named([], overall_minimum=50) == ""
    assert named(["3"], overall_minimum=50) == "section 3"
    assert named(["1", "2", "3"], overall_minimum=50) == "sections 1, 2 and 3"
    assert named(["1.1", "2.4"], overall_minimum=None) == "AC 1.1 and 2.4"


@given(st.text(min_size=1, max_size=60))
def test_what_is_said_of_unreviewed_work_is_one_line(reason: str) -> None:
    said = not_sampled_statement(by="Ruth Ode", on=date(2026, 3, 9), reason=reason)
    assert said.startswith("Not sampled: released without review by Ruth Ode, 9 Mar 2026; reason: ")
    assert len(said.splitlines()) == 1
    assert said.endswith(".")
    assert not said.endswith("..")
