"""An assessment as its sheet prints it: the fixed half of every mark sheet and result sheet."""

from typing import Any

from assessments.models import Assessment, Section, SheetCriterion


def sheet_parts(assessment: Assessment) -> list[dict[str, Any]]:
    """Return the printed half of each part, in the order of the sheet, in one query.

    By section: ``ref``, ``heading``, ``maximum``, ``minimum``, ``statements``. By criterion: ``ref``,
    ``heading``, ``outcome``, ``outcome_text``, ``referral_descriptors``, ``pass_descriptors``.
    """
    if assessment.is_by_section:
        return [_section(row) for row in Section.objects.filter(assessment=assessment).order_by("position")]
    rows = SheetCriterion.objects.filter(assessment=assessment).select_related("criterion__outcome")
    return [_criterion(row) for row in rows.order_by("position")]


def _section(row: Section) -> dict[str, Any]:
    return {
        "ref": str(row.position),
        "heading": row.heading,
        "maximum": row.max_marks,
        "minimum": row.min_marks,
        "statements": [statement["text"] for statement in row.statements],
    }


def _criterion(row: SheetCriterion) -> dict[str, Any]:
    return {
        "ref": row.criterion.ref,
        "heading": row.text_on_sheet,
        "outcome": row.criterion.outcome.number,
        "outcome_text": row.criterion.outcome.text,
        "referral_descriptors": row.referral_descriptors,
        "pass_descriptors": row.pass_descriptors,
    }
