"""Days and times as people type them, on a keypad without a colon or a stroke too."""

import re

_DAY = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})|([0-9]{2})([0-9]{2})([0-9]{4})")


def day_in(text: str) -> tuple[int, int, int] | None:
    """Return the day, month and year that a text is written with, whether a calendar has them or not.

    >>> day_in("14/3/2026"), day_in("14032026"), day_in("next week")
    ((14, 3, 2026), (14, 3, 2026), None)
    """
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    day, month, year = (int(part) for part in found.groups() if part)
    return day, month, year


def clock_in(text: str) -> str:
    """Return a time of day with its colon; what is no such time stays as it is.

    >>> clock_in("0915"), clock_in("915"), clock_in("9.15"), clock_in("noon")
    ('09:15', '9:15', '9:15', 'noon')
    """
    found = re.fullmatch(r"([0-9]{1,2})[:. ]?([0-9]{2})", text.strip())
    return f"{found[1]}:{found[2]}" if found else text
