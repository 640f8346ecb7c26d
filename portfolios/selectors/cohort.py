"""How far each learner has come in their programme, and who is stuck."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils.timezone import localdate

from assessments.selectors.programme import programmes_of
from lib.words import counted
from portfolios.models import Evidence, PracticeSession, Record, Submission
from portfolios.rules import Step, programme_steps
from portfolios.rules.programme import is_stuck
from portfolios.selectors.programme import entered_by
from qualifications.models import Achievement, QualificationUnit, Registration
from qualifications.rules import has_lapsed

ACTIVE = (
    (Evidence, "saved_at"),
    (PracticeSession, "saved_at"),
    (Record, "saved_at"),
    (Submission, "state_at"),
)
SORTS: dict[str, Any] = {
    "name": Lower("learner__name"),
    "registered": "registered_on",
    "cohort": Lower("cohort__name"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list of programmes is narrowed to."""

    q: str = ""
    cohort: str = ""
    qualification: str = ""
    state: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class Progress:
    """One learner's programme in a line."""

    registration: Any
    steps: tuple[Step, Step, Step]
    achieved: int
    units: int
    last_on: date
    is_stuck: bool
    quiet: int

    @property
    def missing(self) -> list[str]:
        """What is missing, in words."""
        return [text for step in self.steps for text in step.missing]

    def is_in(self, state: str) -> bool:
        """Whether it stands as the filter asks."""
        return {"stuck": self.is_stuck, "missing": bool(self.missing), "done": not self.missing}[state]

    @property
    def label(self) -> str:
        """How it stands, in words."""
        if self.is_stuck:
            return f"Stuck: nothing for {self.quiet} days"
        return f"{counted(len(self.missing), 'thing')} missing" if self.missing else "All recorded"


def programme_rows(asked: Asked) -> QuerySet[Any]:
    """Return the registrations that the list is narrowed to, but for how they stand, in its order."""
    where = Q()
    if asked.q:
        where &= Q(learner__name__icontains=asked.q) | Q(number__icontains=asked.q)
    if asked.cohort:
        where &= Q(cohort=asked.cohort)
    if asked.qualification:
        where &= Q(qualification__key=asked.qualification)
    rows: QuerySet[Any] = Registration.objects.filter(where).select_related(
        "learner", "qualification", "cohort"
    )
    for number, (model, moment) in enumerate(ACTIVE):
        own = model.objects.filter(registration=OuterRef("pk")).order_by().values("registration")
        latest = own.annotate(latest=Max(moment)).values("latest")
        rows = rows.annotate(**{f"active_{number}": Subquery(latest)})
    return rows.order_by(*_ordered(asked.sort), Lower("learner__name"), "pk")


def progress_of(rows: Sequence[Any], *, today: date) -> list[Progress]:
    """Return how far each registration has come, in four queries."""
    ids = [row.pk for row in rows]
    needs = programmes_of([row.qualification for row in rows])
    entered = entered_by(ids)
    achieved = Counter(
        Achievement.objects.filter(registration__in=ids).values_list("registration_id", flat=True)
    )
    links = QualificationUnit.objects.filter(qualification__in=list(needs))
    units = Counter(links.values_list("qualification_id", flat=True))
    found = []
    for row in rows:
        events = entered.get(row.pk, [])
        active = (getattr(row, f"active_{number}") for number in range(len(ACTIVE)))
        days = [
            row.registered_on,
            *(event.day for event in events),
            *(localdate(one) for one in active if one),
        ]
        last_on = max(days)
        found.append(
            Progress(
                registration=row,
                steps=programme_steps(needs[row.qualification_id], events),
                achieved=achieved[row.pk],
                units=units[row.qualification_id],
                last_on=last_on,
                is_stuck=is_stuck(
                    last_on=last_on,
                    today=today,
                    is_complete=achieved[row.pk] >= units[row.qualification_id],
                    has_ended=has_lapsed(today=today, expires_on=row.expires_on),
                ),
                quiet=(today - last_on).days,
            )
        )
    return found


def _ordered(sort: str) -> list[Any]:
    key = SORTS[sort.lstrip("-")]
    if isinstance(key, str):
        return [sort.replace("registered", key)]
    return [key.desc(nulls_last=True) if sort.startswith("-") else key.asc(nulls_last=True)]
