"""Work in hand of somebody who leaves or loses the role for it goes back, so that others can go on."""

import pytest
from django.test import Client

from centres.models import Centre, Event, Membership
from centres.scoping import centre_scope
from marking import actions as marking
from marking.models import Allocation, Judgement
from portfolios.models import Submission
from portfolios.rules import State
from quality_assurance.models import Review
from tests.makers import Cast, assessed, decide, start, submit, take
from tests.portfolios.samples import signed_in
from tests.quality_assurance.people import agree, note, opened

pytestmark = pytest.mark.django_db
KEY = "wba-d3-01-02"


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate)


@pytest.fixture
def office(cast: Cast) -> Client:
    return signed_in(cast.administrator)


def address(member: Membership, more: str = "") -> str:
    return f"/c/northgate/staff/{member.pk}/{more}"


def state_of(submission: Submission) -> str:
    with centre_scope(submission.centre_id):
        return str(Submission.objects.get(pk=submission.pk).state)


def test_the_sheet_of_an_assessor_who_leaves_goes_back_to_the_queue(cast: Cast, office: Client) -> None:
    submission = submit(cast, start(cast, KEY))
    decide(take(cast, submission), {"1": 20})
    said = "1 sheet that they were marking"
    assert said in office.get(address(cast.assessor)).content.decode()
    assert (
        f"{said} will wait for others again." in office.get(address(cast.assessor, "leave/")).content.decode()
    )
    done = office.post(address(cast.assessor, "leave/"), follow=True).content.decode()
    assert f"{said} waits for others again." in done
    assert state_of(submission) == State.SUBMITTED.value
    with centre_scope(cast.centre.pk):
        event = Event.objects.get(code="marking.submission.handed_back")
        assert (event.by_id, event.target_id) == (cast.administrator.pk, submission.pk)
        assert Allocation.objects.get().reason == "Priya Shah left the centre."
        again = marking.take_submission(submission=submission, by=cast.other_assessor, at=event.at)
        assert again.judge_id == cast.other_assessor.pk


def test_the_review_of_an_iqa_who_leaves_goes_back_to_the_board(cast: Cast, office: Client) -> None:
    judgement = assessed(cast, KEY)
    review = opened(cast, judgement)
    note(review)
    said = "1 review that they had open"
    assert said in office.get(address(cast.iqa, "leave/")).content.decode()
    office.post(address(cast.iqa, "leave/"))
    assert state_of(judgement.submission) == State.ASSESSED.value
    with centre_scope(cast.centre.pk):
        closed = Review.objects.select_related("judgement").get(pk=review.pk)
        assert (closed.result, closed.closed_by_id) == ("PUT_BACK", cast.administrator.pk)
        assert closed.judgement.reason == "Lena Grant left the centre."
        assert closed.judgement.is_written_on
    other = opened(cast, judgement, by=cast.other_iqa)
    note(other)
    assert agree(other).outcome == "PASS"


def test_who_loses_a_role_gives_back_what_it_was_for_and_keeps_the_rest(cast: Cast, office: Client) -> None:
    with centre_scope(cast.centre.pk):
        cast.assessor.roles = ["assessor", "iqa"]
        cast.assessor.save(update_fields=["roles"])
    submission = submit(cast, start(cast, KEY))
    sheet = take(cast, submission)
    office.post(address(cast.assessor), {"roles": ["assessor"]})
    assert state_of(submission) == State.IN_ASSESSMENT.value
    done = office.post(address(cast.assessor), {"roles": ["iqa"]}, follow=True).content.decode()
    assert "The roles of Priya Shah are saved. 1 sheet that they were marking waits for others again." in done
    assert state_of(submission) == State.SUBMITTED.value
    with centre_scope(cast.centre.pk):
        assert Judgement.objects.get(pk=sheet.pk).state == "WITHDRAWN"


def test_an_iqa_who_becomes_lead_iqa_keeps_their_review(cast: Cast, office: Client) -> None:
    judgement = assessed(cast, KEY)
    opened(cast, judgement)
    office.post(address(cast.iqa), {"roles": ["lead_iqa"]})
    assert state_of(judgement.submission) == State.IN_REVIEW.value
    office.post(address(cast.iqa), {"roles": ["tutor"]})
    assert state_of(judgement.submission) == State.ASSESSED.value


def test_a_departure_that_is_refused_hands_nothing_back(cast: Cast, office: Client) -> None:
    with centre_scope(cast.centre.pk):
        cast.administrator.roles = ["administrator", "iqa"]
        cast.administrator.save(update_fields=["roles"])
    judgement = assessed(cast, KEY)
    opened(cast, judgement, by=cast.administrator)
    assert office.post(address(cast.administrator, "leave/")).status_code == 422
    assert state_of(judgement.submission) == State.IN_REVIEW.value
