"""What is written is what somebody can read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.visible import count_words, has_visible

unseen = st.text(st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp", "Mn", "Me"]))
seen = st.characters(
    categories=["Lu", "Ll", "Nd", "Po", "Sm"], exclude_characters="\u115f\u1160\u2800\u3164\uffa0"
)


@given(unseen)
def test_spaces_controls_and_lone_marks_show_nothing(text: str) -> None:
    assert not has_visible(text)
    assert count_words(text) == 0


@given(unseen, seen, unseen)
def test_one_letter_or_sign_among_them_is_seen(before: str, letter: str, after: str) -> None:
    assert has_visible(before + letter + after)


@pytest.mark.parametrize("letter", ["\u115f", "\u1160", "\u2800", "\u3164", "\uffa0", "\u200b", "\u2060"])
def test_what_is_drawn_as_nothing_is_nothing_and_no_word(letter: str) -> None:
    assert not has_visible(letter * 3)
    assert count_words(" ".join(letter * 3)) == 0


@pytest.mark.parametrize("text", ["é", "e\u0301", "Ω", "中", "हि", "👩\u200d🏫", "–", "0"])
def test_what_people_write_is_seen(text: str) -> None:
    assert has_visible(text)


@given(st.lists(st.text("abc012é", min_size=1), max_size=6))
def test_words_are_counted_as_they_stand(words: list[str]) -> None:
    assert count_words(" \u200b ".join(words)) == len(words)
