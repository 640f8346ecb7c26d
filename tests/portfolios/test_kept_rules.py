"""Pages that are kept as evidence: the catalogue's kinds, and properties of the piece in words."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from lib.visible import has_visible
from portfolios.rules import Subject, parts_of_template, written
from portfolios.rules.guests import Guest, Task, asks_of
from portfolios.rules.kept import (
    IN_CONFLICT,
    MAX_LABEL_CHARACTERS,
    NOT_STAFF,
    OWN_WORK,
    Signed,
    faults_before_keeping,
    label_of_piece,
    what_forbids,
    words_of_piece,
)
from portfolios.rules.templates import Part, Signer

CATALOGUE = Path(settings.BASE_DIR) / "fixtures" / "catalogue" / "record-templates.json"
KINDS: dict[str, Part] = {
    body["key"]: parts_of_template(body)[0]
    for body in json.loads(CATALOGUE.read_text())["templates"]
    if "evidence_signed_by" in body
}
SIGNED = Signed("Dana Reed", "witness", datetime(2026, 11, 2, 9, 30, tzinfo=UTC), "It is true.", "By a link")
kinds = st.sampled_from([KINDS[key] for key in sorted(KINDS)])
words = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=60)


@pytest.mark.parametrize(
    ("key", "signer"),
    [
        ("work-product", Signer.LEARNER),
        ("account-of-practice", Signer.LEARNER),
        ("direct-observation", Signer.ASSESSOR),
        ("questions-and-answers", Signer.ASSESSOR),
        ("witness-testimony", Signer.WITNESS),
    ],
)
def test_every_kind_of_the_catalogue_says_who_signs_it(key: str, signer: Signer) -> None:
    part = KINDS[key]
    assert part.signer is signer
    assert part.subject is Subject.UNIT
    assert part.is_repeatable
    assert len(part.asked) > 3


def test_a_witness_alone_is_asked_by_a_link() -> None:
    asked = {key: [(ask.guest, ask.task) for ask in asks_of(part)] for key, part in KINDS.items()}
    assert asked.pop("witness-testimony") == [(Guest.WITNESS, Task.ANSWER)]
    assert not any(asked.values())


@given(part=kinds, text=st.text(max_size=20))
def test_a_page_is_kept_when_something_is_written_on_it(part: Part, text: str) -> None:
    answers = {part.asked[-1].key: text}
    assert bool(faults_before_keeping(part, answers)) != bool(written(part, answers))
    assert set(faults_before_keeping(part, {})) == {part.asked[0].key}


@given(title=words, number=st.integers(1, 999), name=st.text(min_size=1, max_size=300))
def test_a_label_fits_its_room(title: str, number: int, name: str) -> None:
    label = label_of_piece(title, number, name)
    assert len(label) <= MAX_LABEL_CHARACTERS
    assert f"{title} {number}, {name}".startswith(label)


@given(boxes=st.lists(st.tuples(words, words), max_size=6), title=words)
def test_the_piece_has_every_word_and_who_signed(boxes: list[tuple[str, str]], title: str) -> None:
    text = words_of_piece(title, [("Learner", "Amira"), ("Unit", "")], boxes, SIGNED)
    assert text.startswith(f"{title}\nLearner: Amira\n\n")
    assert text.endswith("Signed by Dana Reed, witness, 2 Nov 2026, 09:30 UTC\nIt is true.\nBy a link.\n")
    for label, said in boxes:
        assert not has_visible(said) or f"{label}\n{said.strip()}\n\n" in text


def test_a_box_that_shows_nothing_leaves_no_label_on_the_piece() -> None:
    text = words_of_piece("Account", [], [("What I did", "\u200b"), ("What came of it", "A plan")], SIGNED)
    assert "What I did" not in text
    assert "What came of it\nA plan\n\n" in text


@given(is_staff=st.booleans(), is_own=st.booleans(), has_conflict=st.booleans())
def test_staff_without_a_conflict_alone_write_about_others(
    is_staff: bool, is_own: bool, has_conflict: bool
) -> None:
    reason = what_forbids(is_staff=is_staff, is_own=is_own, has_conflict=has_conflict)
    assert (reason == "") == (is_staff and not is_own and not has_conflict)
    assert reason in ("", OWN_WORK, NOT_STAFF, IN_CONFLICT)
