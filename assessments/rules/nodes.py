"""Reading typed values out of plain ones, with every fault noted at its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assessments.rules.faults import Fault, shown

SMALL = 32767
REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(slots=True)
class Node:
    """One object of a file: it answers for its own keys and notes what is wrong with them."""

    file: str
    place: str
    value: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, key: str, reason: str) -> None:
        """Note that something is wrong with ``key``, or with the object itself where it is empty."""
        self.faults.append(Fault(self.file, f"{self.place}.{key}".strip("."), reason))

    def text(self, key: str, limit: int = 10_000, *, required: bool = True) -> str | None:
        """Return a text of at most ``limit`` characters; an optional one may be absent, null or empty."""
        value = self.value.get(key)
        if isinstance(value, str) and (value.strip() or not required):
            if len(value) > limit:
                self.fault(key, f"longer than {limit} characters")
            return value if value.strip() else None
        if value is None and not required:
            return None
        self._wanted(key, "a text")
        return None

    def key(self, key: str = "key") -> str | None:
        """Return a key: it stands in addresses, so only some signs are allowed."""
        return self._spelt(key, 80, KEY, "letters, digits, hyphens and underscores")

    def ref(self, key: str, limit: int) -> str | None:
        """Return a reference as the awarding body prints it, without spaces."""
        return self._spelt(key, limit, REF, "letters, digits, dots, hyphens and underscores")

    def whole(self, key: str, *, low: int = 0, high: int = SMALL, required: bool = True) -> int | None:
        """Return a whole number from ``low`` to ``high``; an optional one may be absent or null."""
        value = self.value.get(key)
        if value is None and not required:
            return None
        if type(value) is not int:
            self._wanted(key, "a whole number")
        elif not low <= value <= high:
            self.fault(key, f"{shown(value)} is not between {low} and {high}")
        else:
            return value
        return None

    def texts(self, key: str, limit: int = 10_000, *, required: bool = True) -> list[str]:
        """Return a list of texts, none of them empty; a required list has at least one."""
        value = self.value.get(key)
        if value is None and not required:
            return []
        if not isinstance(value, list) or (required and not value):
            self._wanted(key, "a list of texts" if not required else "a list of at least one text")
            return []
        for place, item in enumerate(value, 1):
            if not isinstance(item, str) or not item.strip():
                self.fault(f"{key}[#{place}]", f"should be a text, not {described(item)}")
            elif len(item) > limit:
                self.fault(f"{key}[#{place}]", f"longer than {limit} characters")
        return [item for item in value if isinstance(item, str)]

    def rows(self, key: str, label: str, *, required: bool = True) -> Iterator["Node"]:
        """Yield the objects of a list, each placed by its ``label``; a required list has at least one."""
        value = self.value.get(key)
        if value is None and not required:
            return
        if not isinstance(value, list) or (required and not value):
            self._wanted(key, "a list" if not required else "a list of at least one")
            return
        for position, item in enumerate(value, 1):
            name = item.get(label) if isinstance(item, dict) else None
            known = isinstance(name, str | int) and not isinstance(name, bool) and name != ""
            place = f"{self.place}.{key}[{shown(name) if known else f'#{position}'}]".strip(".")
            if isinstance(item, dict):
                yield Node(self.file, place, item, self.faults)
            else:
                self.faults.append(Fault(self.file, place, f"should be an object, not {described(item)}"))

    def once(self, key: str, names: list[Any]) -> None:
        """Note every name that the list at ``key`` gives a second time."""
        seen = set()
        for position, name in enumerate(names, 1):
            if name is not None and name in seen:
                self.fault(f"{key}[#{position}]", f"{shown(name)} is given twice")
            seen.add(name)

    def _spelt(self, key: str, limit: int, pattern: re.Pattern[str], signs: str) -> str | None:
        value = self.text(key, limit)
        if value is not None and not pattern.fullmatch(value):
            self.fault(key, f"{shown(value)} may hold only {signs}")
            return None
        return value

    def _wanted(self, key: str, kind: str) -> None:
        if self.value.get(key) is None:
            self.fault(key, f"is missing: {kind} is needed")
        else:
            self.fault(key, f"should be {kind}, not {described(self.value[key])}")


def described(value: object) -> str:
    """Return what ``value`` is, in the words of the messages."""
    if value is None:
        return "null"
    if value in ("", [], {}) and not isinstance(value, bool | int | float):
        return {str: "an empty text", list: "an empty list", dict: "an empty object"}[type(value)]
    if isinstance(value, str):
        return "blank" if not value.strip() else f"the text {shown(value)}"
    if isinstance(value, bool):
        return str(value).lower()
    kinds = {list: "a list", dict: "an object", int: f"the number {shown(value)}"}
    return kinds.get(type(value), f"the decimal number {shown(value)}")


def unkeepable(file: str, place: str, value: Any) -> Iterator[Fault]:
    """Yield a fault for everything inside ``value`` that no record can hold, whatever its key means."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _unkeepable_text(file, place, key)
            yield from unkeepable(file, f"{place}.{shown(key)}", item)
    elif isinstance(value, list):
        for position, item in enumerate(value, 1):
            yield from unkeepable(file, f"{place}[#{position}]", item)
    elif isinstance(value, str):
        yield from _unkeepable_text(file, place, value)
    elif isinstance(value, float):
        yield Fault(file, place, f"{value} is a decimal number: give a whole number or a text")


def _unkeepable_text(file: str, place: str, text: str) -> Iterator[Fault]:
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        yield Fault(file, place, f"{shown(text)} holds a character that cannot be stored")
