"""Names of files, which are labels for people and never paths."""

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST = 190
LONGEST_ENDING = 10
# What Windows keeps for its devices, with any ending: no file can be saved under it.
DEVICES = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?: *\.|$)", re.IGNORECASE)


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
    if DEVICES.match(shown):
        shown = f"file {shown}"
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
