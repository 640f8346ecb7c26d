"""The parts of one assessment, the units that it decides, and the labels that its feedback columns carry."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from assessments.models import Assessment, AssessmentUnit, QualificationAssessment, Section, SheetCriterion
from assessments.rules import Part


def parts_of(assessment: Assessment) -> list[Part]:
    """Return the sections or the criteria of ``assessment`` in the order that the sheet prints them."""
    return _sections(assessment) if assessment.is_by_section else _criteria(assessment)


def parts_by_criterion(assessment: Assessment) -> dict[tuple[str, str], str]:
    """Return the part in which each criterion, by unit and ref, is decided: itself, or its section."""
    return parts_by_criterion_of([assessment.pk])[assessment.pk]


def parts_by_criterion_of(assessment_ids: Iterable[UUID]) -> dict[UUID, dict[tuple[str, str], str]]:
    """Return the same for several assessments, in two queries."""
    found: dict[UUID, dict[tuple[str, str], str]] = {key: {} for key in assessment_ids}
    sections = Section.objects.filter(assessment__in=found).order_by("-position")
    for key, position, statements in sections.values_list("assessment", "position", "statements"):
        for statement in statements:
            found[key] |= {_unit_and_ref(named): str(position) for named in statement["criteria"]}
    criteria = SheetCriterion.objects.filter(assessment__in=found)
    for key, unit, ref in criteria.values_list(
        "assessment", "criterion__outcome__unit__ref", "criterion__ref"
    ):
        found[key][unit, ref] = ref
    return found


def feedback_labels(qualification_id: UUID, assessment_id: UUID) -> list[str]:
    """Return the labels that the qualification prints over the feedback columns, or none if it sets none."""
    labels = QualificationAssessment.objects.filter(
        qualification_id=qualification_id, assessment_id=assessment_id
    ).values_list("feedback_labels", flat=True)
    return next(iter(labels), [])


def unit_refs(assessment_id: UUID) -> list[str]:
    """Return the refs of the units that an assessment decides, in its order."""
    return unit_refs_of([assessment_id]).get(assessment_id, [])


def unit_refs_of(assessment_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the same for several assessments, in one query."""
    refs: dict[UUID, list[str]] = defaultdict(list)
    rows = AssessmentUnit.objects.filter(assessment__in=set(assessment_ids)).order_by("position")
    for assessment_id, ref in rows.values_list("assessment_id", "unit__ref"):
        refs[assessment_id].append(ref)
    return dict(refs)


def _unit_and_ref(named: str) -> tuple[str, str]:
    unit_ref, _, ref = named.partition(" ")
    return unit_ref, ref


def _sections(assessment: Assessment) -> list[Part]:
    rows = Section.objects.filter(assessment=assessment).order_by("position")
    return [
        Part(
            ref=str(row.position),
            heading=row.heading,
            maximum=row.max_marks,
            minimum=row.min_marks,
            outcome=None,
        )
        for row in rows.only("position", "heading", "max_marks", "min_marks")
    ]


def _criteria(assessment: Assessment) -> list[Part]:
    rows = SheetCriterion.objects.filter(assessment=assessment).order_by("position")
    return [
        Part(ref=ref, heading=text, maximum=None, minimum=None, outcome=number)
        for ref, text, number in rows.values_list(
            "criterion__ref", "text_on_sheet", "criterion__outcome__number"
        )
    ]
