"""Releasing results: a pass achieves its units, a referral opens the next attempt, either makes a sheet.

A referral of work whose units were achieved meanwhile, in another registration, opens nothing.
"""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from assessments.models import AssessmentUnit
from assessments.selectors import unit_refs
from centres.actions import open_grant, record_event
from centres.models import Membership
from lib.refusals import Refusal
from marking.actions import request_sheet
from marking.actions.sign import ConfirmAgain
from marking.models import Judgement
from marking.rules import is_confirmed, referred_refs, why_not_release
from marking.selectors import as_lines, judgement_lines, standing_to
from marking.selectors.sheet import ReleaseFacts
from portfolios.actions import move_submission, open_next_attempt
from portfolios.models import Submission
from portfolios.rules import State
from portfolios.selectors.elsewhere import is_achieved
from qualifications.actions import record_achievement
from quality_assurance.models import Release, Review
from quality_assurance.rules import is_reason, why_not_unreviewed
from quality_assurance.selectors.follow import statement_of
from quality_assurance.selectors.put_back import put_back_views
from quality_assurance.selectors.standpoint import assessors_judgement

GRANT_REASON = "release"


class NotToRelease(Refusal):
    """Somebody whom the rules keep from this result; the message says why."""


class ReasonNeeded(Refusal):
    default_message = "Say why this is released without review, in a few words. The sheet prints it."


class NotAssessed(Refusal):
    default_message = "Only assessed work that nobody is reviewing can be released."


@transaction.atomic
def release_unreviewed(
    *, submission: Submission, reason: str, confirmed_at: datetime, by: Membership, at: datetime
) -> Release:
    """Release an assessor's result without a review; the sheet says so and carries no IQA signature.

    Raises NotAssessed, NotToRelease, ReasonNeeded, ConfirmAgain.
    """
    submission = Submission.locked(submission.pk)
    if submission.state != State.ASSESSED.value:
        raise NotAssessed
    check_may_release_unreviewed(submission, by=by, at=at)
    if not is_reason(reason):
        raise ReasonNeeded
    if not is_confirmed(confirmed_at=confirmed_at, at=at):
        raise ConfirmAgain
    judgement = assessors_judgement(submission)
    return release_judged(
        submission=submission, judgement=judgement, review=None, reason=reason.strip(), by=by, at=at
    )


def release_judged(
    *,
    submission: Submission,
    judgement: Judgement,
    review: Review | None,
    by: Membership,
    at: datetime,
    reason: str = "",
) -> Release:
    """Make a signed judgement of a locked submission final, with all that follows.

    Raises NotToRelease.
    """
    check_may_release(submission, by=by, at=at)
    basis = Release.Basis.REVIEWED if review else Release.Basis.NOT_SAMPLED
    release: Release = Release.objects.create(
        submission=submission,
        judgement=judgement,
        review=review,
        basis=basis,
        reason=reason,
        outcome=judgement.outcome,
        total=judgement.total,
        released_at=at,
        released_by=by,
    )
    move_submission(submission=submission, to=State.RELEASED, at=at)
    record_event(
        "quality_assurance.result.released",
        target=submission,
        by=by,
        at=at,
        outcome=release.outcome,
        basis=basis.value,
    )
    _follow(submission, judgement, by=by, at=at)
    sheet = request_sheet(submission=submission, release=_facts(release), by=by, at=at)
    open_grant(membership=by, object_id=sheet.pk, reason=GRANT_REASON, at=at)
    return release


def check_may_release(submission: Submission, *, by: Membership, at: datetime) -> None:
    """Refuse a release of one's own work, over a declared conflict, or of what one judged (promise 1).

    Raises NotToRelease.
    """
    units = unit_refs(submission.assessment_id)
    reason = why_not_release(standing_to(submission, by=by, units=units, today=localdate(at)))
    if reason:
        raise NotToRelease(reason)


def check_may_release_unreviewed(submission: Submission, *, by: Membership, at: datetime) -> None:
    """Refuse besides what a review that was put back has left open. Raises NotToRelease."""
    check_may_release(submission, by=by, at=at)
    reason = why_not_unreviewed(put_back_views(submission, by=by))
    if reason:
        raise NotToRelease(reason)


def _follow(submission: Submission, judgement: Judgement, *, by: Membership, at: datetime) -> None:
    if judgement.outcome == "PASS":
        rows = AssessmentUnit.objects.filter(assessment_id=submission.assessment_id).select_related("unit")
        record_achievement(
            registration=submission.registration,
            units=[row.unit for row in rows],
            submission_id=submission.pk,
            by=by,
            at=at,
        )
        return
    if is_achieved(submission.registration, submission.assessment):
        return
    refs = referred_refs(
        as_lines(judgement_lines(judgement)), overall_minimum=submission.assessment.total_min
    )
    open_next_attempt(previous=submission, reopen=refs, by=by, at=at)


def _facts(release: Release) -> ReleaseFacts:
    return ReleaseFacts(
        outcome=release.outcome,
        total=release.total,
        basis=release.basis,
        statement=statement_of(release),
        looked_at=release.review.looked_at if release.review else "",
        released_by=release.released_by.name,
        released_at=release.released_at,
    )
