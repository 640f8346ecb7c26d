"""The words of Word files, LibreOffice texts and plain texts, for a page to show."""

import zipfile
from collections.abc import Iterator, Mapping
from typing import IO

from django.core.files.storage import default_storage

from lib.inspection import word, writer
from lib.inspection.archive import BROKEN, read_through
from lib.inspection.decision import Unfit
from lib.inspection.text import text_encoding
from lib.inspection.xml import read_xml
from lib.kept import kept_beside

MOST_LETTERS = 500_000
PARTS = {word.TYPE: "word/document.xml", writer.TYPE: "content.xml"}
TEXT = "text/plain"
WITH_WORDS = {*PARTS, TEXT}
PARAGRAPHS = {"p", "h"}
BREAKS = {"br": "\n", "line-break": "\n", "tab": "\t", "s": " ", "tc": "\t", "table-cell": "\t"}
# What Word keeps beside the text and does not show.
UNSEEN = {"instrText", "delText"}


class NoWords(Exception):
    """The file is gone, or cannot be read."""


def words_of(storage_key: str, content_type: str) -> str:
    """Return the words of a stored document, read once and then kept beside it. Raises NoWords."""
    return kept_beside(storage_key, "words.txt", lambda: _words(storage_key, content_type).encode()).decode()


def _words(storage_key: str, content_type: str) -> str:
    try:
        with default_storage.open(storage_key) as file:
            if content_type == TEXT:
                return _plain(file)
            with zipfile.ZipFile(file) as archive:
                return _of_package(archive, PARTS[content_type])
    except (*BROKEN, Unfit, KeyError, UnicodeDecodeError) as error:
        raise NoWords from error


def _plain(file: IO[bytes]) -> str:
    encoding = text_encoding(file)
    file.seek(0)
    text = file.read(4 * MOST_LETTERS).decode(encoding, errors="ignore")
    return _shortened(text.replace("\r\n", "\n").replace("\r", "\n"))


def _of_package(archive: zipfile.ZipFile, part: str) -> str:
    found: list[str] = []
    letters = 0

    def on_element(_namespace: str, name: str, _attributes: Mapping[str, str]) -> None:
        if letters < MOST_LETTERS:
            found.append("\n\n" if name in PARAGRAPHS else BREAKS.get(name, ""))

    def on_text(name: str, text: str) -> None:
        nonlocal letters
        if name not in UNSEEN and letters < MOST_LETTERS:
            found.append(text)
            letters += len(text)

    read_xml(read_through(archive, archive.getinfo(part)), on_element, on_text)
    return _shortened("\n".join(_lines("".join(found))))


def _lines(text: str) -> Iterator[str]:
    """Yield the lines without spare space, and one empty line for several."""
    was_empty = True
    for line in text.split("\n"):
        if line.strip() or not was_empty:
            yield line.strip(" \t\r")
        was_empty = not line.strip()


def _shortened(text: str) -> str:
    text = text.strip()
    return (
        text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}\n\n[The rest is in the file itself.]"
    )
