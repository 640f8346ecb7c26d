"""The two outcome rules, held against everything that can be put on a sheet."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marking.rules import (
    BlockKind,
    CriterionResult,
    Decision,
    EmptySheet,
    InvalidMark,
    Line,
    Outcome,
    SectionResult,
    block_in_words,
    decide_by_criteria,
    decide_by_sections,
    is_confirmed,
    parse_mark,
    referred_refs,
    verdict_in_words,
    what_blocks_signing,
)

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)

# A busy machine is no counterexample.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@st.composite
def sections(draw: st.DrawFn, *, decided: bool = False) -> SectionResult:
    maximum = draw(st.integers(1, 100))
    mark = st.integers(0, maximum)
    return SectionResult(
        heading=draw(st.text(min_size=1, max_size=8)),
        maximum=maximum,
        minimum=draw(st.integers(0, maximum)),
        mark=draw(mark if decided else st.none() | mark),
    )


sheets = st.lists(sections(), min_size=1, max_size=6)
full_sheets = st.lists(sections(decided=True), min_size=1, max_size=6)
decisions = st.lists(st.none() | st.sampled_from(Decision), min_size=1, max_size=12)


def criteria(values: list[Decision | None]) -> list[CriterionResult]:
    return [CriterionResult(f"1.{place}", value) for place, value in enumerate(values, start=1)]


def by_mark(*marks: int | None, feedback: bool = False) -> list[Line]:
    bars = ((24, 12), (26, 13), (24, 12), (26, 13))
    return [
        Line(str(place), f"Part {place}", maximum, minimum, mark, None, feedback)
        for place, ((maximum, minimum), mark) in enumerate(zip(bars, marks, strict=True), start=1)
    ]


def by_decision(*values: Decision | None, feedback: bool = False) -> list[Line]:
    return [
        Line(f"1.{place}", f"Criterion {place}", None, None, None, value, feedback)
        for place, value in enumerate(values, start=1)
    ]


@given(full_sheets, st.integers(0, 600))
def test_a_section_below_its_minimum_is_never_made_up_for(sheet: list[SectionResult], least: int) -> None:
    verdict = decide_by_sections(sheet, overall_minimum=least)
    below = [section for section in sheet if (section.mark or 0) < section.minimum]
    total = sum(section.mark or 0 for section in sheet)
    assert verdict.total == total
    assert verdict.referred == tuple(section.heading for section in below)
    assert (verdict.outcome is Outcome.PASS) == (not below and total >= least)


@given(full_sheets, st.integers(0, 600), st.data())
def test_a_higher_mark_never_makes_a_sheet_worse(
    sheet: list[SectionResult], least: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(sheet) - 1))
    section = sheet[place]
    better = replace(section, mark=data.draw(st.integers(section.mark or 0, section.maximum)))
    before = decide_by_sections(sheet, overall_minimum=least)
    after = decide_by_sections([*sheet[:place], better, *sheet[place + 1 :]], overall_minimum=least)
    assert before.outcome is Outcome.REFERRAL or after.outcome is Outcome.PASS
    assert len(after.referred) <= len(before.referred)


@given(sheets, st.integers(0, 600))
def test_there_is_a_total_when_and_only_when_everything_is_decided(
    sheet: list[SectionResult], least: int
) -> None:
    verdict = decide_by_sections(sheet, overall_minimum=least)
    is_open = any(section.mark is None for section in sheet)
    assert (verdict.total is None) == is_open
    assert (verdict.outcome is Outcome.INCOMPLETE) == is_open
    assert verdict.undecided == tuple(section.heading for section in sheet if section.mark is None)


@given(sheets, st.integers(0, 600), st.randoms(use_true_random=False))
def test_the_order_of_sections_changes_no_outcome(
    sheet: list[SectionResult], least: int, random: Any
) -> None:
    other = random.sample(sheet, len(sheet))
    first = decide_by_sections(sheet, overall_minimum=least)
    second = decide_by_sections(other, overall_minimum=least)
    assert (first.outcome, first.total) == (second.outcome, second.total)
    assert sorted(first.referred) == sorted(second.referred)


def test_the_example_of_the_design_is_a_referral_although_the_total_is_87() -> None:
    sheet = [
        SectionResult("Ensuring good practice", 24, 12, 11),
        SectionResult("Learning styles", 26, 13, 26),
        SectionResult("Support", 24, 12, 24),
        SectionResult("Strengths", 26, 13, 26),
    ]
    verdict = decide_by_sections(sheet, overall_minimum=50)
    assert (verdict.outcome, verdict.total) == (Outcome.REFERRAL, 87)
    assert verdict.referred == ("Ensuring good practice",)


def test_when_only_the_total_fails_nothing_is_named_and_everything_reopens() -> None:
    lines = [Line("1", "A", 50, 10, 20, None, True), Line("2", "B", 50, 10, 20, None, True)]
    sheet = [SectionResult("A", 50, 10, 20), SectionResult("B", 50, 10, 20)]
    verdict = decide_by_sections(sheet, overall_minimum=50)
    assert (verdict.outcome, verdict.total, verdict.referred) == (Outcome.REFERRAL, 40, ())
    assert referred_refs(lines, overall_minimum=50) == ["1", "2"]


@pytest.mark.parametrize("mark", [-1, 25, True, False, 11.0, 11.5, "11", ""])
def test_a_mark_is_a_whole_number_within_its_range_and_nothing_else(mark: Any) -> None:
    with pytest.raises(InvalidMark, match=r"Support.*0 to 24"):
        decide_by_sections([SectionResult("Support", 24, 12, mark)], overall_minimum=0)


def test_a_sheet_with_nothing_on_it_is_refused() -> None:
    with pytest.raises(EmptySheet):
        decide_by_sections([], overall_minimum=0)
    with pytest.raises(EmptySheet):
        decide_by_criteria([])


@given(decisions)
def test_one_referred_criterion_refers_the_unit(values: list[Decision | None]) -> None:
    verdict = decide_by_criteria(criteria(values))
    assert verdict.total is None
    if None in values:
        assert verdict.outcome is Outcome.INCOMPLETE
    elif Decision.REFERRAL in values:
        assert verdict.outcome is Outcome.REFERRAL
    else:
        assert verdict.outcome is Outcome.PASS
    named = [f"1.{place}" for place, value in enumerate(values, start=1) if value is Decision.REFERRAL]
    assert verdict.referred == tuple(named)


@given(decisions, st.booleans())
def test_signing_waits_for_every_decision_and_for_words_on_every_referral(
    values: list[Decision | None], feedback: bool
) -> None:
    lines = by_decision(*values, feedback=feedback)
    blocks = what_blocks_signing(lines)
    undecided = {block.ref for block in blocks if block.kind is BlockKind.UNDECIDED}
    unsaid = {block.ref for block in blocks if block.kind is BlockKind.NO_FEEDBACK}
    assert undecided == {line.ref for line in lines if line.decision is None}
    referred = {line.ref for line in lines if line.decision is Decision.REFERRAL}
    assert unsaid == (set() if feedback else referred)


@given(st.text(max_size=12), st.integers(0, 100))
def test_whatever_is_typed_is_a_mark_in_range_a_blank_or_refused(typed: str, maximum: int) -> None:
    mark: int | str | None
    try:
        mark = parse_mark(typed, maximum=maximum)
    except InvalidMark:
        mark = "refused"
    if not typed.strip():
        assert mark is None
    else:
        assert mark == "refused" or (isinstance(mark, int) and 0 <= mark <= maximum)


@given(st.integers(0, 100).flatmap(lambda top: st.tuples(st.integers(0, top), st.just(top))))
def test_every_whole_number_in_range_is_read_back(pair: tuple[int, int]) -> None:
    mark, maximum = pair
    assert parse_mark(f" {mark} ", maximum=maximum) == mark


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("27", "27 is more than the maximum of 24. Enter 0 to 24."),
        ("11.5", "Half marks are not used. Enter 11 or 12."),
        ("11,5", "Half marks are not used. Enter 11 or 12."),
        ("-1", "Enter a whole number from 0 to 24."),
        ("eleven", "Enter a whole number from 0 to 24."),
        ("¹²", "Enter a whole number from 0 to 24."),
        ("1e1", "Enter a whole number from 0 to 24."),
    ],
)
def test_a_mark_that_cannot_be_read_is_answered_in_plain_words(typed: str, words: str) -> None:
    with pytest.raises(InvalidMark) as refusal:
        parse_mark(typed, maximum=24)
    assert str(refusal.value) == words


@pytest.mark.parametrize(
    ("seconds", "holds"), [(-1, False), (0, True), (299, True), (300, True), (301, False)]
)
def test_a_confirmation_holds_for_five_minutes(seconds: int, holds: bool) -> None:
    assert is_confirmed(confirmed_at=AT, at=AT + timedelta(seconds=seconds)) is holds


P, R = Decision.PASS, Decision.REFERRAL


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (by_mark(12, 26, 24, 26), "Pass: 88 of 100, every section reached its minimum."),
        (
            by_mark(11, 26, 24, 26),
            "Referral: section 1 is 1 below its minimum of 12. The total does not change this.",
        ),
        (
            by_mark(11, 3, 11, 13),
            "Referral: section 1 is 1 below its minimum of 12, section 2 is 10 below its minimum of 13 and "
            "section 3 is 1 below its minimum of 12. The total of 38 is 12 below 50.",
        ),
        (by_mark(12, 26, 24, None), "Incomplete: section 4 has no mark."),
        (by_mark(11, None, 24, None), "Incomplete: 2 sections have no mark. Referral so far: section 1."),
        (by_decision(P, P), "Pass: 2 of 2, every criterion is passed."),
        (by_decision(P, R), "Referral: AC 1.2 is referred."),
        (by_decision(R, R), "Referral: AC 1.1, AC 1.2 are referred."),
        (by_decision(None, None, None, None), "Incomplete: 4 criteria are undecided."),
        (by_decision(None, R), "Incomplete: AC 1.1 is undecided. Referral so far: AC 1.2."),
    ],
)
def test_a_verdict_reads_like_a_sentence(lines: list[Line], words: str) -> None:
    by_section = lines[0].maximum is not None
    sentence = verdict_in_words(
        lines, overall_minimum=50 if by_section else None, overall_maximum=100 if by_section else None
    )
    assert sentence.text == words


def test_a_total_that_fails_alone_is_said() -> None:
    lines = [Line("1", "A", 50, 10, 20, None, True), Line("2", "B", 50, 10, 20, None, True)]
    sentence = verdict_in_words(lines, overall_minimum=50, overall_maximum=100)
    assert sentence.text == "Referral: the total of 40 is 10 below 50, though every section passes."


def test_what_blocks_is_said_of_the_part() -> None:
    blocks = what_blocks_signing(by_mark(11, None, 24, 26))
    said = [block_in_words(block, is_section=True) for block in blocks]
    assert said == ["Section 1 is below its minimum and has no feedback.", "Section 2 has no mark."]
    praised = [replace(line, empty_column="Weaknesses") for line in by_mark(11, 26, 24, 26, feedback=True)]
    said = [block_in_words(block, is_section=True) for block in what_blocks_signing(praised)]
    assert said == ["Section 1 is below its minimum, and “Weaknesses” does not say what to improve."]
    blocks = what_blocks_signing(by_decision(R, None))
    said = [block_in_words(block, is_section=False) for block in blocks]
    assert said == ["AC 1.1 is referred and has no feedback.", "AC 1.2 is undecided."]
