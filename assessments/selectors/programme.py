"""What the programme of a qualification must hold, as the catalogue says today."""

from collections.abc import Iterable
from uuid import UUID

from assessments.models import Programme
from assessments.rules.programme import ProgrammeNeeds
from assessments.selectors.browse import inner, texts
from qualifications.models import Qualification


def programme_of(qualification: Qualification) -> ProgrammeNeeds:
    """Return what the programme of one qualification must hold, in one query."""
    return programmes_of([qualification])[qualification.pk]


def programmes_of(qualifications: Iterable[Qualification]) -> dict[UUID, ProgrammeNeeds]:
    """Return what the programme of each qualification must hold, in one query."""
    rows = {row.pk: row for row in qualifications}
    keys = sorted({row.key for row in rows.values()})
    found = Programme.objects.filter(qualification_keys__overlap=keys).order_by("version")
    bodies = {key: row.body for row in found for key in row.qualification_keys}
    return {pk: _needs(row, bodies.get(row.key)) for pk, row in rows.items()}


def _needs(qualification: Qualification, body: object) -> ProgrammeNeeds:
    return ProgrammeNeeds(
        induction_minutes=_minutes(qualification, "induction_hours"),
        tutorial_minutes=_minutes(qualification, "tutorial_hours"),
        initial_assessment=tuple(texts(inner(body, "initial_assessment"))),
        induction=tuple(texts(inner(body, "induction"))),
        deviations=tuple(texts(inner(body, "deviations"))),
        notes=tuple(texts(inner(body, "notes"))),
    )


def _minutes(qualification: Qualification, key: str) -> int:
    hours = inner(qualification.details, key)
    return hours * 60 if type(hours) is int else 0
