"""Where a claim points: written, read back, said aloud, and held inside of its piece."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.visible import has_visible
from portfolios.rules.locators import (
    MAX_SECOND,
    Extent,
    Locator,
    LocatorKind,
    NotALocator,
    find_quote,
    marked,
    parse_clock,
    parse_locator,
    spoken,
    what_is_wrong,
    words_in_a_row,
)

SECONDS = st.integers(0, MAX_SECOND - 1)
PAGE = st.integers(1, 9_999)
WORDS = st.text(min_size=1, max_size=60).map(words_in_a_row).filter(has_visible)


def between(kind: LocatorKind, numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Locator]:
    return st.tuples(numbers, numbers).map(lambda pair: Locator(kind, min(pair), max(pair)))


LOCATORS = st.one_of(
    between(LocatorKind.PAGES, PAGE),
    between(LocatorKind.TIME, SECONDS),
    WORDS.map(lambda quote: Locator(LocatorKind.WORDS, quote=quote)),
)


@given(LOCATORS)
def test_what_is_written_reads_back_as_the_same_place(locator: Locator) -> None:
    assert parse_locator(str(locator)) == locator


@pytest.mark.parametrize(
    ("text", "locator"),
    [
        ("p. 4", Locator(LocatorKind.PAGES, 4, 4)),
        ("p.4-5", Locator(LocatorKind.PAGES, 4, 5)),
        ("1:55–3:10", Locator(LocatorKind.TIME, 115, 190)),
        ("1:02:05", Locator(LocatorKind.TIME, 3725, 3725)),
        ("“I  asked”", Locator(LocatorKind.WORDS, quote="I asked")),
    ],
)
def test_places_are_read_as_people_write_them(text: str, locator: Locator) -> None:
    assert parse_locator(text) == locator


@pytest.mark.parametrize(
    ("text", "seconds"), [("1:55", 115), ("00:01:55", 115), ("1m 55 secs", 115), ("1h 2m 5s", 3725)]
)
def test_times_are_read_as_players_and_sheets_write_them(text: str, seconds: int) -> None:
    assert parse_clock(text) == seconds


@given(st.text(max_size=30))
def test_any_text_is_a_place_or_refused_in_words(text: str) -> None:
    with suppress(NotALocator):
        assert isinstance(parse_locator(text), Locator)


@given(LOCATORS, st.integers(0, 50), st.integers(0, 7_200), st.none() | st.text(max_size=80))
def test_a_place_that_is_taken_lies_inside_its_piece(
    locator: Locator, pages: int, seconds: int, text: str | None
) -> None:
    extent = Extent(locator.kind, pages=pages, seconds=seconds, text=text)
    if what_is_wrong(locator, extent):
        return
    assert locator.first <= locator.last
    if locator.kind is LocatorKind.PAGES:
        assert locator.first >= 1
        assert not pages or locator.last <= pages
    elif locator.kind is LocatorKind.TIME:
        assert not seconds or locator.last <= seconds
    else:
        assert text is None or find_quote(text, locator.quote)


@given(st.lists(WORDS, min_size=1, max_size=8), st.data())
def test_words_copied_from_a_text_are_found_there(words: list[str], data: st.DataObject) -> None:
    text = "\n".join(words)
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start, len(words) - 1))
    quote = words_in_a_row(" ".join(words[start : end + 1]))
    assert not what_is_wrong(Locator(LocatorKind.WORDS, quote=quote), Extent(LocatorKind.WORDS, text=text))


@given(st.text("ab ", max_size=40), st.lists(st.text("ab ", min_size=1, max_size=6), max_size=4))
def test_marking_a_text_loses_nothing_of_it(text: str, quotes: list[str]) -> None:
    stretches = marked(text, [(str(number), quote) for number, quote in enumerate(quotes)])
    assert "".join(stretch.text for stretch in stretches) == text
    begun = [name for stretch in stretches for name in stretch.begins]
    found = [str(number) for number, quote in enumerate(quotes) if find_quote(text, quote)]
    assert sorted(begun) == found
    assert all(stretch.is_marked for stretch in stretches if stretch.begins)


@pytest.mark.parametrize(
    ("locator", "extent", "says"),
    [
        ("p. 10", Extent(LocatorKind.PAGES, pages=9), "This file has 9 pages. Enter 1 to 9."),
        ("p. 0", Extent(LocatorKind.PAGES, pages=1), "This file has 1 page. Enter 1."),
        ("p. 5–4", Extent(LocatorKind.PAGES, pages=9), "The last page is before the first. Enter 5 or more."),
        ("3:10", Extent(LocatorKind.TIME, seconds=189), "This recording is 3:09 long."),
        ("3:10–1:55", Extent(LocatorKind.TIME), "The end is before the start. Enter 3:10 or later."),
        ("“nowhere”", Extent(LocatorKind.WORDS, text="here"), "These words are not in the text."),
        ("1:55", Extent(LocatorKind.PAGES, pages=9), "This piece is pointed at by a page."),
    ],
)
def test_a_place_outside_says_what_to_enter(locator: str, extent: Extent, says: str) -> None:
    assert what_is_wrong(parse_locator(locator), extent).startswith(says)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1:55", "at 1 minute 55"),
        ("2:00", "at 2 minutes"),
        ("0:01", "at 1 second"),
        ("1:00:05", "at 1 hour 0 minutes 5"),
        ("1:00:00", "at 1 hour"),
        ("p. 4", "page 4"),
        ("p. 4–5", "pages 4 to 5"),
    ],
)
def test_places_are_said_aloud(text: str, said: str) -> None:
    assert spoken(parse_locator(text)) == said
