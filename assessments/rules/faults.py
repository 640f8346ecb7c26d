"""What is wrong with a catalogue file, and where."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One reason why a file cannot be imported: ``place`` is a path into it, or a line and a column."""

    file: str
    place: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (shown(self.file, 200), self.place, self.reason) if part)


class CatalogueRefused(Exception):
    """The files have faults; nothing of them was kept."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(dict.fromkeys(faults))
        super().__init__("; ".join(map(str, self.faults)))


def shown(value: object, limit: int = 60) -> str:
    """Return ``value`` as a message may print it: on one line, without control characters, cut to ``limit``.

    >>> shown("D3.01\\n")
    'D3.01\\\\n'
    """
    text = value if isinstance(value, str) else repr(value)
    printable = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
    return printable if len(printable) <= limit else printable[: limit - 1] + "…"
