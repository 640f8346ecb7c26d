"""Hours and minutes as people write them."""

from datetime import date


def in_hours(minutes: int) -> str:
    """Write a length the way a diary does.

    >>> in_hours(90), in_hours(120), in_hours(45)
    ('1 h 30 min', '2 h', '45 min')
    """
    hours, rest = divmod(minutes, 60)
    return " ".join(([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else []))


def whole_months(first: date, last: date) -> int:
    """Return how many whole months lie between two days, 0 when the second is not later.

    A month is whole on the same day of a later month, or on that month's last day where it is shorter.

    >>> whole_months(date(2026, 8, 31), date(2027, 2, 28))
    6
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months if last.day >= first.day or _ends_its_month(last) else months - 1)


def _ends_its_month(day: date) -> bool:
    return date.fromordinal(day.toordinal() + 1).day == 1
