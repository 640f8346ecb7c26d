"""A conflict of interest that is declared while a review is open stops its decision."""

from collections.abc import Callable

import pytest

from centres.models import Centre
from centres.scoping import centre_scope
from marking.models import Signature
from qualifications.actions import declare_conflict
from quality_assurance.actions.release import NotToRelease
from quality_assurance.models import Release, Review
from tests.makers import AT, Cast, assessed
from tests.quality_assurance.people import SECTIONS, agree, enter, note, opened, overturn

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("decide", [agree, overturn])
def test_a_conflict_declared_during_a_review_stops_the_iqa(
    northgate: Centre, decide: Callable[[Review], Release]
) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    note(review)
    if decide is overturn:
        enter(review, {"1": 3, "2": 20, "3": 20, "4": 20}, feedback="Below the bar.")
    with centre_scope(northgate.pk):
        declare_conflict(
            membership=cast.iqa,
            learner=cast.registration.learner,
            reason="Neighbours since May.",
            by=cast.iqa,
            at=AT,
        )
    with pytest.raises(NotToRelease, match="You declared a conflict of interest"):
        decide(review)
    with centre_scope(northgate.pk):
        assert not Release.objects.exists()
        assert not Signature.objects.filter(judgement=review.judgement_id).exists()
        assert Review.objects.get(pk=review.pk).closed_at is None
