"""Counters, session rules and record templates: as pure functions, for every value that people may enter."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from portfolios.rules import (
    LONGEST_MINUTES,
    SHORTEST_MINUTES,
    Counted,
    Held,
    Kind,
    Practice,
    Requirement,
    Subject,
    Supervised,
    clean_answers,
    client_fault,
    counters_of,
    parts_of_template,
    plan_months,
    session_faults,
    speaks_of,
    supervision_faults,
    text_in,
    unmet,
    whole_months,
    written,
)
from portfolios.rules.answers import MAX_BOX_CHARACTERS, NO_DATE, TOO_LONG, remarks
from portfolios.rules.sessions import LENGTH, OWN_NAME
from portfolios.rules.templates import PLAIN

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
REGISTERED = date(2026, 9, 3)
UNIT_302 = Requirement(
    unit="8586-302",
    activity="mentoring",
    hours=12,
    max_clients=2,
    exceptional_max_clients=3,
    supervision_hours=2,
    supervision_sessions=2,
)
TEMPLATES: list[dict[str, Any]] = json.loads(
    (Path(settings.BASE_DIR) / "fixtures/catalogue/record-templates.json").read_text()
)["templates"]

small = st.integers(min_value=0, max_value=60)
optional = st.none() | st.integers(min_value=1, max_value=40)
practices = st.builds(
    Practice,
    minutes=st.integers(min_value=0, max_value=60 * 50),
    clients=st.frozensets(st.integers(min_value=1, max_value=6)),
    excepted=st.frozensets(st.integers(min_value=1, max_value=6)),
    supervision_minutes=st.integers(min_value=0, max_value=60 * 10),
    supervision_sessions=small,
    plan_months=small,
)
requirements = st.builds(
    Requirement,
    unit=st.just("X1"),
    hours=optional,
    min_clients=st.none() | st.integers(1, 3),
    max_clients=st.none() | st.integers(3, 4),
    exceptional_max_clients=st.none() | st.integers(4, 5),
    supervision_hours=optional,
    supervision_sessions=optional,
    plan_months=optional,
)


def words(practice: Practice, requirement: Requirement = UNIT_302) -> list[str]:
    return [counter.text for counter in counters_of(requirement, practice) if counter.text]


def test_what_is_short_is_said_in_words() -> None:
    practice = Practice(
        minutes=9 * 60, clients=frozenset({1, 2}), supervision_minutes=60, supervision_sessions=1, sessions=6
    )
    assert words(practice) == [
        "3 more hours of mentoring are needed (9 of 12).",
        "1 more hour of supervision is needed (1 of 2).",
        "1 more supervision session is needed (1 of 2).",
    ]
    half = Practice(minutes=630, supervision_minutes=120, supervision_sessions=2, sessions=6)
    assert words(half) == ["1 h 30 min more of mentoring is needed (10 h 30 min of 12 h)."]


def test_a_unit_that_asks_for_clients_counts_those_met() -> None:
    requirement = Requirement(unit="8588-501", min_clients=2, max_clients=3, exceptional_max_clients=4)
    assert words(Practice(clients=frozenset({1})), requirement) == ["1 more client is needed (1 of 2)."]
    assert words(Practice(clients=frozenset({1, 2, 3})), requirement) == []


def test_one_more_client_needs_a_recorded_reason_where_the_unit_allows_it() -> None:
    full: dict[str, Any] = {"minutes": 720, "supervision_minutes": 120, "supervision_sessions": 2}
    three = Practice(clients=frozenset({1, 2, 3}), **full)
    assert words(three) == [
        "Client 3 is more than the 2 that this unit allows: record the reason and what else you considered."
    ]
    assert words(Practice(clients=frozenset({1, 2, 3}), excepted=frozenset({3}), **full)) == []
    four = Practice(clients=frozenset({1, 2, 3, 4}), excepted=frozenset({3, 4}), **full)
    assert words(four) == ["This unit allows 3 clients at most; your sessions name 4."]
    strict = Requirement(unit="8586-301", max_clients=2)
    assert words(Practice(clients=frozenset({1, 2, 3}), excepted=frozenset({3})), strict) == [
        "This unit allows 2 clients at most; your sessions name 3."
    ]


def test_a_client_is_refused_with_the_words_of_the_page() -> None:
    assert client_fault(UNIT_302, 2, has_reason=False) == ""
    assert client_fault(UNIT_302, 3, has_reason=False) == (
        "This unit allows 2 clients. For a third, give the reason and what else you considered."
    )
    assert client_fault(UNIT_302, 3, has_reason=True) == ""
    assert client_fault(UNIT_302, 4, has_reason=True) == "This unit allows 3 clients at most."
    assert client_fault(Requirement(unit="D3.04", hours=30), 99, has_reason=False) == ""


def test_sessions_without_reflection_or_feedback_are_said_and_never_refused() -> None:
    practice = Practice(
        minutes=720,
        supervision_minutes=120,
        supervision_sessions=2,
        sessions=8,
        unwritten=1,
        unreflected=2,
        without_feedback=3,
    )
    counters = counters_of(UNIT_302, practice)
    assert [c.text for c in counters if c.text] == [
        "1 session not written up.",
        "2 sessions without a reflection.",
        "3 sessions without feedback.",
    ]
    assert unmet(counters) == []


@given(requirement=requirements, practice=practices)
def test_a_counter_is_met_exactly_when_enough_is_there(requirement: Requirement, practice: Practice) -> None:
    for counter in counters_of(requirement, practice):
        if counter.is_minimum and counter.kind is not Counted.EXCEPTIONS:
            assert counter.is_met == (counter.have >= counter.need)
        assert bool(counter.text) != counter.is_met
        assert counter.unit == "X1"


@given(practice=practices, more=st.integers(min_value=0, max_value=600))
def test_more_practice_never_leaves_more_missing(practice: Practice, more: int) -> None:
    richer = Practice(
        minutes=practice.minutes + more,
        clients=practice.clients,
        excepted=practice.excepted,
        supervision_minutes=practice.supervision_minutes + more,
        supervision_sessions=practice.supervision_sessions + 1,
    )
    before = {counter.kind for counter in unmet(counters_of(UNIT_302, practice))}
    after = {counter.kind for counter in unmet(counters_of(UNIT_302, richer))}
    assert after <= before


@given(practice=practices)
def test_a_unit_that_asks_for_nothing_counts_nothing_short(practice: Practice) -> None:
    assert unmet(counters_of(Requirement(unit="8586-300"), practice)) == []


def held(
    number: int = 1,
    client: int = 1,
    *,
    start: datetime = NOW - timedelta(days=1),
    minutes: int = 90,
    unit: str = "8586-302",
) -> Held:
    return Held(unit, number, client, start, minutes)


def texts(session: Held, *others: Held) -> list[str]:
    faults = session_faults(session, now=NOW, registered_on=REGISTERED, others=others)
    return [fault.text for fault in faults]


@pytest.mark.parametrize("minutes", [-90, 0, 4, LONGEST_MINUTES + 1, 30 * 60])
def test_a_session_of_no_fitting_length_is_refused(minutes: int) -> None:
    assert texts(held(minutes=minutes)) == [LENGTH]


@given(minutes=st.integers(min_value=SHORTEST_MINUTES, max_value=LONGEST_MINUTES))
def test_every_length_from_5_minutes_to_12_hours_is_taken(minutes: int) -> None:
    assert texts(held(minutes=minutes)) == []


def test_a_session_that_is_not_over_is_refused() -> None:
    future = "This is in the future. Write it up after it has happened."
    assert texts(held(start=NOW + timedelta(days=1))) == [future]
    later = NOW + timedelta(minutes=15)
    assert texts(held(start=later)) == [f"This begins at {later:%H:%M}, which is still to come."]
    unfinished = held(start=NOW - timedelta(minutes=30), minutes=45)
    [fault] = session_faults(unfinished, now=NOW, registered_on=NOW.date(), others=[])
    assert (fault.field, fault.text) == ("length", f"This ends at {later:%H:%M}, which is still to come.")
    assert texts(held(start=NOW - timedelta(minutes=45), minutes=45)) == []


def test_a_session_before_the_registration_is_refused() -> None:
    early = datetime(2026, 9, 2, 10, 0, tzinfo=UTC)
    assert texts(held(start=early)) == [
        "This is before your registration on 3 Sep 2026, so it cannot be counted."
    ]
    assert texts(held(start=early + timedelta(days=1))) == []


def test_an_overlap_names_the_session_in_the_way() -> None:
    other = held(3, 2, start=datetime(2026, 11, 20, 10, 0, tzinfo=UTC))
    late = held(4, 2, start=datetime(2026, 11, 20, 11, 29, tzinfo=UTC))
    assert texts(late, other) == [
        "This overlaps session 3 with Client 2 (10:00 to 11:30). Change one of them."
    ]
    assert texts(held(4, 2, start=datetime(2026, 11, 20, 11, 30, tzinfo=UTC)), other) == []
    assert texts(other, other) == []


def test_no_hour_counts_for_two_clients_or_two_units() -> None:
    other = held(3, 2, start=datetime(2026, 11, 20, 10, 0, tzinfo=UTC))
    assert texts(held(4, 1, start=other.starts_at), other) == [
        "This overlaps session 3 with Client 2 (10:00 to 11:30). Change one of them."
    ]
    assert texts(held(3, 1, start=other.starts_at, unit="8586-301"), other) == [
        "This overlaps session 3 of 8586-302 with Client 2 (10:00 to 11:30). Change one of them."
    ]


def supervision_texts(**over: Any) -> list[str]:
    said = {"supervisor": "Sam Ito", "held_on": NOW.date(), "minutes": 60, **over}
    faults = supervision_faults(
        Supervised(1, **said), learner="Amira Khan", now=NOW, registered_on=REGISTERED, others=[]
    )
    return [fault.text for fault in faults]


@pytest.mark.parametrize("name", ["Amira Khan", " amira  KHAN", "AmiraKhan", "Amira\u200b Khan."])
def test_nobody_supervises_themself(name: str) -> None:
    assert supervision_texts(supervisor=name) == [OWN_NAME]


def test_supervision_names_somebody_and_is_no_longer_than_the_day_so_far() -> None:
    assert supervision_texts() == supervision_texts(supervisor="Amira Khan-Ito") == []
    assert supervision_texts(supervisor="\u200b") == ["Enter who supervised you."]
    assert supervision_texts(minutes=LONGEST_MINUTES) == []
    early = NOW.replace(hour=1, minute=30)
    today = Supervised(1, "Sam Ito", NOW.date(), 91)
    [fault] = supervision_faults(today, learner="", now=early, registered_on=REGISTERED, others=[])
    assert (fault.field, fault.text) == ("length", "Today is not that long yet: it is 01:30.")
    before = Supervised(1, "Sam Ito", NOW.date() - timedelta(days=1), LONGEST_MINUTES)
    assert supervision_faults(before, learner="", now=early, registered_on=REGISTERED, others=[]) == []


starts = st.integers(min_value=0, max_value=2000).map(lambda m: NOW - timedelta(days=5, minutes=-m))


@given(first=starts, second=starts, one=st.integers(5, 720), two=st.integers(5, 720))
def test_overlap_is_mutual_and_means_a_minute_in_common(
    first: datetime, second: datetime, one: int, two: int
) -> None:
    a, b = held(1, 1, start=first, minutes=one), held(2, 2, start=second, minutes=two)
    in_common = max(first, second) < min(a.ends_at, b.ends_at)
    assert bool(texts(a, b)) == bool(texts(b, a)) == in_common


@given(first=st.dates(date(2020, 1, 1), date(2030, 1, 1)), months=st.integers(0, 40))
def test_the_same_day_of_a_later_month_is_a_whole_month(first: date, months: int) -> None:
    month = first.month - 1 + months
    last = date(first.year + month // 12, month % 12 + 1, min(first.day, 28))
    assert whole_months(first, last) in {months, months - 1}
    if first.day <= 28:
        assert whole_months(first, last) == months


@pytest.mark.parametrize("body", TEMPLATES, ids=lambda body: str(body["key"]))
def test_every_template_reads_as_forms_without_a_loss(body: dict[str, Any]) -> None:
    parts = parts_of_template(body)
    if {"contents", "rows_by_section", "by_unit", "per_lo_fields", "decision_blocks"} & set(body):
        assert parts == ()
        return
    assert parts
    for part in parts:
        keys = [box.key for box in part.boxes]
        assert len(keys) == len(set(keys))
    labels = {box.label.lower() for part in parts for box in part.boxes}
    for source in body.get("parts") or [body]:
        for key in ("fields", "questions", "attributes", "free_text", "swot"):
            assert {str(text).lower() for text in source.get(key, ())} - {"date"} <= labels


def template(key: str) -> dict[str, Any]:
    return next(body for body in TEMPLATES if body["key"] == key)


def test_what_each_part_is_about_follows_from_the_catalogue() -> None:
    about = {
        (str(body["key"]), part.key): part.subject for body in TEMPLATES for part in parts_of_template(body)
    }
    sessions = {pair for pair, subject in about.items() if subject is Subject.SESSION}
    assert sessions == {
        ("mentoring-diary", "session-record"),
        ("coaching-log-session-record", "all"),
        ("level5-session-diary", "all"),
    }
    assert about["reflective-log", "all"] is about["level5-reflective-log", "all"] is Subject.REFLECTION
    assert about["supervision-outcomes", "all"] is Subject.SUPERVISION
    assert about["cpd-plan", "all"] is Subject.PLAN
    plain = {parts_of_template(body)[0].subject for body in PLAIN.values()}
    assert plain == {Subject.SESSION, Subject.SUPERVISION, Subject.PLAN}


def test_the_catalogue_says_which_boxes_count_as_feedback_received() -> None:
    counted = {
        (str(body["key"]), part.key): [box.label for box in speaks_of(part, "feedback")]
        for body in TEMPLATES
        for part in parts_of_template(body)
        if part.subject in (Subject.SESSION, Subject.REFLECTION)
    }
    assert counted == {
        ("mentoring-diary", "session-record"): ["Feedback from client on the mentoring session"],
        ("reflective-log", "all"): ["What the client said in return"],
        ("coaching-log-session-record", "all"): [
            "Any feedback from your coaching supervisor, the person being coached or any other observers"
        ],
        ("level5-session-diary", "all"): [],
        ("level5-reflective-log", "all"): ["Feedback from the client and the tutor/supervisor"],
    }
    unmarked = {**template("level5-session-diary"), "version": 1}
    del unmarked["counted_as"]
    [part] = parts_of_template(unmarked)
    assert [box.label for box in speaks_of(part, "feedback")] == ["Giving feedback"]


def test_client_feedback_rates_fifteen_attributes_from_1_to_10() -> None:
    part = parts_of_template(template("mentee-feedback"))[0]
    rated = [box for box in part.boxes if box.kind is Kind.RATING]
    assert len(rated) == 15
    assert list(part.ratings) == list(range(1, 11))
    kept, faults = clean_answers(part, {"a1": "10", "a2": "11", "a3": "0", "a4": "½", "zz": "stray"})
    assert kept == {"a1": "10"}
    assert set(faults) == {"a2", "a3", "a4"}
    assert faults["a2"] == "Choose a number from 1 to 10."


def test_a_contract_brings_its_clauses_and_forgets_those_struck_out() -> None:
    part = next(p for p in parts_of_template(template("mentoring-diary")) if p.key == "contract")
    clause = next(box for box in part.boxes if box.default)
    assert text_in(clause, {}) == clause.default
    assert written(part, {}) == []
    kept, _ = clean_answers(part, {clause.key: "  "})
    assert text_in(clause, kept) == ""


def test_a_plan_reaches_from_its_own_day_to_the_last_that_it_names() -> None:
    part = parts_of_template(template("cpd-plan"))[0]
    rows = {f"t{row}-{column}": "Done" for row in (1, 2) for column in (1, 5)}
    answers = {"f2": "03/09/2026", "t1-4": "03/12/2026", "t2-4": "3.3.2027", "t3-4": "soon", **rows}
    assert plan_months(part, answers, registered_on=REGISTERED) == 6
    assert plan_months(part, {"t1-4": "03/12/2026", **rows}, registered_on=REGISTERED) == 0
    assert remarks(part, answers, registered_on=REGISTERED) == {"t3-4": NO_DATE}


def test_a_plan_from_before_the_registration_or_of_days_alone_reaches_nowhere() -> None:
    part = parts_of_template(template("cpd-plan"))[0]
    past = {"f2": "01/01/2020", "t1-4": "01/07/2020", "t1-1": "Listening", "t1-5": "Clients say so"}
    assert plan_months(part, past, registered_on=REGISTERED) == 0
    assert remarks(part, past, registered_on=REGISTERED) == {
        "f2": "This is before your registration on 3 Sep 2026, so it cannot be counted."
    }
    empty = {"f2": "03/09/2026", "t1-4": "03/03/2027", "t1-2": "By practice", "t1-5": "\u200b"}
    assert plan_months(part, empty, registered_on=REGISTERED) == 0
    assert remarks(part, empty, registered_on=REGISTERED) == {
        "t1-4": "Fill in “Area for Development” and “What will success look like?” in this row, "
        "so that its day counts."
    }
    assert plan_months(part, {**empty, "t1-1": "Listening", "t1-5": "Yes"}, registered_on=REGISTERED) == 6
    for body in (template("cpd-plan"), PLAIN["development-plan"]):
        [form] = parts_of_template(body)
        assert plan_months(form, {}, registered_on=REGISTERED) == 0


def test_half_a_day_is_kept_and_too_long_a_text_is_not() -> None:
    part = parts_of_template(template("cpd-plan"))[0]
    kept, faults = clean_answers(part, {"f2": "03/0", "t1-1": "x" * (MAX_BOX_CHARACTERS + 1)})
    assert kept == {"f2": "03/0"}
    assert faults == {"t1-1": TOO_LONG}


@given(st.dictionaries(st.text(max_size=6), st.text(max_size=50), max_size=8))
def test_no_typed_words_break_a_record(typed: dict[str, str]) -> None:
    for body in TEMPLATES:
        for part in parts_of_template(body):
            kept, _ = clean_answers(part, typed)
            assert clean_answers(part, kept) == (kept, {})
