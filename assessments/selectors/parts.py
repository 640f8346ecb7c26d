"""The parts of one assessment and the labels that its feedback columns carry."""

from uuid import UUID

from assessments.models import Assessment, QualificationAssessment, Section, SheetCriterion
from assessments.rules import Part


def parts_of(assessment: Assessment) -> list[Part]:
    """Return the sections or the criteria of ``assessment`` in the order that the sheet prints them."""
    return _sections(assessment) if assessment.is_by_section else _criteria(assessment)


def feedback_labels(qualification_id: UUID, assessment_id: UUID) -> list[str]:
    """Return the labels that the qualification prints over the feedback columns, or none if it sets none."""
    labels = QualificationAssessment.objects.filter(
        qualification_id=qualification_id, assessment_id=assessment_id
    ).values_list("feedback_labels", flat=True)
    return next(iter(labels), [])


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
