"""The pages of quality assurance: the board, a review, the decision, a release without review."""

import pytest

from centres.models import Centre, Grant
from centres.scoping import centre_scope
from quality_assurance.models import Review
from tests.makers import Cast, assessed
from tests.quality_assurance.people import (
    SECTIONS,
    signed_in,
    url,
)

pytestmark = pytest.mark.django_db

REFERRED = {"1": 11, "2": 26, "3": 24, "4": 26}


def test_the_board_shows_what_waits_and_opens_a_review_with_sight_of_the_evidence(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS, REFERRED)
    client = signed_in(cast.iqa)
    board = client.get(url("board")).content.decode()
    assert "Amira Khan" in board
    assert "87 / 100" in board
    assert "Provisional" in board

    answer = client.post(url("open", submission_id=judgement.submission_id))
    with centre_scope(northgate.pk):
        review = Review.objects.get()
        assert Grant.objects.filter(membership=cast.iqa, object_id=judgement.submission_id).exists()
    assert answer.headers["Location"] == url("review", review_id=review.pk)
    page = client.get(answer.headers["Location"]).content.decode()
    assert "What I did for 1." in page
    assert "11 / 24" in page
    again = client.post(url("open", submission_id=judgement.submission_id))
    assert again.headers["Location"] == answer.headers["Location"]
    assert "Carry on" in client.get(url("board") + "?tab=mine").content.decode()
