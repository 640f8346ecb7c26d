"""What the database refuses about reviews and releases."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import models

from marking import models as marking
from quality_assurance import actions as quality
from quality_assurance import models as reviews
from tests.house.refusals.statements import (
    TOO_MUCH,
    Refusal,
    copied,
    copy,
    member,
    update,
)
from tests.makers import AT
from tests.wall.world import World


def own_result(name: str) -> Callable[[World], object]:
    """Return a release of an assessed attempt by somebody."""
    return lambda world: released(world.ids["submission_id"], by=member(name))


def released(submission_id: Any, *, by: Any, review: Any = None) -> None:
    judgement = marking.Judgement.objects.get(submission=submission_id, stage="ASSESSOR", state="SIGNED")
    reviews.Release.objects.create(
        submission_id=submission_id,
        judgement=judgement,
        review=review,
        basis="REVIEWED" if review else "NOT_SAMPLED",
        reason="None.",
        outcome=judgement.outcome,
        total=judgement.total,
        released_at=AT,
        released_by=by,
    )


def put_back(world: World) -> None:
    review = reviews.Review.objects.get(pk=world.ids["review_id"])
    quality.put_back(review=review, by=world.cast.iqa, at=AT)
    released(review.submission_id, by=world.cast.iqa)


def handed_back(world: World) -> None:
    """Release somebody's signed work as an assessor who wrote on a sheet of it and set that aside."""
    signed = marking.Judgement.objects.get(
        submission=world.ids["submission_id"], stage="ASSESSOR", state="SIGNED"
    )
    copied(
        marking.Judgement.objects.filter(pk=signed.pk),
        judge=member("Tom"),
        state="WITHDRAWN",
        is_written_on=True,
        signed_at=None,
        signed_by=None,
    )
    released(world.ids["submission_id"], by=member("Tom"))


def released_against(world: World, *, result: str, is_named: bool) -> None:
    """Release the assessor's own judgement although a review overturned it, or is still open."""
    reviewed = reviews.Review.objects.filter(pk=world.ids["review_id"])
    if result:
        reviewed.update(result=result, closed_at=AT, closed_by=models.F("iqa"))
    review = reviewed.get()
    released(review.submission_id, by=world.cast.iqa, review=review if is_named else None)


QUALITY = [
    Refusal("quality_assurance_review_one_at_a_time", copy(reviews.Review, closed_at__isnull=True)),
    Refusal(
        "quality_assurance_review_end_is_signed",
        update(reviews.Review, {"closed_at": AT, "result": "AGREED"}, closed_at__isnull=True),
    ),
    *(
        Refusal(
            "quality_assurance_review_ends_with_a_result",
            update(reviews.Review, change, closed_at__isnull=True),
        )
        for change in ({"closed_at": AT, "closed_by": models.F("iqa")}, {"result": "AGREED"})
    ),
    Refusal(
        "quality_assurance_closed_review",
        update(reviews.Review, {"looked_at": "x"}, closed_at__isnull=False),
    ),
    Refusal("quality_assurance_release_once_an_attempt", copy(reviews.Release)),
    *(
        Refusal("quality_assurance_release_says_who_looked", copy(reviews.Release, changes=change))
        for change in ({"basis": "NOT_SAMPLED"}, {"review": None})
    ),
    Refusal("quality_assurance_release_reason_fits", copy(reviews.Release, changes={"reason": "x" * 2001})),
    *(
        Refusal("quality_assurance_review_note_fits", copy(reviews.Review, changes={"looked_at": text}))
        for text in TOO_MUCH
    ),
    Refusal("quality_assurance_not_own_decision", own_result("Priya")),
    Refusal("quality_assurance_releases_what_was_signed", copy(reviews.Release, changes={"total": 99})),
    Refusal(
        "quality_assurance_not_own_result",
        own_result("Amira"),
        holds="quality_assurance_releases_what_was_signed",
    ),
    Refusal("quality_assurance_looked_and_put_back", put_back),
    Refusal("quality_assurance_not_own_decision", handed_back),
    *(
        Refusal(
            "quality_assurance_release_is_what_the_review_says",
            partial(released_against, result=result, is_named=named),
        )
        for result, named in (("OVERTURNED", True), ("OVERTURNED", False), ("", True))
    ),
]
