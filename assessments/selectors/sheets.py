"""What the page of an assessment shows: its sheet as it will be marked."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from assessments.models import (
    Assessment,
    AssessmentUnit,
    QualificationAssessment,
    Section,
    SheetCriterion,
)
from assessments.selectors.browse import inner, texts
from qualifications.models import Criterion, Unit


@dataclass(frozen=True, slots=True)
class CriterionShown:
    """A criterion that a statement shows, where its unit words it."""

    unit: Unit
    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a section with the criteria that it shows."""

    text: str
    criteria: list[CriterionShown]


@dataclass(frozen=True, slots=True)
class SectionOnPage:
    """One section of a mark sheet."""

    position: int
    heading: str
    maximum: int
    minimum: int
    statements: list[Statement]
    prompts: list[str]


@dataclass(frozen=True, slots=True)
class LineOnPage:
    """One criterion of a result sheet with its sufficiency descriptors."""

    ref: str
    text: str
    referral: list[str]
    passed: list[str]


@dataclass(frozen=True, slots=True)
class OutcomeLines:
    """The criteria that a result sheet prints under one learning outcome."""

    number: int
    text: str
    lines: list[LineOnPage]


@dataclass(frozen=True, slots=True)
class Task:
    """One task of an assignment with what it asks for, each by its criterion."""

    title: str
    items: list[tuple[str, str]]


def sections_of(assessment: Assessment) -> list[SectionOnPage]:
    """Return the sections of the mark sheet in order, with the text of every criterion they show."""
    units = AssessmentUnit.objects.filter(assessment=assessment).values("unit")
    criteria = Criterion.objects.filter(outcome__unit__in=units).select_related("outcome__unit")
    known = {
        f"{row.outcome.unit.ref} {row.ref}": CriterionShown(row.outcome.unit, row.ref, row.text)
        for row in criteria
    }
    return [
        SectionOnPage(
            position=section.position,
            heading=section.heading,
            maximum=section.max_marks,
            minimum=section.min_marks,
            statements=[
                Statement(said["text"], [known[ref] for ref in said["criteria"] if ref in known])
                for said in section.statements
            ],
            prompts=section.prompts,
        )
        for section in Section.objects.filter(assessment=assessment).order_by("position")
    ]


def outcome_lines_of(assessment: Assessment) -> list[OutcomeLines]:
    """Return the result sheet's criteria by learning outcome, in the order that it prints them."""
    rows = (
        SheetCriterion.objects.filter(assessment=assessment)
        .select_related("criterion__outcome")
        .order_by("position")
    )
    return [
        OutcomeLines(
            number=outcome.number,
            text=outcome.text,
            lines=[
                LineOnPage(
                    row.criterion.ref, row.text_on_sheet, row.referral_descriptors, row.pass_descriptors
                )
                for row in group
            ],
        )
        for outcome, group in groupby(rows, key=lambda row: row.criterion.outcome)
    ]


def units_decided_by(assessment: Assessment) -> list[Unit]:
    """Return the units that the assessment decides, in its order."""
    rows = AssessmentUnit.objects.filter(assessment=assessment).select_related("unit").order_by("position")
    return [row.unit for row in rows]


def labels_by_qualification(assessment: Assessment) -> QuerySet[QualificationAssessment]:
    """Return the qualifications that use the assessment, with the feedback labels that each prints."""
    return (
        QualificationAssessment.objects.filter(assessment=assessment)
        .select_related("qualification")
        .order_by("qualification__level", "qualification__title", "qualification__version")
    )


def notes_of(assessment: Assessment) -> list[str]:
    """Return what the assessment says about its task and its length."""
    return [text for key in ("task_note", "word_count_note") for text in texts(assessment.details.get(key))]


def tasks_of(assessment: Assessment) -> list[Task]:
    """Return the tasks of the assignment, where it is cut into several."""
    rows: Any = assessment.details.get("tasks")
    return [
        Task(
            title=" ".join(texts(inner(row, "task"))),
            items=[
                (" ".join(texts(inner(item, "ref"))), text)
                for item in _list(inner(row, "items"))
                for text in texts(inner(item, "text"))
            ],
        )
        for row in _list(rows)
    ]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
