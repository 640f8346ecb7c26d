"""What of a list changed since somebody saw it, told by short marks that their page sent back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changes:
    """For each row that is not as it was seen, what it is; and how many rows are gone."""

    rows: Mapping[str, str]
    gone: int

    @property
    def gone_words(self) -> str:
        """What is said of the rows that are no longer there."""
        if not self.gone:
            return ""
        return "1 piece is no longer here." if self.gone == 1 else f"{self.gone} pieces are no longer here."


def what_changed(seen: Iterable[str], now: Mapping[str, str]) -> Changes:
    """Compare the marks now with those that were seen, each written as the row's key, a space and its mark.

    >>> what_changed(["a 1", "b 1", "c 1"], {"a": "1", "b": "2", "d": "1"})
    Changes(rows={'b': 'Changed', 'd': 'New'}, gone=1)
    """
    pairs = (text.rpartition(" ") for text in seen)
    before = {key: mark for key, _, mark in pairs if key}
    if not before:
        return Changes({}, 0)
    rows = {
        key: "Changed" if key in before else "New" for key, mark in now.items() if before.get(key) != mark
    }
    return Changes(rows, len(before.keys() - now.keys()))
