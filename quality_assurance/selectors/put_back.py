"""Reviews of an attempt that were opened and put back, and what had been recorded in them."""

from datetime import UTC
from typing import Any

from centres.models import Membership
from marking.selectors import improvement_label, judgement_lines
from portfolios.models import Submission
from quality_assurance.models import Review
from quality_assurance.rules import PutBack, Side, side_of
from quality_assurance.selectors.standpoint import assessors_judgement, pair_up


def reviews_put_back(submission: Submission) -> list[Review]:
    """Return the reviews of an attempt that were put back, in their order."""
    rows = Review.objects.filter(submission=submission, result=Review.Result.PUT_BACK)
    return list(rows.select_related("iqa", "judgement").order_by("closed_at"))


def reviews_in_hand(by: Membership) -> Any:
    """Return the reviews that a person has open."""
    return Review.objects.filter(iqa=by, closed_at__isnull=True)


def put_back_views(submission: Submission, *, by: Membership) -> list[PutBack]:
    """Return what each review that was put back had recorded, as the member's release must know it."""
    reviews = reviews_put_back(submission)
    if not reviews:
        return []
    assessor = assessors_judgement(submission)
    theirs, column = judgement_lines(assessor), improvement_label(assessor)
    views = []
    for review in reviews:
        pairs = pair_up(theirs, judgement_lines(review.judgement), column=column)
        side = side_of(pairs, overall_minimum=assessor.assessment.total_min)
        views.append(
            PutBack(
                name=review.iqa.name,
                on=(review.closed_at or review.opened_at).astimezone(UTC).date(),
                is_own=review.iqa_id == by.pk,
                has_looked=review.judgement.is_written_on,
                differs=side is Side.OVERTURN,
            )
        )
    return views
