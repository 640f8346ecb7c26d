"""Taking work from the queue and handing it back."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from centres.actions import close_grant, open_grant, record_event
from centres.models import Membership
from lib.refusals import Refusal
from lib.visible import has_visible
from marking.actions.judge import AlreadyJudging, open_judgement, withdraw_judgement
from marking.models import Allocation, Judgement
from marking.selectors.queue import sheets_in_hand, waiting_for
from portfolios.actions import move_submission
from portfolios.models import Submission
from portfolios.rules import State

GRANT_REASON = "assessment"


class NothingToMark(Refusal):
    default_message = "Nothing waits for you."


class Taken(Refusal):
    default_message = "Someone else took this. Take the next one."


class ReasonNeeded(Refusal):
    default_message = "Say why. The next assessor sees it."


class NotYourJudgement(Refusal):
    default_message = "Someone else is marking this. You can read it."


@transaction.atomic
def take_next_submission(*, by: Membership, at: datetime) -> Judgement:
    """Give the assessor the longest-waiting submission that they may mark, so that no two mark the same.

    Raises NothingToMark.
    """
    submission = (
        waiting_for(by, today=localdate(at))
        .select_related("registration__learner", "assessment")
        .order_by("submitted_at", "id")
        .select_for_update(skip_locked=True, of=("self",))
        .first()
    )
    if submission is None:
        raise NothingToMark
    return _allocate(submission, by=by, at=at)


@transaction.atomic
def take_submission(*, submission: Submission, by: Membership, at: datetime) -> Judgement:
    """Give the assessor one submission that they chose from the queue; chosen twice, it is theirs once.

    Raises Taken, NotForYou.
    """
    submission = Submission.locked(submission.pk)
    if submission.state != State.SUBMITTED.value:
        return _in_hand(submission, by)
    return _allocate(submission, by=by, at=at)


def _in_hand(submission: Submission, by: Membership) -> Judgement:
    drafts = Judgement.objects.filter(
        submission=submission, judge=by, stage=Judgement.Stage.ASSESSOR, state=Judgement.State.DRAFT
    )
    judgement: Judgement | None = drafts.first()
    if judgement is None:
        raise Taken(_who_took(submission))
    return judgement


def _who_took(submission: Submission) -> str:
    allocation = (
        Allocation.objects.filter(submission=submission, ended_at__isnull=True)
        .select_related("assessor")
        .first()
    )
    return (
        f"{allocation.assessor.name} took this. Take the next one." if allocation else Taken.default_message
    )


def _allocate(submission: Submission, *, by: Membership, at: datetime) -> Judgement:
    try:
        judgement = open_judgement(submission=submission, stage=Judgement.Stage.ASSESSOR, by=by, at=at)
    except AlreadyJudging as error:
        raise Taken from error
    move_submission(submission=submission, to=State.IN_ASSESSMENT, at=at)
    Allocation.objects.create(submission=submission, assessor=by, taken_at=at, taken_by=by)
    open_grant(membership=by, object_id=submission.pk, reason=GRANT_REASON, at=at)
    record_event("marking.submission.taken", target=submission, by=by, at=at)
    return judgement


@transaction.atomic
def hand_back(*, judgement: Judgement, reason: str, by: Membership, at: datetime) -> None:
    """Put a submission back in the queue with the reason, so that the next assessor knows why.

    The unsigned sheet is set aside, not deleted. Raises ReasonNeeded, NotYourJudgement.
    """
    submission = Submission.locked(judgement.submission_id)
    judgement = Judgement.locked(judgement.pk)
    if judgement.judge_id != by.pk or judgement.state != Judgement.State.DRAFT:
        raise NotYourJudgement
    if not has_visible(reason):
        raise ReasonNeeded
    _hand_back(submission, judgement, reason=reason.strip(), by=by, at=at)


@transaction.atomic
def hand_back_for(*, member: Membership, reason: str, by: Membership, at: datetime) -> int:
    """Hand back all that somebody has in hand who no longer assesses here; returns how much that is."""
    count = 0
    for held in sheets_in_hand(member).order_by("submission_id"):
        submission = Submission.locked(held.submission_id)
        judgement = Judgement.locked(held.pk)
        if judgement.state == Judgement.State.DRAFT:
            _hand_back(submission, judgement, reason=reason, by=by, at=at)
            count += 1
    return count


def _hand_back(
    submission: Submission, judgement: Judgement, *, reason: str, by: Membership, at: datetime
) -> None:
    move_submission(submission=submission, to=State.SUBMITTED, at=at)
    withdraw_judgement(judgement=judgement, by=by, at=at)
    end_allocation(submission=submission, by=by, at=at, reason=reason)
    close_grant(membership=judgement.judge, object_id=submission.pk, reason=GRANT_REASON, at=at)
    record_event("marking.submission.handed_back", target=submission, by=by, at=at)


def end_allocation(*, submission: Submission, by: Membership, at: datetime, reason: str = "") -> None:
    """Close the allocation of a submission that was signed or handed back."""
    Allocation.objects.filter(submission=submission, ended_at__isnull=True).update(
        ended_at=at, ended_by=by, reason=reason
    )
