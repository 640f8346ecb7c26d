"""A unit as a catalogue file gives it: learning outcomes, criteria and the practice it requires."""

import re
from itertools import pairwise
from typing import Any

from assessments.rules.nodes import Node
from assessments.rules.shapes import Content, joined, keys, remainder

PRACTICE = (
    "minimum_practice_hours",
    "min_clients",
    "max_clients",
    "exceptional_max_clients",
    "min_supervision_hours",
    "min_supervision_sessions",
    "cpd_plan_months",
)
UNIT = keys(
    *("ref", "version", "title", "uan", "level", "credits", "glh", *PRACTICE),
    learning_outcomes=keys("number", "text", criteria=keys("ref", "text")),
)
NUMBERED = re.compile(r"(\d+)\.(\d+)")


def read_unit(node: Node) -> Content:
    """Return the unit with all its keys, and note what is wrong with it."""
    facts: Content = {
        "ref": node.ref("ref", 20),
        "version": node.whole("version", low=1) if "version" in node.value else 1,
        "title": node.text("title", 250),
        "uan": node.text("uan", 20, required=False),
        "level": node.whole("level", low=1),
        "credits": node.whole("credits"),
        "glh": node.whole("glh", required=False),
        **{key: node.whole(key, required=False) for key in PRACTICE},
        "learning_outcomes": [_outcome(row) for row in node.rows("learning_outcomes", "number")],
    }
    _check_numbers(node, [outcome["number"] for outcome in facts["learning_outcomes"]])
    refs = [ref for ref, _, _ in criteria_of(facts)]
    for ref in sorted({ref for ref in refs if ref and refs.count(ref) > 1}):
        node.fault("learning_outcomes", f"criterion {ref} is given twice")
    _check_clients(node, facts)
    whole: Content = joined(facts, remainder(node.value, UNIT))
    return whole


def criteria_of(unit: Content) -> list[tuple[str, int, str]]:
    """Return the ref, the number of the outcome and the text of every criterion, in order."""
    return [
        (criterion["ref"], outcome["number"], criterion["text"])
        for outcome in unit["learning_outcomes"]
        for criterion in outcome["criteria"]
    ]


def _outcome(node: Node) -> Content:
    number = node.whole("number", low=1)
    criteria = [{"ref": row.ref("ref", 10), "text": row.text("text")} for row in node.rows("criteria", "ref")]
    _check_refs(node, number, [criterion["ref"] for criterion in criteria])
    return {"number": number, "text": node.text("text"), "criteria": criteria}


def _check_numbers(node: Node, numbers: list[Any]) -> None:
    given = [number for number in numbers if number is not None]
    for number in sorted({number for number in given if given.count(number) > 1}):
        node.fault("learning_outcomes", f"learning outcome {number} is given twice")
    for number in _missing(given):
        node.fault("learning_outcomes", f"learning outcome {number} is missing")


def _check_refs(node: Node, number: int | None, refs: list[Any]) -> None:
    """Note the gaps in the numbering, where criteria are numbered within their outcome as 2.1, 2.2 …"""
    parts = [NUMBERED.fullmatch(ref) for ref in refs if ref is not None]
    numbered = [(int(part[1]), int(part[2])) for part in parts if part is not None]
    if number is None or len(numbered) < len(parts):
        return
    for first, second in numbered:
        if first != number:
            node.fault("criteria", f"criterion {first}.{second} stands under learning outcome {number}")
    for second in _missing([second for first, second in numbered if first == number]):
        node.fault("criteria", f"criterion {number}.{second} is missing")


def _missing(numbers: list[int]) -> list[int]:
    """Return the gaps below the highest number; a number far out of line counts as one gap.

    >>> _missing([1, 2, 4])
    [3]
    """
    given = set(numbers)
    gaps = (
        number for number in range(1, min(max(given, default=0), len(given) + 1) + 1) if number not in given
    )
    return list(gaps)


def _check_clients(node: Node, facts: Content) -> None:
    order = [
        key for key in ("min_clients", "max_clients", "exceptional_max_clients") if facts[key] is not None
    ]
    for lower, upper in pairwise(order):
        if facts[lower] > facts[upper]:
            node.fault(lower, f"{facts[lower]} is more than {upper}, which is {facts[upper]}")
