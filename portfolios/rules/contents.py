"""The order in which a portfolio is read as one document: as a template asks, or a plain one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """One part of the document; records may be narrowed to those of some templates."""

    of: str
    heading: str
    templates: frozenset[str] = frozenset()
    is_optional: bool = False


# For work whose specification asks no order: who vouches for it first, and then as it is marked.
PLAIN_ORDER = (
    Item("authentication", "Authentication sheet"),
    Item("sections", "Sections"),
    Item("practice", "Practice sessions", is_optional=True),
    Item("supervision", "Supervision", is_optional=True),
    Item("records", "Plans, feedback and other records", is_optional=True),
    Item("discussions", "Professional discussions", is_optional=True),
    Item("matrix", "Evidence matrix"),
    Item("files", "Attached files", is_optional=True),
)


def order_of(bodies: Iterable[Mapping[str, Any]]) -> tuple[Item, ...]:
    """Return the order that the first of some templates gives, or the plain one.

    >>> [item.heading for item in order_of([{"contents": [{"of": "files", "heading": "Files"}]}])]
    ['Files']
    """
    for body in bodies:
        rows = body.get("contents") or ()
        if rows:
            return tuple(
                Item(str(row["of"]), str(row["heading"]), frozenset(row.get("templates") or ()))
                for row in rows
            )
    return PLAIN_ORDER
