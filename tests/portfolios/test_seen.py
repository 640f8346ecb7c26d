"""What changed since a page was opened: every row is told, and what a page sends back can break nothing."""

from hypothesis import given
from hypothesis import strategies as st

from portfolios.rules.seen import what_changed

KEYS = st.sampled_from(["1/a", "1/b", "2/a", "2.1/c", "/8586-302"])
MARKS = st.sampled_from(["0a", "1b", "2c"])
LISTS = st.dictionaries(KEYS, MARKS, min_size=1)


@given(LISTS, LISTS)
def test_rows_that_are_not_named_are_as_they_were(before: dict[str, str], now: dict[str, str]) -> None:
    changes = what_changed([f"{key} {mark}" for key, mark in before.items()], now)
    assert {key for key in now if key not in changes.rows} == {k for k in now if before.get(k) == now[k]}
    assert {key for key, what in changes.rows.items() if what == "New"} == now.keys() - before.keys()
    assert changes.gone == len(before.keys() - now.keys())
    assert bool(changes.gone_words) == bool(changes.gone)


@given(st.lists(st.text()), LISTS)
def test_whatever_is_sent_back_is_answered(seen: list[str], now: dict[str, str]) -> None:
    assert set(what_changed(seen, now).rows) <= set(now)


@given(LISTS)
def test_a_page_that_sends_nothing_back_marks_nothing(now: dict[str, str]) -> None:
    assert what_changed([], now).rows == {}
