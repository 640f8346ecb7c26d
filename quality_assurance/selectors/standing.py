"""How one member stands to assessed work: their own, a declared conflict, or what they judged before."""

from dataclasses import dataclass
from uuid import UUID

from centres.models import Membership
from marking.models import Judgement
from marking.selectors.queue import OTHER_STAGE, OWN_WORK
from portfolios.models import Submission
from qualifications.models import ConflictOfInterest

OWN_RESULT = "You cannot release your own result. Someone else must."


@dataclass(frozen=True, slots=True)
class Standing:
    """What keeps a member from reviewing or releasing, asked of any number of attempts.

    ``judged`` holds the pairs of registration and assessment that they judged at another stage, and
    ``conflicts`` the words for each learner with whom they declared one.
    """

    member: UUID
    judged: frozenset[tuple[UUID, UUID]]
    conflicts: dict[UUID, str]

    def has_judged(self, submission: Submission) -> bool:
        """Say whether they judged an attempt at the same work at another stage."""
        return (submission.registration_id, submission.assessment_id) in self.judged

    def why_not_review(self, submission: Submission) -> str:
        """Return the reason why they may not review, in the words of the action, or nothing."""
        learner = submission.registration.learner
        if learner.membership_id == self.member:
            return OWN_WORK[Judgement.Stage.IQA]
        if learner.pk in self.conflicts:
            return self.conflicts[learner.pk]
        return OTHER_STAGE[Judgement.Stage.IQA] if self.has_judged(submission) else ""

    def why_not_release(self, submission: Submission) -> str:
        """Return the reason why they may not release, or nothing."""
        if submission.registration.learner.membership_id == self.member:
            return OWN_RESULT
        return self.why_not_review(submission)


def standing_of(member: Membership) -> Standing:
    """Return how a member stands to all work of the centre, in two queries."""
    judged = (
        Judgement.objects.filter(judge=member)
        .exclude(stage=Judgement.Stage.IQA)
        .exclude(state=Judgement.State.WITHDRAWN)
    )
    declared = ConflictOfInterest.objects.filter(membership=member, withdrawn_at__isnull=True)
    return Standing(
        member=member.pk,
        judged=frozenset(judged.values_list("registration_id", "assessment_id")),
        conflicts={
            row.learner_id: (
                f"You declared a conflict of interest with this learner on {row.declared_at:%-d %b %Y}."
            )
            for row in declared
        },
    )
