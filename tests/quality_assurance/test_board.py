"""The board: what waits, why a row is not for somebody, filters, the table for a spreadsheet, its cost."""

import copy
from typing import Any

import pytest

from centres.models import Centre, Grant, Membership
from centres.permissions import Role
from centres.scoping import centre_scope
from qualifications.actions import declare_conflict
from quality_assurance.models import Review
from tests.makers import (
    AT,
    Cast,
    assessed,
    make_competent,
    make_learner,
    make_member,
)
from tests.quality_assurance.people import (
    SECTIONS,
    opened,
    release,
    signed_in,
    text_of,
    url,
)

pytestmark = pytest.mark.django_db

BOARD_QUERIES = 25
REFERRED = {"1": 11, "2": 26, "3": 24, "4": 26}


def another(cast: Cast, name: str, number: str) -> Cast:
    """Return the same people with another learner."""
    other = copy.copy(cast)
    other.registration = make_learner(cast.centre, name, by=cast.administrator, number=number)
    with centre_scope(cast.centre.pk):
        other.learner = other.registration.learner.membership
    return other


def test_the_board_shows_what_waits_and_opens_a_review_with_sight_of_the_evidence(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS, REFERRED)
    client = signed_in(cast.iqa)
    board = text_of(client, url("board"))
    assert "Amira Khan" in board
    assert "87 / 100" in board
    assert "Provisional" in board
    assert "What I did for 1." not in board

    answer = client.post(url("open", submission_id=judgement.submission_id))
    with centre_scope(northgate.pk):
        review = Review.objects.get()
        assert Grant.objects.filter(membership=cast.iqa, object_id=judgement.submission_id).exists()
    assert answer.headers["Location"] == url("review", review_id=review.pk)
    page = text_of(client, answer.headers["Location"])
    assert "What I did for 1." in page
    assert "11 / 24" in page
    again = client.post(url("open", submission_id=judgement.submission_id))
    assert again.headers["Location"] == answer.headers["Location"]
    assert "Carry on" in text_of(client, url("board") + "?tab=mine")


def test_the_board_keeps_rows_that_a_member_may_not_touch_and_says_why(northgate: Centre) -> None:
    cast = Cast(northgate)
    both = make_member(northgate, "Iris Both", Role.ASSESSOR, Role.IQA)
    make_competent(both, by=cast.lead)
    judgement = assessed(cast, SECTIONS)
    ben = another(cast, "Ben Okoro", "B-2")
    ben.assessor = both
    assessed(ben, SECTIONS)
    with centre_scope(northgate.pk):
        learner = judgement.submission.registration.learner
        declare_conflict(membership=both, learner=learner, reason="Sister.", by=both, at=AT)
    board = text_of(signed_in(both), url("board"))
    assert "You assessed this, so someone else must review it." in board
    assert "You declared a conflict of interest with this learner on 2 Nov 2026." in board
    assert "/open/" not in board


def test_the_board_filters_sorts_and_exports(northgate: Centre) -> None:
    cast = Cast(northgate)
    assessed(cast, SECTIONS, REFERRED)
    ben = another(cast, "=Ben Okoro", "B-2")
    assessed(ben, SECTIONS)
    client = signed_in(cast.lead)
    board = url("board")
    assert "Amira Khan" not in text_of(client, f"{board}?outcome=PASS")
    assert "Amira Khan" in text_of(client, f"{board}?unit=D3.02&outcome=REFERRAL")
    nothing = text_of(client, f"{board}?unit=302")
    assert "No attempts match." in nothing
    assert "Nothing waits" not in nothing
    page = text_of(client, f"{board}?sort=total")
    assert page.index("Amira Khan") < page.index("=Ben Okoro")
    page = text_of(client, f"{board}?sort=-total")
    assert page.index("Amira Khan") > page.index("=Ben Okoro")
    assert client.get(f"{board}?assessor=x&cohort=1&sort=password&tab=no&page=99&size=7").status_code == 200
    table = client.get(url("board_table") + "?outcome=PASS")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert "'=Ben Okoro" in table.content.decode()
    assert "Amira Khan" not in table.content.decode()


def test_an_empty_board_says_why(northgate: Centre) -> None:
    cast = Cast(northgate)
    assert "Nothing waits for quality assurance." in text_of(signed_in(cast.iqa), url("board"))


def many(cast: Cast, count: int) -> None:
    """Fill the board: of every three attempts one waits, one is reviewed, one is released."""
    for number in range(count):
        judgement = assessed(another(cast, f"Learner {number:02}", f"N-{number}"), SECTIONS, REFERRED)
        if number % 3 == 1:
            opened(cast, judgement)
        if number % 3 == 2:
            release(judgement.submission, cast.lead)


@pytest.mark.parametrize("count", [3, 30])
def test_the_board_asks_a_fixed_number_of_questions(
    northgate: Centre, count: int, django_assert_max_num_queries: Any
) -> None:
    cast = Cast(northgate)
    many(cast, count)
    client = signed_in(cast.iqa)
    with django_assert_max_num_queries(BOARD_QUERIES):
        page = client.get(url("board") + "?tab=all&size=100")
    assert page.content.decode().count('role="rowheader"') == count


def test_a_retired_assessor_stays_in_the_filters_and_a_member_who_left_sees_nothing(
    northgate: Centre,
) -> None:
    cast = Cast(northgate)
    assessed(cast, SECTIONS)
    with centre_scope(northgate.pk):
        for member in (cast.assessor, cast.other_iqa):
            Membership.objects.filter(pk=member.pk).update(ended_at=AT, ended_by=cast.administrator)
    assert f'<option value="{cast.assessor.pk}"' in text_of(signed_in(cast.iqa), url("board"))
    assert signed_in(cast.other_iqa).get(url("board")).status_code == 404
