"""Finishing a session: its facts are kept first, and what is still to be written is said."""

import pytest

from centres.models import Centre
from centres.scoping import centre_scope
from portfolios.models import PracticeSession, Record, SupervisionSession
from tests.portfolios.practice import Practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice(northgate: Centre) -> Practice:
    return Practice(northgate)


def finished(practice: Practice, session: PracticeSession) -> str:
    """Press the button that finishes a session with its facts as they are, and read what follows."""
    facts = practice.facts(finish="1")
    answer = practice.client.post(practice.address("session", session_id=session.pk), facts, follow=True)
    assert answer.redirect_chain[-1][0] == practice.address("session_finished", session_id=session.pk)
    return str(answer.content.decode())


def test_finishing_keeps_the_corrected_facts(practice: Practice) -> None:
    session = practice.added()
    url = practice.address("session", session_id=session.pk)
    page = practice.page("session", session_id=session.pk)
    assert 'form="facts" name="finish"' in page
    answer = practice.client.post(url, practice.facts(hours="2", minutes="0", finish="1"), follow=True)
    assert practice.rows(PracticeSession)[0].minutes == 120
    assert ", 2 h</p>" in answer.content.decode()


def test_finishing_goes_nowhere_while_the_facts_are_refused(practice: Practice) -> None:
    session = practice.added()
    url = practice.address("session", session_id=session.pk)
    answer = practice.client.post(url, practice.facts(hours="13", finish="1"))
    assert answer.status_code == 422
    assert 'data-guarded="typed"' in answer.content.decode()


def test_finishing_says_what_is_still_to_be_written_and_offers_the_reflection(practice: Practice) -> None:
    session = practice.added()
    page = finished(practice, session)
    assert "It is not written up yet." in page
    assert "There is no reflection on it yet." in page
    assert "Write a reflection on this session" in page
    [record] = practice.rows(Record)
    url = practice.address("record", record_id=record.pk)
    practice.client.post(url, {"f6": "To lead the meeting", "version": "1"})
    page = finished(practice, session)
    assert "It is not written up yet." not in page
    assert "Nothing is written of the feedback" in page


def test_a_session_with_everything_written_is_finished(practice: Practice) -> None:
    session = practice.added()
    practice.client.post(practice.address("reflect", session_id=session.pk))
    for record in practice.rows(Record):
        names = [box.key for box in practice.form_of(record).part.asked if box.kind in ("text", "line")]
        words = dict.fromkeys(names, "Said and done")
        url = practice.address("record", record_id=record.pk)
        practice.client.post(url, words | {"version": "1"})
    page = finished(practice, session)
    assert "Everything is written" in page
    assert "Write a reflection" not in page


def test_finishing_supervision_keeps_its_facts_and_says_what_is_not_written(practice: Practice) -> None:
    practice.fill()
    with centre_scope(practice.cast.centre.pk):
        row = SupervisionSession.objects.order_by("number").first()
    facts = {"supervisor": "Sam Ito", "date": f"{row.held_on:%d/%m/%Y}", "hours": "2", "minutes": "0"}
    answer = practice.client.post(
        practice.address("supervision", supervision_id=row.pk),
        facts | {"version": "1", "finish": "1"},
        follow=True,
    )
    page = answer.content.decode()
    assert ", 2 h</p>" in page
    assert "It is not written up yet." in page
