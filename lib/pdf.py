"""Draws PDF documents from HTML: tagged, archivable, the same bytes for the same words, nothing fetched."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

FONT_SCHEME = "packaged-font:"
FONT_FILES = {400: "pdf-source-sans-3-regular.woff2", 600: "pdf-source-sans-3-semibold.woff2"}
KEPT_CONTROLS = {"\n", "\t"}
# Breaking a line inside a word costs the square of its paragraph, so long words say where they may be broken.
LONG_WORD = re.compile(r"\S{60}(?=\S)")
MAY_BREAK = "\u200b"
# So many letters that the fonts lack are written by name in one text; a script of its own would fill a book.
NAMED = 200

# The drawing library's font map is not made for two threads.
_one_at_a_time = Lock()


class FetchRefused(ValueError):
    """A document named something outside itself."""


class FontMissing(RuntimeError):
    """Set-up did not cut the fonts; `manage.py build_fonts` does."""


class DenyAll(URLFetcher):  # type: ignore[misc]  # the library publishes no types
    """Answers for the packaged fonts and refuses every other address, whatever a document says."""

    def __init__(self, fonts: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._fonts = fonts

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return a packaged font. Raises FetchRefused."""
        if url not in self._fonts:
            raise FetchRefused(f"Documents fetch nothing: {url[:60]}")
        return URLFetcherResponse(url, self._fonts[url], {"Content-Type": "font/woff2"})


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the document, dated by its own record and not by the clock."""

    name: str
    description: str
    content: bytes
    made_at: datetime


@dataclass(frozen=True, slots=True)
class _Press:
    """What is made once in a process: the fonts, the stylesheet and who may fetch."""

    fetcher: DenyAll
    fonts: FontConfiguration
    style: CSS


def draw_pdf(html: str, *, stylesheet: Path, attached: Attached) -> bytes:
    """Return the document as PDF/A-3u with tags and the attachment inside.

    Title, author and language come from the HTML. Raises FontMissing.
    """
    with _one_at_a_time:
        press = _press(stylesheet)
        attachment = Attachment(
            string=attached.content,
            name=attached.name,
            description=attached.description,
            created=attached.made_at,
            modified=attached.made_at,
            relationship="Data",
            url_fetcher=press.fetcher,
        )
        document = HTML(string=html, url_fetcher=press.fetcher, base_url=None)
        content: bytes = document.write_pdf(
            stylesheets=[press.style],
            font_config=press.fonts,
            attachments=[attachment],
            pdf_variant="pdf/a-3u",
            pdf_tags=True,
        )
        return content


def printable(text: str) -> str:
    """Return text in letters that the packaged fonts hold, so that no other font is ever asked for.

    Control characters and marks that turn the direction of reading go; a letter that the fonts lack is
    written by its plain form or, in brackets, by its name, and from the 200th of a text on as ``[?]``.

    >>> printable("Great \\N{PARTY POPPER}\\x07")
    'Great [party popper]'
    """
    names_left = NAMED
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        shown = _letter(letter)
        if shown.startswith("[") and letter != "[":
            names_left -= 1
            shown = shown if names_left >= 0 else "[?]"
        letters.append(shown)
    return LONG_WORD.sub(rf"\g<0>{MAY_BREAK}", "".join(letters))


def printable_in(value: Any) -> Any:
    """Return what was read from JSON with every text in it printable; keys are ours and stay."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [printable_in(item) for item in value]
    if isinstance(value, dict):
        return {key: printable_in(item) for key, item in value.items()}
    return value


@lru_cache(maxsize=8192)
def _letter(letter: str) -> str:
    if letter in _letters() or letter in KEPT_CONTROLS:
        return letter
    category = unicodedata.category(letter)
    if category.startswith("Z"):
        return "\n" if category in {"Zl", "Zp"} else " "
    if category.startswith("C") or category in {"Mn", "Me"}:
        return ""
    plain = unicodedata.normalize("NFKD", letter)
    if all(part in _letters() for part in plain):
        return plain
    return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"


def _font_path(weight: int) -> Path:
    path = Path(settings.VAR_DIR) / "assets" / "fonts" / FONT_FILES[weight]
    if not path.is_file():
        raise FontMissing(f"{path.name} is missing: run manage.py build_fonts.")
    return path


@cache
def _letters() -> frozenset[str]:
    """The letters that both weights hold, without the controls and direction marks among them."""
    maps = [TTFont(_font_path(weight)).getBestCmap() for weight in FONT_FILES]
    shared = {chr(point) for point in set.intersection(*(set(points) for points in maps))}
    return frozenset(letter for letter in shared if not unicodedata.category(letter).startswith("C"))


@cache
def _press(stylesheet: Path) -> _Press:
    faces = {f"{FONT_SCHEME}{weight}": _font_path(weight).read_bytes() for weight in FONT_FILES}
    fetcher = DenyAll(faces)
    fonts = FontConfiguration()
    rules = "".join(
        f'@font-face{{font-family:"Source Sans 3";font-weight:{weight};src:url("{FONT_SCHEME}{weight}")}}\n'
        for weight in FONT_FILES
    )
    text = rules + stylesheet.read_text()
    return _Press(fetcher, fonts, CSS(string=text, font_config=fonts, url_fetcher=fetcher))
