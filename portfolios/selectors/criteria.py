"""The units of a learner's qualification with their criteria: what a claim may be for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from qualifications.models import Criterion, QualificationUnit, Registration


@dataclass(frozen=True, slots=True)
class UnitCriteria:
    """One unit with its criteria under their outcomes, each a pair of ref and text."""

    ref: str
    title: str
    outcomes: list[tuple[int, str, list[tuple[str, str]]]]

    @property
    def refs(self) -> list[str]:
        """The criteria's refs in the unit's order."""
        return [ref for _, _, criteria in self.outcomes for ref, _ in criteria]

    @property
    def texts(self) -> dict[str, str]:
        """The criteria's texts by ref."""
        return {ref: text for _, _, criteria in self.outcomes for ref, text in criteria}


def units_of(registration: Registration) -> list[UnitCriteria]:
    """Return the units of a registration's qualification in their order, in two queries."""
    return units_by_qualification([registration.qualification_id])[registration.qualification_id]


def units_by_qualification(ids: Iterable[UUID]) -> dict[UUID, list[UnitCriteria]]:
    """Return the units of several qualifications in their order, in two queries."""
    links = QualificationUnit.objects.filter(qualification__in=ids).select_related("unit")
    pairs = [(link.qualification_id, link.unit) for link in links.order_by("position")]
    rows = Criterion.objects.filter(outcome__unit__in={unit for _, unit in pairs}).select_related("outcome")
    by_unit: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows.order_by("outcome__number", "position"):
        by_unit[row.outcome.unit_id].append(row)
    units: dict[UUID, list[UnitCriteria]] = defaultdict(list)
    for qualification_id, unit in pairs:
        units[qualification_id].append(UnitCriteria(unit.ref, unit.title, _outcomes(by_unit[unit.pk])))
    return units


def _outcomes(rows: list[Any]) -> list[tuple[int, str, list[tuple[str, str]]]]:
    return [
        (outcome.number, outcome.text, [(row.ref, row.text) for row in held])
        for outcome, held in groupby(rows, key=lambda row: row.outcome)
    ]
