"""Numbers and lists as an English sentence says them."""

from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """Write a number with its noun, in the plural where there is not exactly one.

    >>> counted(1, "session"), counted(1500, "word")
    ('1 session', '1,500 words')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(parts: Sequence[str]) -> str:
    """Join parts with commas, and an "and" before the last; nothing for none.

    >>> listed([]), listed(["1"]), listed(["1", "2"]), listed(["1", "2", "3"])
    ('', '1', '1 and 2', '1, 2 and 3')
    """
    *first, last = parts or [""]
    return f"{', '.join(first)} and {last}" if first else last
