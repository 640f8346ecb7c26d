"""What guests are asked of a page: the templates of the catalogue, and properties that hold for all."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from lib.visible import has_visible
from portfolios.rules import Kind, Part, parts_of_template
from portfolios.rules.guests import (
    Guest,
    Standing,
    Task,
    asks_of,
    boxes_for,
    clean_guest,
    faults_before_signing,
    is_ready_for,
    shown_to_guest,
    standing_of_link,
    stated,
)

CATALOGUE = Path(settings.BASE_DIR) / "fixtures" / "catalogue" / "record-templates.json"
PARTS = {
    (body["key"], part.key): part
    for body in json.loads(CATALOGUE.read_text())["templates"]
    for part in parts_of_template(body)
}
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
parts = st.sampled_from(sorted(PARTS.values(), key=lambda part: (part.title, part.key)))
tasks = st.sampled_from(list(Task))
moments = st.integers(min_value=-100, max_value=100).map(lambda hours: NOW + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("key", "part", "asked"),
    [
        ("mentee-feedback", "all", [(Guest.CLIENT, Task.ANSWER)]),
        ("feedback-on-mentoring", "all", [(Guest.SUPERVISOR, Task.ANSWER)]),
        ("supervision-outcomes", "all", [(Guest.SUPERVISOR, Task.SIGN)]),
        ("mentoring-diary", "contract", [(Guest.CLIENT, Task.SIGN), (Guest.STAKEHOLDER, Task.SIGN)]),
        ("mentoring-diary", "cover", [(Guest.CLIENT, Task.SIGN)]),
        ("mentoring-diary", "session-record", [(Guest.CLIENT, Task.CONFIRM)]),
        ("mentoring-diary", "plan", []),
        ("reflective-log", "all", []),
    ],
)
def test_the_template_says_who_is_asked(key: str, part: str, asked: list[tuple[Guest, Task]]) -> None:
    assert [(ask.guest, ask.task) for ask in asks_of(PARTS[key, part])] == asked


def test_feedback_is_fifteen_ratings_and_two_texts_and_nothing_that_the_link_states() -> None:
    part = PARTS["mentee-feedback", "all"]
    kinds = [box.kind for box in boxes_for(part, Task.ANSWER)]
    assert kinds == [Kind.RATING] * 15 + [Kind.TEXT] * 2
    said = stated(part, Task.ANSWER, name="Ann", day=NOW.date(), client="Client 1")
    assert sorted(said.values()) == ["02/11/2026", "Client 1"]


def test_what_a_learner_wrote_about_a_session_is_not_shown_to_the_client() -> None:
    part = PARTS["mentoring-diary", "session-record"]
    answers = {box.key: "secret" for box in part.asked}
    assert shown_to_guest(part, Task.CONFIRM, answers, {}) == []


@given(part=parts, task=tasks, text=st.text(max_size=40))
def test_a_guest_writes_into_their_own_boxes_alone(part: Part, task: Task, text: str) -> None:
    own = {box.key for box in boxes_for(part, task)}
    kept, faults = clean_guest(part, task, {box.key: text for box in part.boxes} | {"name": text})
    assert set(kept) | set(faults) <= own


@given(part=parts, low=st.integers(-5, 20))
def test_a_rating_off_the_scale_is_refused_and_one_on_it_kept(part: Part, low: int) -> None:
    for box in boxes_for(part, Task.ANSWER):
        if box.kind is Kind.RATING:
            kept, faults = clean_guest(part, Task.ANSWER, {box.key: str(low)})
            assert (box.key in kept) == (low in part.ratings) == (box.key not in faults)


@given(part=parts, data=st.data())
def test_every_line_of_a_scale_is_rated_before_it_is_signed(part: Part, data: st.DataObject) -> None:
    rated = [box.key for box in boxes_for(part, Task.ANSWER) if box.kind is Kind.RATING]
    given_to = data.draw(st.sets(st.sampled_from(rated))) if rated else set()
    faults = faults_before_signing(part, Task.ANSWER, dict.fromkeys(given_to, "7"))
    if rated:
        assert set(faults) == set(rated) - given_to


@given(part=parts, text=st.text(min_size=1, max_size=10).filter(has_visible))
def test_a_page_is_answered_while_empty_and_signed_when_written(part: Part, text: str) -> None:
    key = next((box.key for box in part.asked if not box.default), "")
    assert is_ready_for(part, Task.ANSWER, {})
    assert not is_ready_for(part, Task.SIGN, {})
    if key:
        assert is_ready_for(part, Task.SIGN, {key: text})
        assert not is_ready_for(part, Task.ANSWER, {key: text})


@given(signed=st.booleans(), withdrawn=st.booleans(), expires=moments, at=moments)
def test_a_link_is_open_until_it_is_used_withdrawn_or_over(
    signed: bool, withdrawn: bool, expires: datetime, at: datetime
) -> None:
    found = standing_of_link(is_signed=signed, is_withdrawn=withdrawn, expires_at=expires, at=at)
    assert (found is Standing.OPEN) == (not signed and not withdrawn and at < expires)
    assert (found is Standing.SIGNED) == signed
