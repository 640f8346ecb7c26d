"""Who may judge which units until when, and whose work they may not judge."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from centres.models import Learner, Membership
from centres.permissions import Role
from qualifications.models import (
    Competence,
    ConflictOfInterest,
    Qualification,
    QualificationUnit,
    Registration,
    Unit,
)
from qualifications.rules import Standing, standing_of

JUDGING = [Role.ASSESSOR.value, Role.IQA.value, Role.LEAD_IQA.value]


@dataclass(frozen=True, slots=True)
class Cell:
    """How one person stands in one unit."""

    unit: Unit
    decision: Competence | None
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Person:
    """One person's line of the staffing matrix."""

    member: Membership
    cells: list[Cell]

    @property
    def is_warned(self) -> bool:
        """Whether something of theirs lapses within 60 days or has lapsed."""
        return any(cell.standing in (Standing.ENDING, Standing.LAPSED) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The people who judge, and how each stands in the units of one qualification."""

    units: list[Unit]
    people: list[Person]


def judging_staff() -> QuerySet[Membership]:
    """Return the members who judge work in any role, by name."""
    rows: QuerySet[Membership] = Membership.objects.filter(
        ended_at__isnull=True, roles__overlap=JUDGING
    ).order_by("name", "pk")
    return rows


def matrix_of(qualification: Qualification, *, today: date) -> Matrix:
    """Return the staffing matrix of a qualification, in three queries."""
    links = (
        QualificationUnit.objects.filter(qualification=qualification)
        .select_related("unit")
        .order_by("position")
    )
    units = [link.unit for link in links]
    decided: dict[tuple[UUID, str], list[Competence]] = defaultdict(list)
    for row in Competence.objects.filter(unit_ref__in=[unit.ref for unit in units]).order_by("valid_from"):
        decided[row.membership_id, row.unit_ref].append(row)
    return Matrix(
        units,
        [
            Person(member, [_cell(unit, decided[member.pk, unit.ref], today) for unit in units])
            for member in judging_staff()
        ],
    )


def _cell(unit: Unit, decisions: list[Competence], today: date) -> Cell:
    """Return the decision that holds, or the last one that did, or the one that is to come."""
    begun = [row for row in decisions if row.valid_from <= today]
    row = max(begun, key=lambda row: row.valid_until) if begun else next(iter(decisions), None)
    if row is None:
        return Cell(unit, None, None)
    return Cell(unit, row, standing_of(today=today, valid_from=row.valid_from, valid_until=row.valid_until))


def units_by_title(qualifications: QuerySet[Qualification]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return units as choices under the titles of qualifications; a shared unit stands under the first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    seen: set[str] = set()
    links = QualificationUnit.objects.filter(qualification__in=qualifications).select_related(
        "qualification", "unit"
    )
    for link in links.order_by("qualification__level", "qualification__title", "position"):
        if link.unit.ref not in seen:
            seen.add(link.unit.ref)
            groups.setdefault(link.qualification.title, []).append((link.unit.ref, str(link.unit)))
    return list(groups.items())


def open_conflicts() -> QuerySet[ConflictOfInterest]:
    """Return the conflicts of interest that stand, by the person's name."""
    rows: QuerySet[ConflictOfInterest] = (
        ConflictOfInterest.objects.filter(withdrawn_at__isnull=True)
        .select_related("membership", "learner", "declared_by")
        .order_by("membership__name", "learner__name", "pk")
    )
    return rows


def find_learner(written: str) -> Learner | None:
    """Return the learner whose e-mail address or registration number was written."""
    numbered = Registration.objects.filter(number__iexact=written).values("learner_id")
    found: Learner | None = Learner.objects.filter(Q(email=written.lower()) | Q(pk__in=numbered)).first()
    return found
