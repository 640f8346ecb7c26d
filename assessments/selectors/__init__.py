"""What pages and documents need to know of the assessments."""

from assessments.selectors.parts import (
    feedback_labels,
    parts_by_criterion,
    parts_by_criterion_of,
    parts_of,
    unit_refs,
    unit_refs_of,
)

__all__ = [
    "feedback_labels",
    "parts_by_criterion",
    "parts_by_criterion_of",
    "parts_of",
    "unit_refs",
    "unit_refs_of",
]
