"""The board: assessed, reviewed and released work, as quality assurance looks over it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from assessments.models import AssessmentUnit
from assessments.selectors import unit_refs_of
from centres.models import Cohort, Membership
from marking.models import Judgement, JudgementLine
from marking.rules import Outcome, Stage, why_not_judge
from marking.selectors import standings_of
from portfolios.models import Submission
from portfolios.rules import State


class Tab(StrEnum):
    """What the board is cut by; each is a link with its count."""

    ASSESSED = "assessed"
    MINE = "mine"
    RELEASED = "released"
    ALL = "all"


SORTS = {
    "learner": "submission__registration__learner__name",
    "unit": "assessment__title",
    "attempt": "submission__attempt",
    "outcome": "final_outcome",
    "total": "final_total",
    "assessor": "judge__name",
    "signed": "signed_at",
    "state": "submission__state",
}
OF_TAB = {
    Tab.ASSESSED: Q(submission__state=State.ASSESSED.value),
    Tab.RELEASED: Q(submission__state=State.RELEASED.value),
    Tab.ALL: Q(),
}


@dataclass(frozen=True, slots=True)
class BoardFilters:
    """What a person asked the board for; nothing chosen shows everything of the tab."""

    tab: Tab = Tab.ASSESSED
    unit: str = ""
    assessor: UUID | None = None
    outcome: str = ""
    cohort: UUID | None = None
    sort: str = "signed"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One attempt on the board, with what this member may do with it or why they may not."""

    submission: Submission
    learner: str
    number: str
    units: str
    title: str
    cohort: str
    assessor: str
    outcome: str
    total: int | None
    maximum: int | None
    referred: int
    signed_at: datetime
    age: int
    reviewer: str
    review_id: UUID | None
    is_mine: bool
    was_overturned: bool
    is_unreviewed: bool
    why_not: str

    @property
    def is_waiting(self) -> bool:
        """Whether it is assessed and nobody reviews it."""
        return self.submission.state == State.ASSESSED.value

    @property
    def is_released(self) -> bool:
        """Whether its result is final."""
        return self.submission.state == State.RELEASED.value

    @property
    def state_words(self) -> str:
        """Where the attempt is, in the words of the person who looks."""
        if self.is_waiting:
            return "Assessed"
        if not self.is_released:
            return "Being reviewed by you" if self.is_mine else f"With {self.reviewer}"
        if self.is_unreviewed:
            return "Released without review"
        return "Released: overturned" if self.was_overturned else "Released: reviewed"


def board_rows(filters: BoardFilters, *, by: Membership) -> QuerySet[Judgement]:
    """Return the assessors' signed judgements that the filters leave, in the order asked for."""
    rows = _latest_signed().filter(_of_tab(filters.tab, by))
    rows = rows.annotate(
        final_outcome=Coalesce(F("submission__releases__outcome"), F("outcome")),
        final_total=Coalesce(F("submission__releases__total"), F("total")),
        final_judgement=Coalesce(F("submission__releases__judgement_id"), F("id")),
        released_review=F("submission__releases__review_id"),
        release_basis=F("submission__releases__basis"),
        open_review_id=F("open_review__id"),
        reviewer_id=F("open_review__iqa_id"),
        reviewer_name=F("open_review__iqa__name"),
        referred_count=_referred_count(),
    )
    if filters.unit:
        deciding = AssessmentUnit.objects.filter(assessment=OuterRef("assessment"), unit__ref=filters.unit)
        rows = rows.filter(Exists(deciding))
    if filters.assessor:
        rows = rows.filter(judge=filters.assessor)
    if filters.outcome:
        rows = rows.filter(final_outcome=filters.outcome)
    if filters.cohort:
        rows = rows.filter(submission__registration__cohort=filters.cohort)
    return rows.select_related(
        "submission__registration__learner",
        "submission__registration__cohort",
        "submission__assessment",
        "assessment",
        "judge",
    ).order_by(*_order(filters.sort))


def _latest_signed() -> QuerySet[Judgement]:
    newer = Judgement.objects.filter(
        submission=OuterRef("submission"),
        stage=Judgement.Stage.ASSESSOR,
        state=Judgement.State.SIGNED,
        revision__gt=OuterRef("revision"),
    )
    rows: QuerySet[Judgement] = Judgement.objects.filter(
        ~Exists(newer),
        stage=Judgement.Stage.ASSESSOR,
        state=Judgement.State.SIGNED,
        submission__state__in=[State.ASSESSED.value, State.IN_REVIEW.value, State.RELEASED.value],
    )
    return rows.annotate(
        open_review=FilteredRelation(
            "submission__reviews", condition=Q(submission__reviews__closed_at__isnull=True)
        )
    )


def _of_tab(tab: Tab, by: Membership) -> Q:
    return Q(open_review__iqa=by) if tab is Tab.MINE else OF_TAB[tab]


def _referred_count() -> Subquery:
    below = JudgementLine.objects.filter(
        Q(decision=Outcome.REFERRAL.value) | Q(mark__lt=F("minimum")),
        judgement_id=OuterRef("final_judgement"),
    )
    return Subquery(below.order_by().values("judgement_id").annotate(count=Count("id")).values("count"))


def _order(sort: str) -> list[Any]:
    field = F(SORTS.get(sort.removeprefix("-"), "signed_at"))
    first = field.desc(nulls_last=True) if sort.startswith("-") else field.asc(nulls_last=True)
    return [first, "signed_at", "id"]


def tab_counts(*, by: Membership) -> dict[str, int]:
    """Return how many attempts stand behind each tab, in one query."""
    counts = {tab.value: Count("id", filter=_of_tab(tab, by)) for tab in Tab if tab is not Tab.ALL}
    found: dict[str, int] = _latest_signed().aggregate(all=Count("id"), **counts)
    return found


def as_rows(judgements: Iterable[Any], *, by: Membership, at: datetime) -> list[BoardRow]:
    """Return one page of the board, with what keeps the member from each, in four queries."""
    judgements = list(judgements)
    units = unit_refs_of(judgement.assessment_id for judgement in judgements)
    learners = [judgement.submission.registration.learner_id for judgement in judgements]
    known = standings_of(by, today=localdate(at), learners=learners)
    return [
        _row(judgement, refs, why_not_judge(known.to(judgement.submission, refs), Stage.IQA), by, at)
        for judgement in judgements
        for refs in [units[judgement.assessment_id]]
    ]


def _row(judgement: Any, units: list[str], why_not: str, by: Membership, at: datetime) -> BoardRow:
    submission = judgement.submission
    registration = submission.registration
    return BoardRow(
        submission=submission,
        learner=registration.learner.name,
        number=registration.number,
        units=" / ".join(units),
        title=judgement.assessment.title,
        cohort=registration.cohort.name if registration.cohort else "",
        assessor=judgement.judge.name,
        outcome=judgement.final_outcome,
        total=judgement.final_total,
        maximum=judgement.assessment.total_max,
        referred=judgement.referred_count or 0,
        signed_at=judgement.signed_at,
        age=(localdate(at) - localdate(judgement.signed_at)).days,
        reviewer=judgement.reviewer_name or "",
        review_id=judgement.open_review_id or judgement.released_review,
        is_mine=judgement.reviewer_id == by.pk,
        was_overturned=judgement.final_judgement != judgement.pk,
        is_unreviewed=judgement.release_basis == "NOT_SAMPLED",
        why_not=why_not,
    )


@dataclass(frozen=True, slots=True)
class BoardChoices:
    """What can be chosen in the filters: only what the board holds."""

    units: list[tuple[str, str]]
    assessors: list[tuple[str, str]]
    cohorts: list[tuple[str, str]]


def board_choices() -> BoardChoices:
    """Return the units, assessors and cohorts on the board, in three queries."""
    judged = _latest_signed()
    units = AssessmentUnit.objects.filter(assessment__in=judged.values("assessment"))
    people = Membership.objects.filter(pk__in=judged.values("judge")).order_by("name", "pk")
    cohorts = Cohort.objects.filter(pk__in=judged.values("submission__registration__cohort"))
    return BoardChoices(
        units=[
            (ref, ref) for ref in units.order_by("unit__ref").values_list("unit__ref", flat=True).distinct()
        ],
        assessors=[(str(pk), name) for pk, name in people.values_list("pk", "name")],
        cohorts=[(str(pk), name) for pk, name in cohorts.order_by("name").values_list("pk", "name")],
    )
