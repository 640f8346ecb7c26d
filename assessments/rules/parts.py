"""The parts of an assessment: what is decided one at a time, a section or a criterion."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One section (``ref`` is its position, with marks) or one criterion (``ref`` as printed, no marks)."""

    ref: str
    heading: str
    maximum: int | None
    minimum: int | None
    outcome: int | None
