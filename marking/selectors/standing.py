"""How one member stands to attempts: their own, a declared conflict, what they judged, where competent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils.timezone import localdate

from assessments.selectors import unit_refs
from centres.models import Membership
from marking.models import Judgement
from marking.rules import Stage, Standing, why_not_judge
from marking.selectors.queue import competent_refs, conflicts_of
from portfolios.models import Submission

HAND_BACK = "Hand it back so that someone else can."


@dataclass(frozen=True, slots=True)
class Standings:
    """What is known of one member, to be asked of any number of attempts of the learners looked up."""

    member: UUID
    stages: dict[tuple[UUID, str], set[Stage]]
    conflicts: dict[UUID, date]
    competent: set[str]

    def to(self, submission: Submission, units: Iterable[str]) -> Standing:
        """Return how the member stands to an attempt that decides the units of these refs."""
        learner = submission.registration.learner
        return Standing(
            is_own=learner.membership_id == self.member,
            conflict_on=self.conflicts.get(learner.pk),
            stages=frozenset(self.stages.get((learner.pk, submission.assessment.key), ())),
            missing_units=sorted(set(units) - self.competent),
        )


def standings_of(member: Membership, *, today: date, learners: Iterable[UUID]) -> Standings:
    """Return how a member stands to the work of some learners, in three queries.

    What they judged under an earlier registration of a learner counts too, and what they wrote on and set
    aside.
    """
    judged = Judgement.objects.counting().filter(judge=member, registration__learner__in=set(learners))
    stages: dict[tuple[UUID, str], set[Stage]] = defaultdict(set)
    for learner_id, key, stage in judged.values_list("registration__learner_id", "assessment__key", "stage"):
        stages[learner_id, key].add(Stage(stage))
    return Standings(
        member=member.pk,
        stages=dict(stages),
        conflicts={row.learner_id: localdate(row.declared_at) for row in conflicts_of(member)},
        competent=competent_refs(member, today=today),
    )


def standing_to(submission: Submission, *, by: Membership, units: Iterable[str], today: date) -> Standing:
    """Return how a member stands to one attempt."""
    known = standings_of(by, today=today, learners=[submission.registration.learner_id])
    return known.to(submission, units)


@dataclass(frozen=True, slots=True)
class InHand:
    """What came between a person and work that they have in hand.

    ``reason`` says why they may not sign it after all; ``lapsed`` are the units in which their competence has
    ended, which blocks new work and only warns about what is in hand (promise 5).
    """

    reason: str
    lapsed: list[str]


def in_hand(
    submission: Submission, *, by: Membership, at: datetime, units: list[str] | None = None
) -> InHand:
    """Return what came between a person and an attempt since they took it.

    ``units`` may be given by whoever knows them already.
    """
    refs = unit_refs(submission.assessment_id) if units is None else units
    standing = standing_to(submission, by=by, units=refs, today=localdate(at))
    reason = why_not_judge(replace(standing, missing_units=()), Stage.ASSESSOR)
    return InHand(f"{reason} {HAND_BACK}" if reason else "", list(standing.missing_units))
