"""How a piece of evidence is looked at, and how far it reaches."""

from functools import lru_cache

from django.core.files.storage import default_storage

from lib.media import length_of
from lib.office_pages import ENDINGS, pages_key
from lib.office_text import WITH_WORDS, NoWords, words_of
from lib.pdf_pages import PicturesBusy, page_count, words_in
from portfolios.models import Evidence
from portfolios.rules.locators import Extent, LocatorKind

SHOWN_AS = {
    "application/pdf": "pages",
    "image": "picture",
    "audio": "audio",
    "video": "video",
    **dict.fromkeys(WITH_WORDS, "words"),
}
READ_BYTES = 2 * 1024 * 1024


def shown_as(evidence: Evidence) -> str:
    """Return how a piece can be looked at: text, words, pages, picture, audio, video, or file."""
    if evidence.kind == Evidence.Kind.TEXT:
        return "text"
    family = evidence.content_type.split("/")[0]
    return SHOWN_AS.get(evidence.content_type) or SHOWN_AS.get(family, "file")


def paged_key(evidence: Evidence) -> str:
    """Return the key of the PDF whose pages show a piece, the file or what was made of it; empty for none."""
    if evidence.content_type in ENDINGS:
        return pages_key(evidence.storage_key)
    return evidence.storage_key if shown_as(evidence) == "pages" else ""


def extent_of(evidence: Evidence) -> Extent:
    """Return what a claim on a piece may point at: a picture is one page, a text its words."""
    shown = shown_as(evidence)
    if shown == "text":
        return Extent(LocatorKind.WORDS, text=evidence.text)
    if shown == "pages":
        return Extent(LocatorKind.PAGES, pages=page_count(evidence.storage_key))
    if shown == "picture":
        return Extent(LocatorKind.PAGES, pages=1)
    if shown in ("audio", "video"):
        return Extent(LocatorKind.TIME, seconds=length_of(evidence.storage_key))
    is_plain = evidence.content_type == "text/plain" and evidence.size <= READ_BYTES
    return Extent(LocatorKind.WORDS, text=_plain_text(evidence.storage_key) if is_plain else None)


def words_of_file(evidence: Evidence) -> str:
    """Return the words of a document, as far as they can be read; none of pictures, sound and film."""
    try:
        if evidence.content_type in WITH_WORDS:
            return words_of(evidence.storage_key, evidence.content_type)
        return words_in(evidence.storage_key) if shown_as(evidence) == "pages" else ""
    except (NoWords, PicturesBusy, OSError):
        return ""


@lru_cache(maxsize=64)
def _plain_text(storage_key: str) -> str | None:
    try:
        with default_storage.open(storage_key) as file:
            return str(file.read().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return None
