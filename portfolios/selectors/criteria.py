"""The units of a learner's qualification with their criteria: what a claim may be for."""

from collections import defaultdict
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
    links = QualificationUnit.objects.filter(qualification=registration.qualification_id)
    units = [link.unit for link in links.select_related("unit").order_by("position")]
    rows = Criterion.objects.filter(outcome__unit__in=units).select_related("outcome")
    by_unit: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows.order_by("outcome__number", "position"):
        by_unit[row.outcome.unit_id].append(row)
    return [UnitCriteria(unit.ref, unit.title, _outcomes(by_unit[unit.pk])) for unit in units]


def _outcomes(rows: list[Any]) -> list[tuple[int, str, list[tuple[str, str]]]]:
    return [
        (outcome.number, outcome.text, [(row.ref, row.text) for row in held])
        for outcome, held in groupby(rows, key=lambda row: row.outcome)
    ]
