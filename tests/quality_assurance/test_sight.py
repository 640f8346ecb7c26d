"""Who reaches which address of quality assurance, and what everybody else gets."""

import pytest
from django.test import Client

from centres.models import Centre
from centres.permissions import Role
from centres.scoping import centre_scope
from lib.ids import new_id
from marking.models import JudgementLine, OutcomeComment
from quality_assurance.models import Review
from tests.makers import MENTORING, Cast, assessed, make_member
from tests.quality_assurance.people import (
    CRITERIA,
    opened,
    own_line,
    signed_in,
    url,
)

pytestmark = pytest.mark.django_db


def addresses(review: Review, line: JudgementLine, comment: OutcomeComment | None) -> list[tuple[str, str]]:
    """Return every address of this room with a method that it answers."""
    whole, part = {"review_id": review.pk}, {"submission_id": review.submission_id}
    found = [
        ("get", url("board")),
        ("get", url("board_table")),
        ("post", url("open", **part)),
        ("get", url("review", **whole)),
        ("post", url("line", line_id=line.pk, **whole)),
        ("post", url("note", **whole)),
        ("get", url("decide", **whole)),
        ("post", url("decide", **whole)),
        ("get", url("put_back", **whole)),
        ("post", url("put_back", **whole)),
        ("get", url("release", **part)),
        ("post", url("release", **part)),
        ("get", url("receipt", **part)),
    ]
    return [*found, ("post", url("comment", comment_id=comment.pk, **whole))] if comment else found


def test_other_roles_are_refused_and_strangers_find_nothing(northgate: Centre, harbour: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA))
    stranger = make_member(harbour, "Kit Moss", Role.IQA, Role.LEAD_IQA)
    with centre_scope(northgate.pk):
        comment = OutcomeComment.objects.filter(judgement=review.judgement_id).first()
    places = addresses(review, own_line(review, "1.1"), comment)
    for member in (cast.assessor, cast.learner, cast.administrator):
        client = signed_in(member)
        assert {getattr(client, method)(address).status_code for method, address in places} == {403}
    client = signed_in(stranger)
    assert {getattr(client, method)(address).status_code for method, address in places} == {404}
    anonymous = Client()
    for method, address in places:
        assert "/sign-in/" in getattr(anonymous, method)(address).headers["Location"]


def test_another_iqa_finds_neither_the_review_nor_its_parts_and_ids_of_elsewhere_are_nothing(
    northgate: Centre,
) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA))
    client = signed_in(cast.other_iqa)
    whole = {"review_id": review.pk}
    for method, address in addresses(review, own_line(review, "1.1"), None):
        if str(review.pk) in address:
            assert getattr(client, method)(address).status_code == 404
    own = signed_in(cast.iqa)
    nobody = new_id()
    assert own.post(url("line", line_id=nobody, **whole)).status_code == 404
    assert own.post(url("comment", comment_id=nobody, **whole)).status_code == 404
    assert own.post(url("open", submission_id=nobody)).status_code == 404
    assert own.get(url("release", submission_id=nobody)).status_code == 404
    assert own.get(url("receipt", submission_id=nobody)).status_code == 404
    with centre_scope(northgate.pk):
        theirs = JudgementLine.objects.filter(judgement__stage="ASSESSOR").first()
    assert own.post(url("line", line_id=theirs.pk, **whole), {"version": 2}).status_code == 404
