"""The rows of the assessors' queue: what waits, what is in hand, what was signed, and who may take what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.timezone import localdate

from assessments.models import AssessmentUnit
from centres.models import Cohort, Membership
from marking.models import Judgement
from marking.rules import Stage, why_not_judge
from marking.selectors.queue import waiting_for
from marking.selectors.standing import standings_of
from portfolios.models import Submission
from portfolios.rules import State

LONG_WAIT = timedelta(days=10)
ASSESSOR = Judgement.Stage.ASSESSOR
TABS = {"waiting": "Waiting", "mine": "Mine", "signed": "Signed by me", "all": "All"}
SORTS = {
    "learner": "registration__learner__name",
    "unit": "assessment__title",
    "attempt": "attempt",
    "age": "-submitted_at",
    "assessor": "assessor_name",
    "state": "state",
}
STATE_WORDS = {
    State.SUBMITTED: ("waiting", "Waiting"),
    State.IN_ASSESSMENT: ("assessing", "Being assessed"),
    State.AWAITING_COUNTERSIGN: ("waiting", "Waiting to be countersigned"),
    State.ASSESSED: ("assessed", "Assessed (provisional)"),
    State.IN_REVIEW: ("review", "In review (provisional)"),
    State.RELEASED: ("released", "Released"),
}


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a person asks the queue for; empty values ask for everything."""

    state: str = "waiting"
    unit: str = ""
    cohort: str = ""
    learner: str = ""
    is_over: bool = False
    sort: str = "-age"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One attempt in the queue; ``refusal`` says why the person may not take it."""

    submission: Any
    units: str
    age: str
    state: tuple[str, str]
    refusal: str

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has it yet."""
        return bool(self.submission.state == State.SUBMITTED.value)

    @property
    def opens(self) -> bool:
        """Whether the person has or had it, so that it opens."""
        return self.submission.own_judgement is not None


def queue(by: Membership, wanted: QueueFilter, *, at: datetime) -> Any:
    """Return the attempts that a person asks for, in their order."""
    rows = _all(by).select_related("registration__learner", "assessment")
    rows = rows.prefetch_related("assessment__assessment_units__unit")
    for condition in _conditions(wanted, at):
        rows = rows.filter(condition)
    key = SORTS[wanted.sort.removeprefix("-")]
    if wanted.sort.startswith("-"):
        key = key.removeprefix("-") if key.startswith("-") else f"-{key}"
    return rows.order_by(key, "submitted_at", "id")


def _all(by: Membership) -> Any:
    judged = Judgement.objects.filter(submission=OuterRef("pk"), stage=ASSESSOR)
    judged = judged.exclude(state=Judgement.State.WITHDRAWN).order_by("-revision")
    own = judged.filter(judge=by)
    return Submission.objects.exclude(state=State.DRAFT.value).annotate(
        assessor_name=Subquery(judged.values("judge__name")[:1]),
        own_judgement=Subquery(own.values("pk")[:1]),
        is_mine=Exists(own.filter(state=Judgement.State.DRAFT)),
        is_signed=Exists(own.filter(state=Judgement.State.SIGNED)),
    )


def _tab(name: str) -> Q:
    return {
        "waiting": Q(state=State.SUBMITTED.value),
        "mine": Q(is_mine=True),
        "signed": Q(is_signed=True),
        "all": Q(),
    }[name]


def _conditions(wanted: QueueFilter, at: datetime) -> Iterable[Q]:
    yield _tab(wanted.state)
    if wanted.unit:
        yield Q(assessment__in=AssessmentUnit.objects.filter(unit__ref=wanted.unit).values("assessment"))
    if wanted.cohort:
        yield Q(registration__cohort__name__iexact=wanted.cohort)
    if wanted.learner:
        yield Q(registration__learner__name__icontains=wanted.learner) | Q(
            registration__number__icontains=wanted.learner
        )
    if wanted.is_over:
        yield Q(submitted_at__lt=at - LONG_WAIT)


def tab_counts(by: Membership) -> dict[str, int]:
    """Return how many attempts lie under each tab, whatever the filters, in one query."""
    counts: dict[str, int] = _all(by).aggregate(**{name: Count("pk", filter=_tab(name)) for name in TABS})
    return counts


def waiting_count(by: Membership, *, at: datetime) -> int:
    """Return how many attempts wait that the person may take."""
    return int(waiting_for(by, today=localdate(at)).count())


def unit_choices() -> list[str]:
    """Return the units of what is in the queue."""
    used = Submission.objects.exclude(state=State.DRAFT.value).values("assessment")
    refs = AssessmentUnit.objects.filter(assessment__in=used).values_list("unit__ref", flat=True)
    return list(refs.distinct().order_by("unit__ref"))


def cohort_choices() -> list[str]:
    """Return the cohorts of the centre by name."""
    return list(Cohort.objects.order_by("name").values_list("name", flat=True))


def queue_rows(submissions: Iterable[Any], by: Membership, *, at: datetime) -> list[QueueRow]:
    """Return one page of the queue as it is shown, with the reasons in three queries for all its rows."""
    page = list(submissions)
    today = localdate(at)
    known = standings_of(by, today=today, learners=[row.registration.learner_id for row in page])
    rows = []
    for row in page:
        units = [link.unit.ref for link in row.assessment.assessment_units.all()]
        rows.append(
            QueueRow(
                submission=row,
                units=" / ".join(units),
                age=_age_in_words(row, at),
                state=STATE_WORDS[State(row.state)],
                refusal=why_not_judge(known.to(row, units), Stage.ASSESSOR),
            )
        )
    return rows


def _age_in_words(row: Any, at: datetime) -> str:
    if row.state not in (State.SUBMITTED.value, State.IN_ASSESSMENT.value):
        return ""
    days = (localdate(at) - localdate(row.submitted_at)).days
    return {0: "today", 1: "1 day"}.get(days, f"{days} days")
