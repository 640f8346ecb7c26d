"""Plain text, in the encodings that people's programs write."""

import codecs
from collections.abc import Iterator
from typing import IO

from lib.inspection.decision import Unfit
from lib.inspection.marks import FOREIGN, MARKUP, check_test_string

BLOCK = 1024 * 1024
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ALLOWED_CONTROLS = set("\t\n\r\f")
# Two lines of a lesson about scripts are a text; a whole page or program under the name of one is not.
OTHER_LANGUAGES = (*(mark for mark in MARKUP if mark != b"<script"), b"<?xml", b"%pdf", b"%!ps")


def text_encoding(file: IO[bytes]) -> str:
    """Return the encoding of a text: what Notepad and Word write, or UTF-8 like everything newer."""
    file.seek(0)
    if file.read(2) in UTF_16:
        return "utf-16"
    try:
        for _ in _letters(file, "utf-8-sig"):
            pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def check_text(file: IO[bytes]) -> str:
    """Return the type of a text. Raises Unfit for bytes that are no text, or another language's source."""
    file.seek(0)
    head = file.read(BLOCK)
    check_test_string(head)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:64]
    if start.startswith(FOREIGN) or start.lower().startswith(OTHER_LANGUAGES):
        raise no_text()
    try:
        for text in _letters(file, text_encoding(file)):
            if any(ord(letter) < 32 and letter not in ALLOWED_CONTROLS for letter in set(text)):
                raise no_text()
    except UnicodeDecodeError as error:
        raise no_text() from error
    return "text/plain"


def no_text() -> Unfit:
    """Return the finding of a file that is called a text and is none."""
    return Unfit("type", "this is not plain text. Save it as plain text, Word or PDF and choose it again.")


def _letters(file: IO[bytes], encoding: str) -> Iterator[str]:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    while block := file.read(BLOCK):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)
