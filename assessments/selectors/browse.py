"""What the pages of the catalogue show of qualifications and units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, OuterRef, QuerySet, Subquery

from assessments.models import Assessment, AssessmentUnit, QualificationAssessment
from assessments.rules import Practice
from qualifications.models import (
    CentreApproval,
    Criterion,
    LearningOutcome,
    Qualification,
    QualificationUnit,
    Unit,
)

Row = TypeVar("Row", Qualification, Unit, Assessment)


@dataclass(frozen=True, slots=True)
class CriterionOnPage:
    """One criterion with what the awarding body says about it, restated."""

    ref: str
    text: str
    threshold: str
    depth: list[str]
    guidance: list[str]


@dataclass(frozen=True, slots=True)
class OutcomeOnPage:
    """One learning outcome with its criteria and the subjects that it covers."""

    number: int
    text: str
    criteria: list[CriterionOnPage]
    subjects: list[str]


def qualifications_by_level() -> QuerySet[Qualification]:
    """Return the latest version of every qualification with the number of its units and assessments."""
    newest = Qualification.objects.filter(key=OuterRef("key")).order_by("-version").values("version")[:1]
    return (
        Qualification.objects.filter(version=Subquery(newest))
        .annotate(
            unit_count=Count("qualification_units", distinct=True),
            assessment_count=Count("qualification_assessments", distinct=True),
        )
        .order_by("level", "title", "key")
    )


def approved_keys(today: date) -> dict[str, date | None]:
    """Return the keys of the qualifications that the centre may deliver, each with its last day if any."""
    approvals = CentreApproval.objects.current_on(today)
    return dict(approvals.order_by("approved_on").values_list("qualification__key", "ends_on"))


def chosen_version(rows: QuerySet[Row], version: int | None) -> tuple[Row | None, list[Row]]:
    """Return the wanted version among ``rows``, or the latest, and all of them from the latest down."""
    versions = list(rows.order_by("-version"))
    chosen = (row for row in versions if version in (None, row.version))
    return next(chosen, None), versions


def units_of(qualification: Qualification) -> QuerySet[Any]:
    """Return the units in their order, each with how many outcomes and criteria it has."""
    return (
        QualificationUnit.objects.filter(qualification=qualification)
        .select_related("unit")
        .annotate(
            outcome_count=Count("unit__outcomes", distinct=True),
            criterion_count=Count("unit__outcomes__criteria", distinct=True),
        )
        .order_by("position")
    )


def assessments_of(qualification: Qualification) -> QuerySet[QualificationAssessment]:
    """Return the assessments in their order, each with its units."""
    return (
        QualificationAssessment.objects.filter(qualification=qualification)
        .select_related("assessment")
        .prefetch_related("assessment__assessment_units__unit")
        .order_by("position")
    )


def purpose_of(unit: Unit) -> list[str]:
    """Return what the unit is for, as its document calls it purpose or aim."""
    return [text for key in ("purpose", "aim") for text in texts(unit.details.get(key))]


def practice_of(unit: Unit) -> Practice:
    """Return the practice that the unit requires."""
    return Practice(
        hours=unit.minimum_practice_hours,
        min_clients=unit.min_clients,
        max_clients=unit.max_clients,
        exceptional_max_clients=unit.exceptional_max_clients,
        supervision_hours=unit.min_supervision_hours,
        supervision_sessions=unit.min_supervision_sessions,
        cpd_plan_months=unit.cpd_plan_months,
    )


def outcomes_of(unit: Unit) -> list[OutcomeOnPage]:
    """Return the outcomes of the unit with their criteria, in order, and what is said about each."""
    rows = Criterion.objects.filter(outcome__unit=unit).order_by("outcome__number", "position")
    criteria = list(rows.values_list("outcome__number", "ref", "text"))
    beside = unit.details.get("learning_outcomes")
    outcomes = LearningOutcome.objects.filter(unit=unit).order_by("number")
    return [
        OutcomeOnPage(
            number=outcome.number,
            text=outcome.text,
            criteria=[
                _criterion(unit, said, ref, text)
                for number, ref, text in criteria
                if number == outcome.number
            ],
            subjects=texts(inner(unit.details.get("indicative_content"), str(outcome.number))),
        )
        for outcome, said in zip(outcomes, _padded(beside, len(outcomes)), strict=True)
    ]


def shared_subjects_of(unit: Unit) -> list[str]:
    """Return the subjects that the unit lists for all its outcomes together."""
    return texts(inner(unit.details.get("indicative_content"), "all"))


def assessments_deciding(unit: Unit) -> QuerySet[Assessment]:
    """Return the assessments that decide the unit."""
    deciding = AssessmentUnit.objects.filter(unit=unit).values("assessment")
    return Assessment.objects.filter(pk__in=deciding).order_by("title", "version")


def qualifications_with(unit: Unit) -> QuerySet[Qualification]:
    """Return the qualifications that the unit belongs to."""
    holding = QualificationUnit.objects.filter(unit=unit).values("qualification")
    return Qualification.objects.filter(pk__in=holding).order_by("level", "title", "version")


def _criterion(unit: Unit, said: Any, ref: str, text: str) -> CriterionOnPage:
    thresholds = texts(inner(unit.details.get("criterion_minimums"), ref))
    return CriterionOnPage(
        ref=ref,
        text=text,
        threshold=" ".join(thresholds),
        depth=texts(inner(inner(said, "depth"), ref)),
        guidance=texts(inner(inner(said, "assessment_guidance"), ref)),
    )


def _padded(rows: Any, length: int) -> Iterable[Any]:
    given = rows if isinstance(rows, list) else []
    return [*given[:length], *[{}] * (length - len(given))]


def inner(value: Any, key: str) -> Any:
    """Return what ``value`` holds under ``key``; the catalogue's own keys may have any shape."""
    return value.get(key) if isinstance(value, dict) else None


def texts(value: Any) -> list[str]:
    """Return the texts in ``value``, which may be one text, a list of them or something else altogether."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str) and item.strip()]
