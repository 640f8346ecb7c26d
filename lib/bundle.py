"""ZIP files that are the same bytes for the same content, with names that every system can unpack."""

import unicodedata
import zipfile
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import IO, Self

LONGEST = 120
FORBIDDEN = set('\\/:*?"<>|')
FIRST_YEAR = 1980


def safe_name(text: str, ending: str) -> str:
    """Return a file name without folders, control characters or letters that some system refuses.

    >>> safe_name("../a/b: c\\n ", ".pdf")
    'a b c.pdf'
    """
    kept = "".join(
        " " if letter in FORBIDDEN or not letter.isprintable() else letter
        for letter in unicodedata.normalize("NFC", text)
    )
    stem = " ".join(kept.split()).strip(". ")
    # Names are limited in bytes on most disks, and a letter may take four.
    cut = stem.encode()[:LONGEST].decode(errors="ignore").rstrip(". ")
    return f"{cut or 'file'}{ending}"


class Bundle:
    """A ZIP that is being written: each name once, each file dated by what it holds and not by the clock.

    Use it in a ``with`` block, which writes the list of contents at its end.
    """

    def __init__(self, file: IO[bytes]) -> None:
        # What goes in is compressed already, and stored bytes do not depend on a compressor's version.
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self._names: set[str] = set()

    def add(self, name: str, content: bytes, *, made_at: datetime) -> str:
        """Put a file in and return the name it got: a second one of the same name is numbered."""
        name = self._free(name)
        day = max(made_at.astimezone(UTC), datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
        info = zipfile.ZipInfo(name, day.timetuple()[:6])
        info.external_attr = 0o600 << 16
        info.create_system = 3
        self._zip.writestr(info, content)
        return name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()

    def _free(self, name: str) -> str:
        path, number, free = PurePosixPath(name), 1, name
        while free.casefold() in self._names:
            number += 1
            free = f"{path.stem} ({number}){path.suffix}"
        self._names.add(free.casefold())
        return free
