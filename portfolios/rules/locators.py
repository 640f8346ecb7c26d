"""Where in a piece of evidence a claim points: pages, words, or a stretch of time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from lib.visible import has_visible

MAX_QUOTE_CHARACTERS = 500
MAX_PAGE = 10_000
MAX_SECOND = 100 * 3600
PAGES = re.compile(r"p\. ?([0-9]{1,5})(?: ?[–-] ?([0-9]{1,5}))?")
CLOCK = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9])")
COUNTER = re.compile(r"(?:([0-9]{1,2}) ?h ?)?(?:([0-9]{1,3}) ?m(?:in)? ?)?([0-9]{1,2}) ?s(?:ecs?)?")


class NotALocator(ValueError):
    """A text that names no page, words or time; it says what to write instead."""


class LocatorKind(StrEnum):
    """What a claim points at."""

    PAGES = "PAGES"
    WORDS = "WORDS"
    TIME = "TIME"


@dataclass(frozen=True, slots=True)
class Locator:
    """A place in a piece of evidence: ``first`` to ``last`` are pages or seconds, ``quote`` is words.

    >>> str(Locator(LocatorKind.PAGES, 4, 5)), str(Locator(LocatorKind.TIME, 115, 190))
    ('p. 4–5', '1:55–3:10')
    """

    kind: LocatorKind
    first: int = 0
    last: int = 0
    quote: str = ""

    def __str__(self) -> str:
        if self.kind is LocatorKind.WORDS:
            return f"“{self.quote}”"
        if self.kind is LocatorKind.PAGES:
            return f"p. {self.first}" if self.first == self.last else f"p. {self.first}–{self.last}"
        return clock(self.first) if self.first == self.last else f"{clock(self.first)}–{clock(self.last)}"


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a piece reaches: the kind of locator it takes, and its pages, seconds or text where known."""

    kind: LocatorKind
    pages: int = 0
    seconds: int = 0
    text: str | None = None


@dataclass(slots=True)
class Stretch:
    """A stretch of a text: whether it is claimed, and the claims that begin with it."""

    text: str
    is_marked: bool
    begins: list[str] = field(default_factory=list)


def words_in_a_row(text: str) -> str:
    """Return words with one space between them, which is how a quote is kept and found."""
    return " ".join(text.replace("\x00", "").split())


def clock(seconds: int) -> str:
    """Return seconds as a player shows them.

    >>> clock(115), clock(3725)
    ('1:55', '1:02:05')
    """
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def counter(seconds: int) -> str:
    """Return seconds as a result sheet writes a time counter.

    >>> counter(115), counter(3725)
    ('1m 55 secs', '1h 2m 5 secs')
    """
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes}m {rest} secs" if hours else f"{minutes}m {rest} secs"


def parse_clock(text: str) -> int:
    """Return the seconds of a time written as 1:55, 1:02:05 or 1m 55 secs. Raises NotALocator."""
    match = CLOCK.fullmatch(text.strip()) or COUNTER.fullmatch(text.strip().lower())
    if match is None:
        raise NotALocator("Enter a time like 1:55 or 1:02:05.")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return 3600 * hours + 60 * minutes + seconds


def parse_locator(text: str) -> Locator:
    """Return the locator that a text names, the inverse of ``str``. Raises NotALocator.

    >>> parse_locator("p. 4–5")
    Locator(kind=<LocatorKind.PAGES: 'PAGES'>, first=4, last=5, quote='')
    """
    text = text.strip()
    if len(text) > 2 and text[0] == "“" and text[-1] == "”":
        return Locator(LocatorKind.WORDS, quote=words_in_a_row(text[1:-1]))
    if match := PAGES.fullmatch(text):
        first, last = match.groups()
        return Locator(LocatorKind.PAGES, int(first), int(last or first))
    begin, _, end = text.partition("–")
    first_second = parse_clock(begin)
    return Locator(LocatorKind.TIME, first_second, parse_clock(end) if end else first_second)


def what_is_wrong(locator: Locator, extent: Extent) -> str:
    """Say why a place is not in a piece of evidence, or nothing where it is.

    >>> what_is_wrong(Locator(LocatorKind.PAGES, 10, 10), Extent(LocatorKind.PAGES, pages=9))
    'This file has 9 pages. Enter 1 to 9.'
    """
    if locator.kind is not extent.kind:
        wanted = {LocatorKind.PAGES: "a page", LocatorKind.WORDS: "words", LocatorKind.TIME: "a time"}
        return f"This piece is pointed at by {wanted[extent.kind]}."
    if locator.kind is LocatorKind.WORDS:
        return _wrong_words(locator.quote, extent.text)
    if locator.kind is LocatorKind.PAGES:
        return _wrong_pages(locator, extent.pages)
    return _wrong_time(locator, extent.seconds)


def spoken(locator: Locator) -> str:
    """Return a place as it is said aloud.

    >>> spoken(Locator(LocatorKind.TIME, 115, 190)), spoken(Locator(LocatorKind.PAGES, 4, 5))
    ('at 1 minute 55', 'pages 4 to 5')
    """
    if locator.kind is LocatorKind.WORDS:
        return f"at the words {locator}"
    if locator.kind is LocatorKind.PAGES:
        if locator.first == locator.last:
            return f"page {locator.first}"
        return f"pages {locator.first} to {locator.last}"
    minutes, seconds = divmod(locator.first, 60)
    hours, minutes = divmod(minutes, 60)
    if not hours and not minutes:
        return f"at {_several(seconds, 'second')}"
    said = [_several(hours, "hour")] if hours else []
    said += [_several(minutes, "minute")] if minutes or seconds else []
    return " ".join(["at", *said, *([str(seconds)] if seconds else [])])


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Return where words stand in a text, however lines break there and whatever their case."""
    words = quote.split()
    if not words:
        return None
    match = re.search(r"\s+".join(map(re.escape, words)), text, re.IGNORECASE)
    return match.span() if match else None


def marked(text: str, quotes: Sequence[tuple[str, str]]) -> list[Stretch]:
    """Cut a text where quotes begin and end; ``quotes`` are pairs of a claim's id and its words."""
    found = [(name, span) for name, quote in quotes if (span := find_quote(text, quote))]
    cuts = sorted({0, len(text), *(edge for _, span in found for edge in span)})
    return [
        Stretch(
            text[start:end],
            any(span[0] <= start and end <= span[1] for _, span in found),
            [name for name, span in found if span[0] == start],
        )
        for start, end in pairwise(cuts)
    ]


def _several(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _wrong_words(quote: str, text: str | None) -> str:
    if not has_visible(quote):
        return "Enter the words that show it, copied from the text."
    if len(quote) > MAX_QUOTE_CHARACTERS:
        return (
            f"Enter {MAX_QUOTE_CHARACTERS} characters at most: the first words are enough to find the place."
        )
    if text is not None and find_quote(text, quote) is None:
        return "These words are not in the text. Copy them from it exactly."
    return ""


def _wrong_pages(locator: Locator, pages: int) -> str:
    highest = pages or MAX_PAGE
    if not 1 <= locator.first <= highest or not 1 <= locator.last <= highest:
        if pages == 1:
            return "This file has 1 page. Enter 1."
        return f"This file has {pages} pages. Enter 1 to {pages}." if pages else "Enter a page from 1."
    if locator.last < locator.first:
        return f"The last page is before the first. Enter {locator.first} or more."
    return ""


def _wrong_time(locator: Locator, seconds: int) -> str:
    highest = seconds or MAX_SECOND
    if not 0 <= locator.first <= highest or not 0 <= locator.last <= highest:
        return f"This recording is {clock(highest)} long. Enter a time from 0:00 to {clock(highest)}."
    if locator.last < locator.first:
        return f"The end is before the start. Enter {clock(locator.first)} or later."
    return ""
