"""Practice on screen: sessions, clients, supervision and records, and what each refuses in words."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate, localtime

from centres.models import Centre, Event
from centres.scoping import centre_scope
from portfolios.actions import change_session, supervise
from portfolios.actions.practise import SessionRefused
from portfolios.actions.record import PAUSE
from portfolios.models import (
    ClientException,
    PracticeClient,
    PracticeSession,
    Record,
    RecordRevision,
    SupervisionSession,
)
from qualifications.models import Registration, Unit
from tests.makers import COACHING
from tests.portfolios.practice import HTMX, Practice
from tests.portfolios.samples import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice(northgate: Centre) -> Practice:
    return Practice(northgate)


def test_a_session_is_counted_and_written_up(practice: Practice) -> None:
    page = practice.page()
    assert "12 more hours of mentoring are needed (0 of 12)." in page
    assert "No session yet." in page
    session = practice.added()
    answer = practice.client.get(practice.address("session", session_id=session.pk)).content.decode()
    assert "Session 1 with Client 1" in answer
    assert "1 h 30 min of 12 h" in answer
    assert "Feedback from client on the mentoring session" in answer
    page = practice.page()
    assert "10 h 30 min more of mentoring is needed (1 h 30 min of 12 h)." in page
    assert "1 session not written up." in page
    assert "1 session without a reflection." in page


def test_feedback_that_was_given_is_none_that_was_received(practice: Practice) -> None:
    session = practice.added()
    practice.client.post(practice.address("reflect", session_id=session.pk))
    diary, log = practice.rows(Record)
    given = practice.address("record", record_id=diary.pk)
    practice.client.post(given, {"f11": "I said what went well.", "version": "1"})
    assert "1 session without feedback." in practice.page()
    received = practice.address("record", record_id=log.pk)
    practice.client.post(received, {"q4": "That the silence helped.", "version": "1"})
    assert "without feedback" not in practice.page()


def test_a_keypad_without_stroke_or_colon_writes_a_day_and_a_time(practice: Practice) -> None:
    day = practice.registered_on + timedelta(days=9)
    practice.added(date=f"{day:%d%m%Y}", start="0915")
    practice.added(date=f"{day:%d%m%Y}", start="1130")
    starts = [localtime(row.starts_at) for row in practice.rows(PracticeSession)]
    assert [f"{row:%d/%m/%Y %H:%M}" for row in starts] == [f"{day:%d/%m/%Y} 09:15", f"{day:%d/%m/%Y} 11:30"]


@pytest.mark.parametrize(
    ("over", "text"),
    [
        ({"days": -1}, "This is in the future. Write it up after it has happened."),
        ({"days": 81}, "This is before your registration on "),
        ({"hours": "30"}, "Enter a length between 5 minutes and 12 hours."),
        ({"hours": "-1"}, "Enter a length between 5 minutes and 12 hours."),
        ({"hours": "0", "minutes": "4"}, "Enter a length between 5 minutes and 12 hours."),
        ({"hours": "two"}, "Enter a length between 5 minutes and 12 hours."),
        ({"hours": "9" * 9}, "Enter a length between 5 minutes and 12 hours."),
        ({"date": "31/02/2026"}, "This day does not exist. Use DD/MM/YYYY."),
        ({"date": ""}, "Enter the day of the session."),
        ({"start": "25:00"}, "Enter when it began, for example 14:30."),
        ({"client": ""}, "Choose the client."),
        ({"client": "9"}, "Choose a client from the list."),
        ({"client": "\x00"}, "Choose a client from the list."),
    ],
)
def test_a_session_that_cannot_be_counted(practice: Practice, over: dict[str, Any], text: str) -> None:
    answer = practice.add(**over)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert text in page
    typed = next(iter(over.values()))
    if isinstance(typed, str) and typed.isprintable() and typed and "client" not in over:
        assert f'value="{typed}"' in page
    assert practice.rows(PracticeSession) == []
    assert practice.rows(PracticeClient) == []


def test_the_last_day_of_the_calendar_is_in_the_future(practice: Practice) -> None:
    practice.added()
    answer = practice.add(date="31/12/9999", start="23:59")
    assert answer.status_code == 422
    assert "This is in the future." in answer.content.decode()
    assert practice.add(date="01/01/0001", start="00:00").status_code == 422


def test_an_overlap_names_the_session_and_links_to_it(practice: Practice) -> None:
    first = practice.added()
    answer = practice.add(start="11:00")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This overlaps session 1 with Client 1 (10:00 to 11:30). Change one of them." in page
    assert f'href="{practice.address("session", session_id=first.pk)}"' in page
    assert practice.add(start="11:00", client="2").status_code == 422
    assert practice.add(start="11:30", client="2").status_code == 302


def test_an_overlap_with_a_session_of_another_unit_links_to_it(northgate: Centre) -> None:
    practice = Practice(northgate, qualification=COACHING, unit_ref="D3.03")
    first = practice.added()
    practice.unit = Unit.objects.filter(ref="D3.06").latest("version")
    page = practice.add().content.decode()
    assert "This overlaps session 1 of D3.03 with Client 1 (10:00 to 11:30). Change one of them." in page
    assert f'href="{practice.address("session", session_id=first.pk)}">Open session 1 of D3.03<' in page
    assert len(practice.rows(PracticeSession)) == 1


def test_one_client_more_needs_a_reason_and_what_else_was_considered(practice: Practice) -> None:
    practice.added()
    practice.added(client="2", days=3)
    assert practice.add(client="3", days=4).status_code == 422
    page = practice.page("add_session")
    assert "This unit allows 2 clients. For a third, give the reason and what else you considered." in page
    refused = practice.client.post(practice.address("exception"), {"reason": "Client 2 left", "x": ""})
    assert refused.status_code == 422
    assert "Say what else you considered." in refused.content.decode()
    assert "Client 2 left" in refused.content.decode()
    body = {"reason": "Client 2 left", "options_considered": "More time with Client 1"}
    for _ in range(2):  # a double click takes on one
        assert practice.client.post(practice.address("exception"), body).status_code == 302
    with centre_scope(practice.cast.centre.pk):
        assert ClientException.objects.count() == 1
    practice.added(client="3", days=4)
    assert "Client 2 left" in practice.page()
    again = practice.client.post(practice.address("exception"), body)
    assert again.status_code == 422
    assert "This unit allows 3 clients at most." in again.content.decode()


@pytest.mark.parametrize(
    ("client", "text"),
    [("3", "This unit allows 2 clients."), ("9", "Choose a client from the list.")],
)
def test_a_correction_takes_on_nobody_beyond_the_limit(practice: Practice, client: str, text: str) -> None:
    practice.added()
    session = practice.added(client="2", days=3)
    url = practice.address("session", session_id=session.pk)
    assert practice.client.post(url, practice.facts(client=client, days=3)).status_code == 422
    with centre_scope(practice.cast.centre.pk), pytest.raises(SessionRefused, match=text):
        change_session(
            session=session,
            unit=practice.unit,
            version=1,
            client_number=int(client),
            starts_at=session.starts_at,
            minutes=session.minutes,
            by=practice.cast.learner,
            at=timezone.now(),
        )
    unchanged = practice.rows(PracticeSession)[-1]
    assert (unchanged.client_id, unchanged.version) == (session.client_id, 1)
    assert len(practice.rows(PracticeClient)) == 2


def test_a_reason_that_shows_nothing_is_none(practice: Practice) -> None:
    practice.added()
    practice.added(client="2", days=3)
    said = {"reason": "Client 2 left", "options_considered": "More time with Client 1"}
    for name in said:
        answer = practice.client.post(practice.address("exception"), {**said, name: "\u200b\u2060"})
        assert answer.status_code == 422
        assert "Give the reason, and what else you considered." in answer.content.decode()
    assert practice.rows(PracticeClient)[2:] == []


def test_no_reason_is_asked_for_while_there_is_room(practice: Practice) -> None:
    body = {"reason": "Because", "options_considered": "None"}
    answer = practice.client.post(practice.address("exception"), body)
    assert answer.status_code == 422
    assert "You are within this unit&#x27;s limit." in answer.content.decode()


def test_a_deleted_session_comes_back(practice: Practice) -> None:
    session = practice.added()
    answer = practice.client.post(practice.address("remove_session", session_id=session.pk), follow=True)
    page = answer.content.decode()
    assert "Session 1 deleted; it counted 1 h 30 min." in page
    assert "Undo" in page
    assert "12 more hours of mentoring are needed (0 of 12)." in page
    assert "Recently deleted (1)" in page
    restore = practice.address("restore_session", session_id=session.pk)
    assert "Session 1 is back." in practice.client.post(restore, follow=True).content.decode()
    practice.client.post(practice.address("remove_session", session_id=session.pk))
    second = practice.added()
    assert second.number == 2
    page = practice.client.post(restore, follow=True).content.decode()
    assert "This overlaps session 2 with Client 1" in page


def test_two_tabs_on_the_facts_of_a_session(practice: Practice) -> None:
    session = practice.added()
    url = practice.address("session", session_id=session.pk)
    assert practice.client.post(url, practice.facts(hours="2")).status_code == 302
    answer = practice.client.post(url, practice.facts(hours="3"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This changed in another tab" in page
    assert "2 h 30 min" in page
    assert 'value="3"' in page
    assert 'name="version" value="2"' in page
    assert practice.client.post(url, practice.facts(hours="3", version="2")).status_code == 302
    assert practice.rows(PracticeSession)[0].minutes == 210


def test_supervision_is_counted_corrected_and_deleted(practice: Practice) -> None:
    day = f"{timezone.now() - timedelta(days=1):%d/%m/%Y}"
    body = {"supervisor": "Sam Ito", "date": day, "hours": "1", "minutes": ""}
    assert practice.client.post(practice.address("add_supervision"), body).status_code == 302
    page = practice.page()
    assert "1 more hour of supervision is needed (1 of 2)." in page
    assert "1 more supervision session is needed (1 of 2)." in page
    row = practice.rows(SupervisionSession)[0]
    url = practice.address("supervision", supervision_id=row.pk)
    assert "Summarise below the outcomes" in practice.client.get(url).content.decode()
    assert practice.client.post(url, {**body, "hours": "2", "version": "1"}).status_code == 302
    stale = practice.client.post(url, {**body, "hours": "3", "version": "1"})
    assert stale.status_code == 409
    assert "Sam Ito" in stale.content.decode()
    page = practice.client.post(
        practice.address("remove_supervision", supervision_id=row.pk), follow=True
    ).content.decode()
    assert "Supervision 1 deleted; it counted 2 h." in page


def test_the_same_supervision_is_counted_once(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    day = f"{timezone.now() - timedelta(days=1):%d/%m/%Y}"
    body = {"supervisor": "Sam Ito", "date": day, "hours": "1", "minutes": "", "version": "1"}
    add = practice.address("add_supervision")
    first, again = (practice.client.post(add, body) for _ in range(2))
    assert (first.status_code, again.status_code, first["Location"]) == (302, 302, again["Location"])
    [row] = practice.rows(SupervisionSession)
    said = "Supervision 1 has this day, length and supervisor already."
    link = f'href="{practice.address("supervision", supervision_id=row.pk)}">Open supervision 1'
    monkeypatch.setattr(supervise, "PRESSED_TWICE", timedelta(0))
    later = practice.client.post(add, {**body, "supervisor": "sam  ito"})
    assert later.status_code == 422
    assert said in later.content.decode()
    assert link in later.content.decode()
    assert practice.client.post(add, {**body, "hours": "2"}).status_code == 302
    other = practice.rows(SupervisionSession)[-1]
    changed = practice.client.post(practice.address("supervision", supervision_id=other.pk), body)
    assert changed.status_code == 422
    assert link in changed.content.decode()
    practice.client.post(practice.address("remove_supervision", supervision_id=row.pk))
    practice.client.post(practice.address("supervision", supervision_id=other.pk), body)
    back = practice.client.post(practice.address("restore_supervision", supervision_id=row.pk), follow=True)
    assert "Supervision 2 has this day, length and supervisor already." in back.content.decode()
    assert [row.removed_at is None for row in practice.rows(SupervisionSession)] == [False, True]


@pytest.mark.parametrize("is_correction", [False, True])
@pytest.mark.parametrize(
    ("over", "text"),
    [
        ({"date": "01/01/2100"}, "This is in the future."),
        ({"date": "01/01/2001"}, "This is before your registration on "),
        ({"supervisor": " "}, "Enter who supervised you."),
        ({"supervisor": "amira  khan"}, "Enter who supervised you: this is your own name."),
        ({"hours": "13"}, "Enter a length between 5 minutes and 12 hours."),
    ],
)
def test_supervision_that_cannot_be_counted(
    practice: Practice, over: dict[str, str], text: str, is_correction: bool
) -> None:
    day = f"{timezone.now() - timedelta(days=1):%d/%m/%Y}"
    body = {"supervisor": "Sam Ito", "date": day, "hours": "1", "minutes": "", "version": "1"}
    url = practice.address("add_supervision")
    if is_correction:
        practice.client.post(url, body)
        url = practice.address("supervision", supervision_id=practice.rows(SupervisionSession)[0].pk)
    answer = practice.client.post(url, {**body, **over})
    assert answer.status_code == 422
    assert text in answer.content.decode()
    kept = [(row.supervisor, row.minutes, row.version) for row in practice.rows(SupervisionSession)]
    assert kept == [("Sam Ito", 60, 1)] * is_correction


def test_a_record_saves_as_it_is_typed(practice: Practice) -> None:
    record = practice.record("mentoring-diary", "contract")
    url = practice.address("record", record_id=record.pk)
    page = practice.client.get(url).content.decode()
    assert "To keep appointments" in page
    assert "data-autosave" in page
    answer = practice.client.post(url, {"f1": "A. Khan", "c6": "Phones off", "version": 1}, **HTMX)
    assert answer.status_code == 200
    assert f'id="record-{record.pk}-version" value="2"' in answer.content.decode()
    lost = practice.client.post(url, {"f1": "A. Khan", "c6": "Phones off", "version": 1}, **HTMX)
    assert lost.status_code == 200
    stored = practice.rows(Record)[-1]
    assert (stored.answers["f1"], stored.answers["c6"], stored.version) == ("A. Khan", "Phones off", 2)
    assert "Phones off" in practice.client.get(url).content.decode()


def test_two_tabs_on_one_record_keep_both_texts(practice: Practice) -> None:
    record = practice.record("mentoring-diary", "goals")
    url = practice.address("record", record_id=record.pk)
    practice.client.post(url, {"f1": "From one tab", "version": 1}, **HTMX)
    stale = practice.client.post(url, {"f1": "From the other", "version": 1}, **HTMX)
    part = stale.content.decode()
    assert stale.status_code == 409
    assert "From one tab" in part
    assert "From the other" in part
    assert 'data-version="2"' in part
    assert f'id="record-{record.pk}-version"' not in part
    whole = practice.client.post(url, {"f1": "From the other", "version": 1})
    assert whole.status_code == 409
    assert "From one tab" in whole.content.decode()
    both = practice.client.post(url, {"f1": "From the other", "version": 2, "resolve": "together"})
    assert "From the other\n\nFrom one tab" in both.content.decode()
    assert practice.client.post(url, {"f1": "x", "resolve": "theirs"}).status_code == 302
    mine = practice.client.post(url, {"f1": "From the other", "version": 2, "resolve": "mine"})
    assert mine.status_code == 302
    assert practice.rows(Record)[-1].answers == {"f1": "From the other"}


def test_what_is_too_long_is_refused_and_stays_in_its_box(practice: Practice) -> None:
    record = practice.record("mentoring-diary", "goals")
    url = practice.address("record", record_id=record.pk)
    text = "w" * 20_001
    answer = practice.client.post(url, {"f1": text, "version": 1}, **HTMX)
    assert answer.status_code == 422
    assert "This is longer than 20,000 characters." in answer.content.decode()
    assert text in practice.client.post(url, {"f1": text, "version": 1}).content.decode()
    assert practice.rows(Record)[-1].answers == {}


def test_what_a_record_said_before_can_be_read(practice: Practice) -> None:
    record = practice.record("mentoring-diary", "goals")
    url = practice.address("record", record_id=record.pk)
    practice.client.post(url, {"f1": "The first goal", "version": 1})
    practice.client.post(url, {"f1": "The first goals", "version": 2})
    with centre_scope(practice.cast.centre.pk):
        assert RecordRevision.objects.count() == 0
        Record.objects.filter(pk=record.pk).update(saved_at=timezone.now() - PAUSE)
    practice.client.post(url, {"f1": "Another goal", "version": 3})
    page = practice.page("history", record_id=record.pk)
    assert "The first goals" in page
    assert "Another goal" not in page


def test_a_copy_is_added_where_the_paper_is_photocopied(practice: Practice) -> None:
    first = practice.record("mentee-feedback")
    assert practice.record("mentee-feedback").pk == first.pk  # it is still empty
    url = practice.address("record", record_id=first.pk)
    practice.client.post(url, {"a1": "9", "version": 1})
    second = practice.record("mentee-feedback")
    assert (first.number, second.number) == (1, 2)
    page = practice.page()
    assert "Copy 1" in page
    gone = practice.client.post(practice.address("remove_record", record_id=first.pk), follow=True)
    assert "copy 1, deleted." in gone.content.decode()
    locked = practice.client.post(url, {"a1": "10", "version": 2}, **HTMX)
    assert locked.status_code == 422
    assert "This record was deleted in another tab." in locked.content.decode()
    practice.client.post(practice.address("restore_record", record_id=first.pk))
    assert practice.client.post(url, {"a1": "10", "version": 2}, **HTMX).status_code == 200


def test_a_reflection_follows_a_session(practice: Practice) -> None:
    session = practice.added()
    for _ in range(2):
        answer = practice.client.post(practice.address("reflect", session_id=session.pk))
        assert answer.status_code == 302
    records = practice.rows(Record)
    assert [row.template_key for row in records] == ["mentoring-diary", "reflective-log"]
    practice.client.post(
        practice.address("record", record_id=records[1].pk), {"q1": "I asked more.", "version": 1}
    )
    page = practice.page()
    assert "without a reflection" not in page
    assert "1 session without feedback." in page
    moved = practice.client.post(practice.address("remove_record", record_id=records[1].pk))
    assert practice.address("session", session_id=session.pk) in moved["Location"]


def test_a_form_of_another_unit_or_none_is_not_begun(practice: Practice) -> None:
    for key in ("result-sheet", "portfolio-evidence-matrix", "cpd-plan", "nothing"):
        url = practice.address("begin_record", template_key=key, part="all")
        assert practice.client.post(url).status_code == 404


def test_nobody_else_sees_a_learners_practice(practice: Practice) -> None:
    session = practice.added()
    record = practice.rows(Record)[-1]
    addresses = [
        practice.address("unit"),
        practice.address("session", session_id=session.pk),
        practice.address("record", record_id=record.pk),
        practice.address("history", record_id=record.pk),
    ]
    for address in addresses:
        assert signed_in(practice.cast.assessor).get(address).status_code == 403


def test_every_change_is_on_the_trail(practice: Practice) -> None:
    session = practice.added()
    practice.client.post(practice.address("remove_session", session_id=session.pk))
    practice.client.post(practice.address("restore_session", session_id=session.pk))
    with centre_scope(practice.cast.centre.pk):
        codes = Event.objects.filter(target_id=session.pk).order_by("at").values_list("code", flat=True)
        assert list(codes) == [
            "portfolios.session.added",
            "portfolios.session.removed",
            "portfolios.session.restored",
        ]


def test_the_page_of_a_unit_asks_the_same_number_of_questions_whatever_it_holds(practice: Practice) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            practice.page()
        return len(queries)

    practice.page()
    empty = asked()
    practice.fill()
    full = asked()
    assert full <= empty
    assert full <= 30


def test_a_record_is_printed_with_every_box_and_its_earlier_versions(practice: Practice) -> None:
    record = practice.record("mentee-feedback")
    url = practice.address("record", record_id=record.pk)
    practice.client.post(url, {"x1": "It went well", "a1": "9", "version": 1})
    with centre_scope(practice.cast.centre.pk):
        Record.objects.filter(pk=record.pk).update(saved_at=timezone.now() - timedelta(hours=2))
    practice.client.post(url, {"x1": "It went very well", "a1": "9", "version": 2})
    now = practice.page("print_record", record_id=record.pk)
    assert "It went very well" in now
    assert now.count('class="blank"') == 15 + 1 + 1
    earlier = practice.client.get(practice.address("print_record", record_id=record.pk), {"version": "2"})
    assert "It went well" in earlier.content.decode()
    assert "an earlier one" in earlier.content.decode()
    assert "Amira Khan" in earlier.content.decode()
    assert "Version 2, written by Amira Khan" in practice.page("history", record_id=record.pk)
    for version in ("7", "x", "9" * 12):
        gone = practice.client.get(
            practice.address("print_record", record_id=record.pk), {"version": version}
        )
        assert gone.status_code == 404


def test_the_forms_of_a_unit_stand_as_the_catalogue_lists_them(practice: Practice) -> None:
    page = practice.page()
    titles = re.findall(r'Fill in<span class="visually-hidden">: ([^<]+)</span>', page)
    diary = ["Cover", "Plan", "Goals", "The Mentoring Contract", "Diagnostics"]
    assert [title for title in titles if title in diary] == diary
    assert titles.index("Diagnostics") < titles.index("References") < titles.index("Witness testimony")


def test_a_form_sent_in_place_is_told_where_its_page_goes(practice: Practice) -> None:
    answer = practice.client.post(practice.address("add_session"), practice.facts(), HTTP_X_IN_PLACE="1")
    session = practice.rows(PracticeSession)[0]
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == practice.address("session", session_id=session.pk)
    practice.client.logout()
    again = practice.client.post(practice.address("add_session"), practice.facts(), HTTP_X_IN_PLACE="1")
    assert again.status_code == 401


def test_a_unit_says_once_that_its_registration_is_over(practice: Practice) -> None:
    ended = "Your registration ended on "
    assert ended not in practice.page()
    with centre_scope(practice.cast.centre.pk):
        Registration.objects.filter(pk=practice.registration.pk).update(
            expires_on=localdate() - timedelta(days=1)
        )
    assert practice.page().count(ended) == 1
