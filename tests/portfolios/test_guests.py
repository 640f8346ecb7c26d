"""Links for people without an account: made, opened, drafted, signed once; and what each refuses."""

import re
from datetime import timedelta
from io import BytesIO
from random import randrange
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import Centre, Event
from centres.permissions import Role
from centres.scoping import centre_scope
from lib.canonical import canonical_json, fingerprint
from lib.ids import new_id
from portfolios.actions import offer_file
from portfolios.models import (
    GuestLink,
    GuestSignature,
    PracticeClient,
    PracticeSession,
    Record,
    SignedPaper,
    Snapshot,
)
from portfolios.rules import Subject
from portfolios.selectors.forms import Forms
from portfolios.selectors.frozen import page_of
from portfolios.selectors.practice import books_of
from tests.makers import make_member, start, submit
from tests.portfolios.practice import HTMX, Practice
from tests.portfolios.samples import pdf, signed_in
from tests.wall.test_walk import without_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice(northgate: Centre) -> Practice:
    return Practice(northgate)


def feedback(practice: Practice) -> Record:
    practice.added()
    return practice.record("mentee-feedback")


def session_page(practice: Practice) -> tuple[PracticeSession, Record]:
    session = practice.added()
    with centre_scope(practice.cast.centre.pk):
        return session, Record.objects.get(session=session)


def ask(practice: Practice, record: Record, **over: Any) -> Any:
    guest = {"guest": "CLIENT", "days": "14", **over}
    return practice.client.post(practice.address("ask", record_id=record.pk), guest)


def link_of(answer: Any) -> str:
    """Return the path of the address that a learner copies."""
    assert answer.status_code == 200
    found = re.search(r'value="https?://[^/"]+(/c/[^"]+/sign/[^"]+)"', answer.content.decode())
    assert found
    return found[1]


def seen(guest: Client, path: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', guest.get(path).content.decode())
    assert found
    return found[1]


def ratings(value: str = "7") -> dict[str, str]:
    return {f"a{n}": value for n in range(1, 16)}


def sign(guest: Client, path: str, **typed: str) -> Any:
    return guest.post(path, {"act": "sign", "seen": seen(guest, path), "name": "Bea Stone", **typed})


def test_a_save_on_its_way_signs_nothing_though_it_names_the_button(practice: Practice) -> None:
    path = link_of(ask(practice, feedback(practice)))
    guest = Client()
    saved = guest.post(
        path, {"act": "sign", "seen": seen(guest, path), "name": "Bea Stone", **ratings()}, **HTMX
    )
    assert saved.status_code == 204
    assert rows(practice, GuestSignature) == []
    assert b"Thank you, it is signed" in sign(guest, path, **ratings()).content


def rows(practice: Practice, model: Any) -> list[Any]:
    with centre_scope(practice.cast.centre.pk):
        return list(model.objects.order_by("id"))


def test_a_client_answers_and_signs_and_the_learner_reads_it(practice: Practice) -> None:
    record = feedback(practice)
    path = link_of(ask(practice, record))
    assert path.rsplit("/", 2)[1] not in str([vars(row) for row in rows(practice, GuestLink)])
    guest = Client()
    opened = guest.get(path)
    page = opened.content.decode()
    assert "Amira asks you, as their client, to fill in this page and sign it" in page
    assert "Khan" not in page
    assert opened["X-Robots-Tag"] == "noindex, nofollow"
    assert opened["Referrer-Policy"] == "same-origin"
    assert "no-store" in opened["Cache-Control"]
    assert "default-src 'none'" in opened["Content-Security-Policy"]
    done = sign(guest, path, **ratings(), x1="It helped me <b>much</b>")
    assert "Thank you, it is signed" in done.content.decode()
    [signature] = rows(practice, GuestSignature)
    assert signature.sha256 == fingerprint(canonical_json(signature.content))
    assert signature.content["signed_at"].endswith("Z")
    page = practice.page("record", record_id=record.pk)
    assert "It helped me &lt;b&gt;much&lt;/b&gt;" in page
    assert "Bea Stone, client" in page
    assert 'name="x1"' not in page
    with centre_scope(practice.cast.centre.pk):
        event = Event.objects.get(code="portfolios.record.signed")
        assert (event.by, event.facts["sha256"]) == (None, signature.sha256)


def test_what_was_signed_is_not_changed_by_the_learner(practice: Practice) -> None:
    record = feedback(practice)
    path = link_of(ask(practice, record))
    sign(Client(), path, **ratings())
    answer = practice.client.post(
        practice.address("record", record_id=record.pk), {"x1": "Mine", "version": "1"}
    )
    assert answer.status_code == 422
    assert "This page was signed, so it stays as it is." in answer.content.decode()
    refused = ask(practice, record)
    assert refused.status_code == 422
    assert "They have signed this page. It stays as it is." in refused.content.decode()
    with (
        centre_scope(practice.cast.centre.pk),
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
    ):
        Record.objects.filter(pk=record.pk).update(answers={"x1": "Mine"})


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ({"name": ""}, "Enter the name."),
        ({"name": "www.shop.example"}, "A name holds no web address."),
        ({"a3": ""}, "Choose a number from 1 to 10."),
        ({"a3": "11"}, "Choose a number from 1 to 10."),
        ({"a3": "٣"}, "Choose a number from 1 to 10."),
        ({"x1": "w" * 20_001}, "This is longer than 20,000 characters."),
    ],
)
def test_bad_input_says_so_and_keeps_the_rest(practice: Practice, typed: dict[str, str], text: str) -> None:
    record = feedback(practice)
    path = link_of(ask(practice, record))
    guest = Client()
    answer = sign(guest, path, **{**ratings(), "x2": "More patience", **typed})
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert "More patience" in answer.content.decode()
    assert "More patience" in guest.get(path).content.decode()  # nothing is lost on reload
    assert rows(practice, GuestSignature) == []


def test_a_draft_is_kept_and_uses_nothing_up(practice: Practice) -> None:
    record = feedback(practice)
    path = link_of(ask(practice, record))
    guest = Client()
    assert guest.post(path, {"a1": "9", "x1": "Good\r\nso", "name": "Bea"}, **HTMX).status_code == 204
    assert guest.post(path, {"act": "save", "a1": "9", "x1": "Good so", "name": "Bea"}).status_code == 302
    page = Client().get(path).content.decode()
    assert "Good so" in page
    assert 'value="Bea"' in page
    assert "Good so" not in practice.page("record", record_id=record.pk)
    assert "they have begun" in practice.page("record", record_id=record.pk)
    waiting = practice.client.post(
        practice.address("record", record_id=record.pk), {"x1": "I", "version": "1"}
    )
    assert "This page is with somebody who fills it in." in waiting.content.decode()


def test_two_tabs_sign_once(practice: Practice) -> None:
    path = link_of(ask(practice, feedback(practice)))
    guest = Client()
    page = seen(guest, path)
    body = {"act": "sign", "seen": page, "name": "Bea Stone", **ratings()}
    assert guest.post(path, body).status_code == 200
    second = guest.post(path, body | ratings("1"))
    assert second.status_code == 410
    assert "This page is signed" in second.content.decode()
    [signature] = rows(practice, GuestSignature)
    assert signature.answers["a1"] == "7"


def test_a_closed_link_is_kind_and_an_unknown_one_says_nothing(practice: Practice, harbour: Centre) -> None:
    record = feedback(practice)
    first = link_of(ask(practice, record))
    second = link_of(ask(practice, record))
    guest = Client()
    gone = guest.get(first)
    assert (gone.status_code, "This link was withdrawn" in gone.content.decode()) == (410, True)
    link = next(row for row in rows(practice, GuestLink) if row.withdrawn_at is None)
    token = second.rsplit("/", 2)[1]
    unknown = [
        guest.get(f"/c/northgate/sign/{'x' * 43}/"),
        guest.get(f"/c/nowhere/sign/{token}/"),
        guest.get(f"/c/harbour/sign/{token}/"),
        guest.post(f"/c/harbour/sign/{token}/", {"act": "sign", "name": "Eve", **ratings()}),
        guest.get("/c/northgate/sign/%00/"),
    ]
    assert [answer.status_code for answer in unknown] == [404] * 5
    assert len({without_tokens(answer.content) for answer in unknown}) == 1
    withdraw = practice.address("withdraw_link", link_id=link.pk)
    assert practice.client.post(withdraw).status_code == 302
    assert guest.get(second).status_code == 410
    assert guest.post(second, {"act": "save", "x1": "late"}).status_code == 410


def test_a_link_that_ran_out_says_until_when_it_worked(practice: Practice, monkeypatch: Any) -> None:
    path = link_of(ask(practice, feedback(practice), days="1"))
    later = timezone.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = Client().get(path)
    assert answer.status_code == 410
    assert "This link has run out" in answer.content.decode()
    assert "Ask Amira for a new link" in answer.content.decode()


@pytest.mark.parametrize("days", ["0", "61", "-1", "two", "", "9" * 30])
def test_days_are_one_to_sixty(practice: Practice, days: str) -> None:
    answer = ask(practice, feedback(practice), days=days)
    assert answer.status_code == 422
    assert "Choose 1 to 60 days." in answer.content.decode()


def test_only_those_are_asked_whom_the_page_is_for(practice: Practice) -> None:
    answer = ask(practice, feedback(practice), guest="SUPERVISOR")
    assert answer.status_code == 422
    assert "Choose who signs from the list." in answer.content.decode()
    assert rows(practice, GuestLink) == []


def test_the_learner_does_not_sign_their_own_link(practice: Practice) -> None:
    path = link_of(ask(practice, feedback(practice)))
    answer = practice.client.get(path)
    assert answer.status_code == 403
    assert "nobody signs their own" in answer.content.decode()
    assert practice.client.post(path, {"act": "sign", "name": "Amira", **ratings()}).status_code == 403
    assert rows(practice, GuestSignature) == []


def test_a_page_with_own_words_is_not_given_to_others_to_answer(practice: Practice) -> None:
    record = feedback(practice)
    practice.client.post(practice.address("record", record_id=record.pk), {"x1": "Mine", "version": "1"})
    answer = ask(practice, record)
    assert answer.status_code == 422
    assert "You wrote on this copy yourself." in answer.content.decode()


def test_a_confirmed_session_counts_its_feedback_and_keeps_its_hours(practice: Practice) -> None:
    session, record = session_page(practice)
    assert "1 session without feedback" in practice.page()
    typed = {"f6": "A private aim", "version": "1"}
    practice.client.post(practice.address("record", record_id=record.pk), typed)
    path = link_of(ask(practice, record))
    guest = Client()
    page = guest.get(path).content.decode()
    assert "A private aim" not in page
    assert "Client 1" in page
    assert "1 h 30 min" in page
    boxes = re.findall(r'<textarea[^>]*name="(f\d+)"', page)
    assert len(boxes) == 1
    assert sign(guest, path, **{boxes[0]: "You listened"}).status_code == 200
    assert "session without feedback" not in practice.page()
    shown = practice.page("session", session_id=session.pk)
    assert "You listened" in shown
    assert "Written by Client 1" in shown
    moved = practice.client.post(
        practice.address("session", session_id=session.pk), practice.facts(hours="3")
    )
    assert moved.status_code == 422
    assert "This was confirmed by somebody else, so it stays." in moved.content.decode()
    own = practice.client.post(
        practice.address("record", record_id=record.pk),
        {"f6": "Another aim", boxes[0]: "Forged", "version": "2"},
    )
    assert own.status_code == 302
    shown = practice.page("session", session_id=session.pk)
    assert "Another aim" in shown
    assert "Forged" not in shown


def test_a_page_that_changed_is_read_again_before_it_is_signed(practice: Practice) -> None:
    practice.added()
    record = practice.record("mentoring-diary", "contract")
    page = practice.address("record", record_id=record.pk)
    practice.client.post(page, {"f1": "Amira", "c1": "Be honest", "version": "1"})
    path = link_of(ask(practice, record))
    guest = Client()
    before = seen(guest, path)
    practice.client.post(page, {"f1": "Amira", "c1": "Be very honest", "version": "2"})
    answer = guest.post(path, {"act": "sign", "seen": before, "name": "Bea Stone"})
    assert answer.status_code == 409
    assert "What this page says has changed since you opened it." in answer.content.decode()
    assert "Be very honest" in answer.content.decode()
    assert 'value="Bea Stone"' in answer.content.decode()
    assert sign(guest, path).status_code == 200


def test_a_deleted_page_cannot_be_signed(practice: Practice) -> None:
    record = feedback(practice)
    path = link_of(ask(practice, record))
    practice.client.post(practice.address("remove_record", record_id=record.pk))
    assert Client().get(path).status_code == 410
    assert Client().post(path, {"act": "sign", "name": "Bea", **ratings()}).status_code == 410
    assert ask(practice, record).status_code == 422


def test_what_is_submitted_names_the_client_by_number(practice: Practice) -> None:
    _, record = session_page(practice)
    sign(Client(), link_of(ask(practice, record)))
    with centre_scope(practice.cast.centre.pk):
        book = books_of([practice.registration.pk], [practice.unit.ref])
        heard = book[practice.registration.pk, practice.unit.ref].heard_of(record)
        page = page_of(record, Forms([practice.unit.ref]), heard)
    assert page is not None
    [signature] = page["signatures"]
    assert signature["who"] == "Client 1"
    assert "Bea Stone" not in str(page)


def test_others_learners_links_are_not_theirs(practice: Practice, northgate: Centre) -> None:
    record = feedback(practice)
    ask(practice, record)
    [link] = rows(practice, GuestLink)
    other = signed_in(make_member(northgate, "Omid Farr", Role.LEARNER))
    for name, kwargs in (
        ("ask", {"record_id": record.pk}),
        ("paper", {"record_id": record.pk}),
        ("withdraw_link", {"link_id": link.pk}),
    ):
        assert other.post(practice.address(name, **kwargs)).status_code == 404
    assert (
        signed_in(practice.cast.assessor).get(practice.address("ask", record_id=record.pk)).status_code == 403
    )


def test_too_many_guesses_wait_and_a_real_link_does_not(practice: Practice) -> None:
    path = link_of(ask(practice, feedback(practice)))
    guest = Client(REMOTE_ADDR=f"203.0.113.{randrange(256)}:{new_id()}")
    for _ in range(60):
        assert guest.get(path).status_code == 200
    answers = [guest.get(f"/c/northgate/sign/{n}/").status_code for n in range(51)]
    assert answers == [404] * 50 + [429]
    waiting = guest.get(path)
    assert waiting.status_code == 429
    assert int(waiting["Retry-After"]) > 0
    assert "There were too many tries." in waiting.content.decode()


def test_pages_cost_the_same_whatever_was_signed(practice: Practice) -> None:
    _, record = session_page(practice)

    def price() -> int:
        with CaptureQueriesContext(connection) as queries:
            practice.page("session", session_id=record.session_id)
        return len(queries)

    price()
    empty = price()
    path = link_of(ask(practice, record))
    guest = Client()
    with CaptureQueriesContext(connection) as queries:
        guest.get(path)
    assert len(queries) <= 8
    sign(guest, path)
    assert price() <= empty + 1


def test_a_signed_paper_is_a_clean_file_and_can_be_taken_off(practice: Practice) -> None:
    record = feedback(practice)
    address = practice.address("paper", record_id=record.pk)
    assert "You have no file yet" in practice.page("paper", record_id=record.pk)
    assert practice.client.post(address, {"evidence": "x"}).status_code == 422
    draft = start(practice.cast, "portfolio-8586-302")
    with centre_scope(practice.cast.centre.pk):
        by, at = practice.cast.learner, timezone.now()
        file = offer_file(
            submission=draft, part_ref="1.1", name="signed.pdf", file=BytesIO(pdf()), by=by, at=at
        ).evidence
    assert practice.client.post(address, {"evidence": str(file.pk)}).status_code == 302
    page = practice.page("record", record_id=record.pk)
    assert "Signed on paper" in page
    assert "signed.pdf" in page
    [paper] = rows(practice, SignedPaper)
    assert practice.client.post(practice.address("remove_paper", paper_id=paper.pk)).status_code == 302
    assert "Signed on paper" not in practice.page("record", record_id=record.pk)


def test_supervision_outcomes_are_signed_by_the_supervisor(practice: Practice) -> None:
    practice.fill()
    with centre_scope(practice.cast.centre.pk):
        record = Record.objects.filter(supervision__isnull=False).earliest("added_at")
        [form] = Forms([practice.unit.ref]).about(practice.unit.ref, Subject.SUPERVISION)
    empty = ask(practice, record, guest="SUPERVISOR")
    assert "There is nothing to sign yet." in empty.content.decode()
    boxes = {box.key: "To ask more" for box in form.part.asked}
    practice.client.post(practice.address("record", record_id=record.pk), {**boxes, "version": "1"})
    path = link_of(ask(practice, record, guest="SUPERVISOR"))
    guest = Client()
    assert "To ask more" in guest.get(path).content.decode()
    assert sign(guest, path).status_code == 200
    facts = {
        "supervisor": "Sam",
        "date": practice.facts()["date"],
        "hours": "2",
        "minutes": "0",
        "version": "1",
    }
    moved = practice.client.post(practice.address("supervision", supervision_id=record.supervision_id), facts)
    assert moved.status_code == 422


def test_a_witness_testifies_by_a_link_and_it_stands_in_the_portfolio(practice: Practice) -> None:
    assert "Witness testimony" in practice.page()
    record = practice.record("witness-testimony")
    path = link_of(ask(practice, record, guest="WITNESS"))
    guest = Client()
    page = guest.get(path).content.decode()
    assert "Amira asks you, as their witness, to fill in this page and sign it" in page
    assert "Name of witness" not in page  # it is the name they sign with
    empty = sign(guest, path)
    assert empty.status_code == 422
    assert "Write something first, then sign." in empty.content.decode()
    assert sign(guest, path, f3="She led the meeting on 2 May").status_code == 200
    page = practice.page("record", record_id=record.pk)
    assert "She led the meeting on 2 May" in page
    assert "Bea Stone, witness" in page
    with centre_scope(practice.cast.centre.pk):
        book = books_of([practice.registration.pk], [practice.unit.ref])
        heard = book[practice.registration.pk, practice.unit.ref].heard_of(record)
        frozen = page_of(record, Forms([practice.unit.ref]), heard)
    assert frozen is not None
    assert frozen["lines"][0]["text"] == "Bea Stone"
    assert frozen["signatures"][0]["who"] == "Bea Stone, witness"


def test_another_copy_is_begun_beside_one_that_somebody_else_fills_in(practice: Practice) -> None:
    first = feedback(practice)
    assert practice.record("mentee-feedback") == first  # nothing is on it yet
    sign(Client(), link_of(ask(practice, first)), **ratings())
    second = practice.record("mentee-feedback")
    assert second != first
    link_of(ask(practice, second))
    assert practice.record("mentee-feedback") not in (first, second)


def test_a_portfolio_is_submitted_with_what_others_signed_on_it(practice: Practice) -> None:
    practice.fill()
    record = feedback_of_a_client(practice)
    submission = submit(practice.cast, start(practice.cast, "portfolio-8586-302"), at=timezone.now())
    with centre_scope(practice.cast.centre.pk):
        content = Snapshot.objects.get(submission=submission, unit_ref=practice.unit.ref).content
    [page] = [page for page in content["records"] if page.get("signatures")]
    assert page["title"] == "Feedback to mentor from individual being mentored"
    assert page["signatures"][0]["who"] == "Client 1"
    assert "Bea Stone" not in str(content)
    shown = practice.page("submission", submission_id=submission.pk)
    assert "Signed" in shown
    assert record.answers == {}


def feedback_of_a_client(practice: Practice) -> Record:
    """Let Client 1 answer and sign the page of feedback."""
    record = practice.record("mentee-feedback")
    with centre_scope(practice.cast.centre.pk):
        client = PracticeClient.objects.get(registration=practice.registration, number=1)
    sign(Client(), link_of(ask(practice, record, client=str(client.pk))), **ratings())
    return record
