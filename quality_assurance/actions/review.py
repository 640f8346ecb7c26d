"""An IQA's decision: agree with the assessor, or overturn with a reason; either releases the result."""

from datetime import datetime

from django.db import transaction

from centres.actions import record_event
from centres.models import Membership
from lib.canonical import fingerprint
from lib.refusals import Refusal, StaleVersion
from lib.visible import has_visible
from marking.actions import record_writing, seal_judgement
from marking.actions.sign import SheetChanged, own_draft_to_sign
from marking.models import Judgement, JudgementLine
from marking.selectors import improvement_label, judgement_lines
from marking.selectors.record import sheet_version
from portfolios.models import Submission
from quality_assurance.actions.open import close_review, own_open_review
from quality_assurance.actions.release import ReasonNeeded, release_judged
from quality_assurance.models import Release, Review
from quality_assurance.rules import (
    Pair,
    changes_outcome,
    crosses_pass_line,
    has_looked,
    is_reason,
    named,
    own_total,
    verdict_beside,
    what_forbids_agreeing,
    what_lacks_feedback,
    what_overturn_lacks,
)
from quality_assurance.selectors.standpoint import assessors_judgement, column_of, pair_up, where_to_explain

OVERTURN_NEEDS_REASON = "Say why the decision changes, in a sentence. Both decisions stay on record."


class NothingLookedAt(Refusal):
    default_message = "Record what you looked at: a mark or decision of your own, or a note."


class CannotAgree(Refusal):
    """The IQA's own view crosses the pass line; ``refs`` names where."""

    def __init__(self, refs: list[str], where: str, *, by_total: bool) -> None:
        self.refs = refs
        what = (
            f"your own marks in {where} put the total on the other side of the pass line"
            if by_total
            else f"your own decision on {where} crosses the pass line"
        )
        super().__init__(f"You cannot agree: {what}. Overturn instead.")


class CannotOverturn(Refusal):
    """An overturn that lacks something; ``refs`` names where, if anywhere, and the message says what."""

    def __init__(self, message: str, refs: list[str] | None = None) -> None:
        self.refs = refs or []
        super().__init__(message)


class NoteChanged(StaleVersion):
    """Another tab saved this note; ``text`` is what is stored, to be shown beside what was typed."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__()


@transaction.atomic
def note_looked_at(
    *, review: Review, text: str, by: Membership, at: datetime, version: str | None = None
) -> Review:
    """Save the IQA's note of what they looked at, unless another tab was faster.

    ``version`` is ``note_version`` of the text that the page showed. Raises NotYourReview, ReviewClosed,
    NoteChanged.
    """
    review = own_open_review(review, by)
    if version is not None and version != note_version(review.looked_at):
        raise NoteChanged(review.looked_at)
    if has_visible(text):
        record_writing(Judgement.locked(review.judgement_id))
    review.looked_at = text
    review.save(update_fields=["looked_at"])
    return review


def note_version(text: str) -> str:
    """Return the short fingerprint by which a page tells whether a note is the one it showed."""
    return fingerprint(text.encode())[:12]


@transaction.atomic
def agree_and_release(
    *, review: Review, seen: str, confirmed_at: datetime, by: Membership, at: datetime
) -> Release:
    """Confirm the assessor's outcome, sign and release it.

    Raises NotYourReview, ReviewClosed, SheetChanged, NothingLookedAt, CannotAgree, ConfirmAgain,
    NotToRelease.
    """
    submission, review, judgement, rows = _to_decide(review, seen, by)
    assessor = assessors_judgement(submission)
    pairs = pair_up(judgement_lines(assessor), rows, column=improvement_label(assessor))
    if not has_looked(pairs, review.looked_at):
        raise NothingLookedAt
    _check_agree(pairs, assessor.assessment.total_min)
    judgement.basis = Judgement.Basis.AGREED
    seal_judgement(
        judgement=judgement,
        rows=rows,
        confirmed_at=confirmed_at,
        by=by,
        at=at,
        outcome=assessor.outcome,
        total=own_total(pairs, overall_minimum=assessor.assessment.total_min),
        looked_at=review.looked_at,
    )
    close_review(review, Review.Result.AGREED, by=by, at=at)
    return release_judged(submission=submission, judgement=assessor, review=review, by=by, at=at)


@transaction.atomic
def overturn_and_release(
    *, review: Review, reason: str, seen: str, confirmed_at: datetime, by: Membership, at: datetime
) -> Release:
    """Change the outcome on the IQA's own complete sheet, sign and release it; both decisions stay on record.

    Raises NotYourReview, ReviewClosed, SheetChanged, ReasonNeeded, CannotOverturn, ConfirmAgain,
    NotToRelease.
    """
    submission, review, judgement, rows = _to_decide(review, seen, by)
    assessor = assessors_judgement(submission)
    minimum = assessor.assessment.total_min
    pairs = pair_up(judgement_lines(assessor), rows, column=improvement_label(assessor))
    _check_overturn(pairs, reason, minimum)
    _complete(judgement_lines(assessor), rows, at=at)
    verdict = verdict_beside(pairs, overall_minimum=minimum)
    judgement.basis, judgement.reason = Judgement.Basis.OVERTURNED, reason.strip()
    seal_judgement(
        judgement=judgement,
        rows=rows,
        confirmed_at=confirmed_at,
        by=by,
        at=at,
        outcome=verdict.outcome.value,
        total=verdict.total,
        looked_at=review.looked_at,
    )
    close_review(review, Review.Result.OVERTURNED, by=by, at=at)
    record_event("quality_assurance.judgement.overturned", target=judgement, by=by, at=at)
    return release_judged(submission=submission, judgement=judgement, review=review, by=by, at=at)


def _to_decide(
    review: Review, seen: str, by: Membership
) -> tuple[Submission, Review, Judgement, list[JudgementLine]]:
    submission = Submission.locked(review.submission_id)
    review = own_open_review(review, by)
    judgement = own_draft_to_sign(Judgement.objects.get(pk=review.judgement_id), by)
    rows = judgement_lines(judgement)
    if sheet_version(judgement, rows, looked_at=review.looked_at) != seen:
        raise SheetChanged
    return submission, review, judgement, rows


def _check_agree(pairs: list[Pair], minimum: int | None) -> None:
    crossing = what_forbids_agreeing(pairs, overall_minimum=minimum)
    if crossing:
        raise CannotAgree(
            crossing,
            named(crossing, overall_minimum=minimum),
            by_total=not any(crosses_pass_line(pair) for pair in pairs),
        )


def _check_overturn(pairs: list[Pair], reason: str, minimum: int | None) -> None:
    lacking = what_overturn_lacks(pairs, overall_minimum=minimum)
    if lacking:
        where = named(lacking, overall_minimum=minimum)
        raise CannotOverturn(f"An overturn needs every mark of your own: give one for {where}.", lacking)
    if not changes_outcome(pairs, overall_minimum=minimum):
        raise CannotOverturn(
            "Your own decisions give the same result, so there is nothing to overturn. Agree instead."
        )
    unexplained = what_lacks_feedback(pairs)
    if unexplained:
        where = named(unexplained, overall_minimum=minimum)
        todo = where_to_explain(column_of(pairs))
        raise CannotOverturn(f"You refer {where}: {todo}, so that the learner knows why.", unexplained)
    if not is_reason(reason):
        raise ReasonNeeded(OVERTURN_NEEDS_REASON)


def _complete(assessor_rows: list[JudgementLine], rows: list[JudgementLine], *, at: datetime) -> None:
    """Fill the IQA's blank lines: the decision that stands on the assessor's sheet is adopted."""
    judged = {row.part_ref: row for row in assessor_rows}
    for row in rows:
        if row.mark is None and not row.decision:
            theirs = judged[row.part_ref]
            row.mark, row.decision = theirs.mark, theirs.decision
            row.is_adopted = True
            row.version += 1
            row.saved_at = at
            row.save(update_fields=["mark", "decision", "is_adopted", "version", "saved_at"])
