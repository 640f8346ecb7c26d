"""Opening a review of assessed work, and putting it back unreviewed."""

from datetime import datetime

from django.db import transaction

from centres.actions import close_grant, open_grant, record_event
from centres.models import Membership
from lib.refusals import Refusal
from marking.actions import open_judgement, withdraw_judgement
from marking.actions.judge import AlreadyJudging
from marking.models import Judgement
from portfolios.actions import move_submission
from portfolios.models import Submission
from portfolios.rules import State
from quality_assurance.models import Review
from quality_assurance.selectors.put_back import reviews_in_hand

GRANT_REASON = "review"


class ReviewTaken(Refusal):
    default_message = "Someone else is reviewing this, or it has been released."


class NotYourReview(Refusal):
    default_message = "Someone else opened this review. You can read it."


class ReviewClosed(Refusal):
    default_message = "This review is closed, so it no longer changes."


@transaction.atomic
def open_review(*, submission: Submission, by: Membership, at: datetime) -> Review:
    """Open assessed work for an IQA's own view beside the assessor's. Raises ReviewTaken, NotForYou."""
    submission = Submission.locked(submission.pk)
    if submission.state != State.ASSESSED.value:
        raise ReviewTaken(_who_has(submission))
    try:
        judgement = open_judgement(submission=submission, stage=Judgement.Stage.IQA, by=by, at=at)
    except AlreadyJudging as error:
        raise ReviewTaken from error
    move_submission(submission=submission, to=State.IN_REVIEW, at=at)
    review: Review = Review.objects.create(
        submission=submission, judgement=judgement, iqa=by, opened_at=at, opened_by=by
    )
    open_grant(membership=by, object_id=submission.pk, reason=GRANT_REASON, at=at)
    record_event("quality_assurance.review.opened", target=review, by=by, at=at)
    return review


def _who_has(submission: Submission) -> str:
    review = (
        Review.objects.filter(submission=submission, closed_at__isnull=True).select_related("iqa").first()
    )
    return f"{review.iqa.name} is reviewing this. Choose another." if review else ""


@transaction.atomic
def put_back(*, review: Review, by: Membership, at: datetime, reason: str = "") -> None:
    """Give up a review, so that another IQA may take it. Raises NotYourReview, ReviewClosed."""
    submission = Submission.locked(review.submission_id)
    _put_back(submission, own_open_review(review, by), reason=reason.strip(), by=by, at=at)


@transaction.atomic
def put_back_for(*, member: Membership, reason: str, by: Membership, at: datetime) -> int:
    """Put back every review that somebody has open who no longer reviews here; returns how many those are."""
    count = 0
    for held in reviews_in_hand(member).order_by("submission_id"):
        submission = Submission.locked(held.submission_id)
        review = Review.locked(held.pk)
        if review.closed_at is None:
            _put_back(submission, review, reason=reason, by=by, at=at)
            count += 1
    return count


def _put_back(submission: Submission, review: Review, *, reason: str, by: Membership, at: datetime) -> None:
    judgement = Judgement.locked(review.judgement_id)
    judgement.reason = reason
    judgement.save(update_fields=["reason"])
    withdraw_judgement(judgement=judgement, by=by, at=at)
    close_review(review, Review.Result.PUT_BACK, by=by, at=at)
    close_grant(membership=review.iqa, object_id=submission.pk, reason=GRANT_REASON, at=at)
    move_submission(submission=submission, to=State.ASSESSED, at=at)


def own_open_review(review: Review, by: Membership) -> Review:
    """Return the review, locked, when it is this IQA's and open. Raises NotYourReview, ReviewClosed."""
    review = Review.locked(review.pk)
    if review.iqa_id != by.pk:
        raise NotYourReview
    if review.closed_at is not None:
        raise ReviewClosed
    return review


def close_review(review: Review, result: Review.Result, *, by: Membership, at: datetime) -> None:
    """End a review with its result."""
    review.result = result
    review.closed_at, review.closed_by = at, by
    review.save(update_fields=["result", "closed_at", "closed_by"])
    record_event("quality_assurance.review.closed", target=review, by=by, at=at, result=result.value)
