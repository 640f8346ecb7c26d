"""Released work and its sheet, through the same actions that the site calls."""

from datetime import datetime, timedelta
from typing import Any

from centres.scoping import centre_scope
from marking import actions as marking
from marking.models import Judgement, ResultSheet
from marking.rules import Decision
from marking.selectors import judgement_lines
from portfolios.models import Submission
from portfolios.rules import State
from qualifications.models import Registration
from quality_assurance import actions as quality
from quality_assurance.models import Review
from quality_assurance.selectors.standpoint import review_version
from tests.makers import AT, Cast, assessed, decide, sign, submit, take
from tests.quality_assurance.people import release

REVIEWED_AT = AT + timedelta(days=3, hours=1)


def assessed_again(cast: Cast, values: dict[str, Any]) -> Judgement:
    """Submit the attempt that a referral opened, and decide and sign it; returns the signed judgement."""
    with centre_scope(cast.centre.pk):
        following = Submission.objects.get(previous__isnull=False, state=State.DRAFT.value)
    judgement = take(cast, submit(cast, following))
    decide(judgement, values)
    sign(judgement)
    with centre_scope(cast.centre.pk):
        rows = Judgement.objects.select_related("submission", "judge", "assessment")
        signed: Judgement = rows.get(pk=judgement.pk)
        return signed


def release_agreed(
    cast: Cast,
    judgement: Judgement,
    *,
    looked_at: str = "Read all of it.",
    own: dict[str, Any] | None = None,
    comments: dict[int, str] | None = None,
) -> ResultSheet:
    """Let the IQA agree, with marks of their own if given; returns the sheet that the release asked for."""
    with centre_scope(cast.centre.pk):
        review = quality.open_review(submission=judgement.submission, by=cast.iqa, at=REVIEWED_AT)
        _enter(cast, review, own or {})
        comment_on(review.judgement, comments or {})
        quality.note_looked_at(review=review, text=looked_at, by=cast.iqa, at=REVIEWED_AT)
        quality.agree_and_release(
            review=review,
            seen=review_version(review),
            confirmed_at=REVIEWED_AT - timedelta(seconds=5),
            by=cast.iqa,
            at=REVIEWED_AT,
        )
        return sheet_of(judgement)


def comment_on(judgement: Judgement, comments: dict[int, str]) -> None:
    """Let a judge comment on learning outcomes by number; call it inside the centre's scope."""
    for number, text in comments.items():
        marking.save_outcome_comment(
            judgement=judgement, number=number, text=text, version=1, by=judgement.judge, at=REVIEWED_AT
        )


def _enter(cast: Cast, review: Review, values: dict[str, Any]) -> None:
    for line in judgement_lines(review.judgement):
        if line.part_ref in values:
            value = values[line.part_ref]
            marking.save_line(
                line=line,
                version=line.version,
                mark=None if isinstance(value, Decision) else value,
                decision=value if isinstance(value, Decision) else None,
                feedback=f"Seen again: {line.part_ref}.",
                feedback_more=f"Say more of {line.part_ref}." if line.maximum else "",
                by=cast.iqa,
                at=REVIEWED_AT,
            )


def release_overturned(cast: Cast, judgement: Judgement, values: dict[str, Any], *, why: str) -> ResultSheet:
    """Let the IQA overturn with marks or decisions of their own; returns the sheet."""
    with centre_scope(cast.centre.pk):
        review = quality.open_review(submission=judgement.submission, by=cast.iqa, at=REVIEWED_AT)
        _enter(cast, review, values)
        quality.overturn_and_release(
            review=review,
            reason=why,
            seen=review_version(review),
            confirmed_at=REVIEWED_AT - timedelta(seconds=5),
            by=cast.iqa,
            at=REVIEWED_AT,
        )
        return sheet_of(judgement)


def release_unsampled(
    cast: Cast, judgement: Judgement, *, reason: str = "Low risk this spring."
) -> ResultSheet:
    """Release without a review; returns the sheet."""
    with centre_scope(cast.centre.pk):
        quality.release_unreviewed(
            submission=judgement.submission,
            reason=reason,
            confirmed_at=REVIEWED_AT - timedelta(seconds=5),
            by=cast.lead,
            at=REVIEWED_AT,
        )
        return sheet_of(judgement)


def achieve(cast: Cast, key: str, *, within: Registration | None = None, at: datetime = AT) -> Submission:
    """Let the learner pass an assessment in a registration, and release it; returns the attempt."""
    usual, cast.registration = cast.registration, within or cast.registration
    submission: Submission = assessed(cast, key, at=at).submission
    cast.registration = usual
    release(submission, cast.lead, at=at)
    return submission


def sheet_of(judgement: Judgement) -> ResultSheet:
    """Return the sheet of a judged attempt; call it inside the centre's scope."""
    sheet: ResultSheet = ResultSheet.objects.get(submission_id=judgement.submission_id)
    return sheet
