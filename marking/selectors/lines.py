"""A judge's lines as the rules read them, and the verdict that follows."""

from collections.abc import Iterable

from assessments.models import QualificationAssessment
from lib.visible import has_visible
from marking.models import Judgement, JudgementLine
from marking.rules import Decision, Line, Verdict, verdict_of
from portfolios.models import Submission


def judgement_lines(judgement: Judgement) -> list[JudgementLine]:
    """Return the lines of a judgement in the order that the sheet prints, in one query."""
    return list(JudgementLine.objects.filter(judgement=judgement).order_by("position"))


def improvement_label(judgement: Judgement) -> str:
    """Return the label of a sheet's second column, which says what to improve, or nothing without one."""
    if not judgement.assessment.is_by_section:
        return ""
    submission = Submission.objects.filter(pk=judgement.submission_id)
    pinned = QualificationAssessment.objects.filter(
        assessment=judgement.assessment_id,
        qualification__in=submission.values("registration__qualification"),
    )
    labels: list[str] = pinned.values_list("feedback_labels", flat=True).first() or []
    return labels[1] if len(labels) > 1 else ""


def lines_to_sign(judgement: Judgement, rows: Iterable[JudgementLine]) -> list[Line]:
    """Return stored lines with what is asked of them before they are signed, in one query."""
    return as_lines(rows, second_column=improvement_label(judgement))


def as_lines(rows: Iterable[JudgementLine], *, second_column: str = "") -> list[Line]:
    """Return stored lines as the values that the rules work on."""
    return [
        Line(
            ref=row.part_ref,
            heading=row.heading,
            maximum=row.maximum,
            minimum=row.minimum,
            mark=row.mark,
            decision=Decision(row.decision) if row.decision else None,
            has_feedback=has_visible(row.feedback) or has_visible(row.feedback_more),
            is_carried=row.carried_from is not None,
            empty_column=second_column
            if row.maximum is not None and not has_visible(row.feedback_more)
            else "",
        )
        for row in rows
    ]


def verdict_for(judgement: Judgement, rows: Iterable[JudgementLine]) -> Verdict:
    """Decide a judgement's sheet as its rows stand now."""
    return verdict_of(as_lines(rows), overall_minimum=judgement.assessment.total_min)


def assessors_lines(submission: Submission) -> list[JudgementLine]:
    """Return the lines that the assessor of a judged attempt signed."""
    signed = Judgement.objects.filter(
        submission=submission, state=Judgement.State.SIGNED, stage=Judgement.Stage.ASSESSOR
    )
    judgement = signed.order_by("-revision").first()
    return judgement_lines(judgement) if judgement else []


def final_lines(submission: Submission) -> list[JudgementLine]:
    """Return the lines that stand for a judged attempt: the IQA's after an overturn, else the assessor's."""
    overturned = Judgement.objects.filter(
        submission=submission,
        state=Judgement.State.SIGNED,
        stage=Judgement.Stage.IQA,
        basis=Judgement.Basis.OVERTURNED,
    )
    judgement = overturned.order_by("-revision").first()
    return judgement_lines(judgement) if judgement else assessors_lines(submission)
