"""The part of a file that a player asks for, so that sound and film can be wound on."""

import re

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class RangeNotThere(Exception):
    """The range begins after the end of the file."""


def wanted_range(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and last byte that a Range header asks for, or None for the whole file.

    Several ranges at once, and what is not understood, mean the whole file. Raises RangeNotThere.

    >>> wanted_range("bytes=0-99", 1000), wanted_range("bytes=-10", 1000), wanted_range("", 1000)
    ((0, 99), (990, 999), None)
    """
    match = ONE_RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    start, end = match.groups()
    if not start:
        first, last = max(size - int(end), 0), size - 1
    else:
        first, last = int(start), min(int(end or size - 1), size - 1)
    if first >= size or (end and start and int(end) < first):
        raise RangeNotThere
    return first, last
