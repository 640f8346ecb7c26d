"""Tables as files that a spreadsheet opens: UTF-8, commas, and no cell that turns into a formula."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def defused(value: object) -> str:
    """Return a cell as text; one that a spreadsheet would run gets an apostrophe before it.

    >>> defused("=HYPERLINK(0)")
    "'=HYPERLINK(0)"
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_SIGNS) else text


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Answer with a table as a file of that name, with a mark in front by which Excel knows UTF-8."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(head)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return response
