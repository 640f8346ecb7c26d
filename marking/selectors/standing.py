"""How one member stands to attempts: their own, a declared conflict, what they judged, where competent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.timezone import localdate

from centres.models import Membership
from marking.models import Judgement
from marking.rules import Stage, Standing
from marking.selectors.queue import competent_refs, conflicts_of
from portfolios.models import Submission


@dataclass(frozen=True, slots=True)
class Standings:
    """What is known of one member, to be asked of any number of attempts at the registrations looked up."""

    member: UUID
    stages: dict[tuple[UUID, UUID], set[Stage]]
    conflicts: dict[UUID, date]
    competent: set[str]

    def to(self, submission: Submission, units: Iterable[str]) -> Standing:
        """Return how the member stands to an attempt that decides the units of these refs."""
        learner = submission.registration.learner
        return Standing(
            is_own=learner.membership_id == self.member,
            conflict_on=self.conflicts.get(learner.pk),
            stages=frozenset(self.stages.get((submission.registration_id, submission.assessment_id), ())),
            missing_units=sorted(set(units) - self.competent),
        )


def standings_of(member: Membership, *, today: date, registrations: Iterable[UUID]) -> Standings:
    """Return how a member stands to the work of some registrations, in three queries."""
    judged = Judgement.objects.filter(judge=member, registration__in=set(registrations)).exclude(
        state=Judgement.State.WITHDRAWN
    )
    stages: dict[tuple[UUID, UUID], set[Stage]] = defaultdict(set)
    for registration_id, assessment_id, stage in judged.values_list(
        "registration_id", "assessment_id", "stage"
    ):
        stages[registration_id, assessment_id].add(Stage(stage))
    return Standings(
        member=member.pk,
        stages=dict(stages),
        conflicts={row.learner_id: localdate(row.declared_at) for row in conflicts_of(member)},
        competent=competent_refs(member, today=today),
    )


def standing_to(submission: Submission, *, by: Membership, units: Iterable[str], today: date) -> Standing:
    """Return how a member stands to one attempt."""
    known = standings_of(by, today=today, registrations=[submission.registration_id])
    return known.to(submission, units)
