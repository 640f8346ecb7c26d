"""Names of files, which are labels for people and never paths."""

import unicodedata
from pathlib import PurePosixPath

LONGEST = 190
LONGEST_ENDING = 10


def clean_label(name: str) -> str:
    """Return a file's name as a label: no folders, no hidden or control characters, 190 letters at most.

    >>> clean_label("..\\\\..\\\\etc/my diary\\n.pdf")
    'my diary.pdf'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    letters = (" " if letter.isspace() else letter for letter in unicodedata.normalize("NFC", last))
    kept = "".join(letter for letter in letters if letter.isprintable())
    shown = " ".join(kept.split()).strip(". ")
    if not shown or shown.startswith("~$"):
        shown = f"file{shown.removeprefix('~$')}"
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        return shown[:LONGEST]
    return f"{stem.rstrip()[: LONGEST - len(ending)] or 'file'}.{ending}"


def ending_of(label: str) -> str:
    """Return the last ending of a label in small letters, with its dot; nothing for none.

    >>> ending_of("diary.v2.PDF")
    '.pdf'
    """
    return PurePosixPath(label).suffix.lower()
