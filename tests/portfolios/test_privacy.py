"""Possible people in a learner's words: asked about, never in the way."""

import re
import time
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Assessment
from centres.models import Centre
from centres.permissions import Role
from centres.scoping import centre_scope
from portfolios import actions
from portfolios.models import Evidence, Record, Submission
from portfolios.rules.locators import parse_locator
from portfolios.rules.privacy import Hand, possible_people
from portfolios.selectors.reading import guide_in_words
from tests.makers import make_member, start
from tests.portfolios.practice import Practice
from tests.portfolios.programme import deviate
from tests.portfolios.samples import at
from tests.portfolios.test_guests import ask, link_of, ratings, sign


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I met Mr Jones on Monday.", ["Mr Jones"]),
        ("Then Dr. Ann Evans came.", ["Dr. Ann Evans"]),
        ("We agreed with Sally Brown to meet.", ["Sally Brown"]),
        ("Write to jo.b@example.co.uk please.", ["jo.b@example.co.uk"]),
        ("Ring 07700 900123 or +44 20 7946 0018.", ["07700 900123", "+44 20 7946 0018"]),
        ("Mr Jones and Mr Jones again", ["Mr Jones"]),
        ("On Tuesday Client 1 used the GROW model in Session 4.", []),
        ("Ask about Action Plan and Emotional Intelligence.", []),
        ("12 sessions of 90 minutes in 2026, 1,234,567 words", []),
        ("03/09/2026 to 14/03/2027 10:00", []),
        ("", []),
    ],
)
def test_what_looks_like_a_person(text: str, words: list[str]) -> None:
    assert [found.words for found in possible_people(text)] == words


def test_names_that_belong_there_are_passed_over() -> None:
    text = "Mr Ito supervised, and I, Amira Khan, spoke with Mr Jones."
    assert [found.words for found in possible_people(text, known=["Sam Ito", "Amira Khan"])] == ["Mr Jones"]


def test_each_is_a_question() -> None:
    found = possible_people("I met Mr Jones. jo@example.org")
    assert [row.question() for row in found] == [
        "You wrote “jo@example.org”, which looks like an e-mail address. Take it out if it is somebody's.",
        "You wrote “Mr Jones”. Is that your client's real name? Use “Client 1” if it is.",
    ]


def test_what_others_wrote_is_asked_about_with_what_can_be_done() -> None:
    address, name = possible_people("I met Mr Jones. jo@example.org")
    signed = "What is signed stays as it is: if so, ask for a new page, or leave this one out."
    assert name.question(writer="Client 1", hand=Hand.SIGNED) == (
        f"Client 1 wrote “Mr Jones”. Is that somebody's real name? {signed}"
    )
    assert name.question(hand=Hand.SIGNED) == (
        f"You wrote “Mr Jones”. Is that your client's real name? {signed}"
    )
    assert address.question(writer="Sam Ito", hand=Hand.STAFF) == (
        "Sam Ito wrote “jo@example.org”, which looks like an e-mail address. Is it somebody's? "
        "If so, ask them to record it anew."
    )


@given(st.text(max_size=400))
def test_no_text_breaks_it_and_everything_found_stands_in_it(text: str) -> None:
    for found in possible_people(text):
        assert found.words in text


def test_a_long_text_is_read_in_no_time() -> None:
    for unit in ("a", "0 ", "A", "Mr ", "a.", "x@", "Ab "):
        began = time.perf_counter()
        possible_people(unit * 50_000)
        assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("count", "low", "high", "text"),
    [
        (1, None, None, "1 word in your written answers."),
        (
            2950,
            2500,
            2500,
            "2,950 words in your written answers. The guide is 2,500; longer work is still marked.",
        ),
        (
            900,
            1000,
            1500,
            "900 words in your written answers. The guide is 1,000 to 1,500; shorter work is still marked.",
        ),
        (
            1200,
            1000,
            1500,
            "1,200 words in your written answers. That is within the guide of 1,000 to 1,500.",
        ),
    ],
)
def test_the_number_of_words_is_a_guide(count: int, low: int | None, high: int | None, text: str) -> None:
    assessment = Assessment(word_count_min=low, word_count_max=high)
    assert guide_in_words(count, assessment) == text


@pytest.mark.django_db
def test_the_page_before_submitting_asks_and_lets_through(northgate: Centre) -> None:
    practice = Practice(northgate)
    practice.fill()
    with centre_scope(northgate.pk):
        draft = actions.start_attempt(
            registration=practice.registration,
            assessment=Assessment.objects.get(key="portfolio-8586-302"),
            by=practice.cast.learner,
            at=timezone.now(),
        )
        for ref in draft.open_parts:
            actions.save_text(
                submission=draft,
                part_ref=ref,
                text="I rang 07700 900123." if ref == "1.1" else "Done.",
                version=0,
                by=practice.cast.learner,
                at=timezone.now(),
            )
    record = practice.rows(Record)[0]
    url = practice.address("record", record_id=record.pk)
    practice.client.post(url, {"f6": "Mr Jones wants to speak up.", "version": 2})
    page = practice.client.get(at(practice.cast, "submit", draft)).content.decode()
    assert "You wrote “Mr Jones”." in page
    assert "You wrote “07700 900123”" in page
    assert practice.address("session", session_id=record.session_id) in page
    assert "words" in page
    seen = page.split('name="seen" value="')[1][:64]
    body = {"has_declared": "on", "seen": seen}
    assert practice.client.post(at(practice.cast, "submit", draft), body).status_code == 302


def asked(practice: Practice, draft: Submission) -> list[tuple[str, str]]:
    """Return each question that is asked of an attempt's words, with where it points."""
    page = practice.client.get(at(practice.cast, "submit", draft)).content.decode()
    rows = re.findall(r'<li><span>([^<]+)</span> <a href="([^"]+)">', page)
    return [(unescape(text), where) for text, where in rows if " wrote " in text]


@pytest.mark.django_db
def test_what_guests_and_tutors_wrote_is_asked_about_too(northgate: Centre) -> None:
    practice = Practice(northgate)
    practice.added()
    told = practice.record("mentee-feedback")
    with centre_scope(northgate.pk):
        deviate(
            practice.registration,
            "portfolio-8586-302",
            by=make_member(northgate, "Sam Ito", Role.TUTOR),
            day=localdate(),
            at=timezone.now(),
            text="A talk with Mr Jones instead of the diary.",
        )
    draft = start(practice.cast, "portfolio-8586-302", at=timezone.now())
    path = link_of(ask(practice, told))
    assert sign(Client(), path, **ratings(), x1="He told Mr Brook about me.").status_code == 200
    signed = "What is signed stays as it is: if so, ask for a new page, or leave this one out."
    client = ("Your client wrote “Mr Brook”.", practice.address("record", record_id=told.pk))
    tutor = (
        "Sam Ito wrote “Mr Jones”.",
        reverse(
            "portfolios:programme",
            kwargs={"slug": "northgate", "registration_id": practice.registration.pk},
        )
        + "#deviations",
    )
    found = asked(practice, draft)
    assert [(text.split(" Is that ")[0], where) for text, where in found] == [client, tutor]
    assert found[0][0].endswith(signed)


@pytest.mark.django_db
def test_a_kept_page_is_asked_about_where_it_is_offered(northgate: Centre) -> None:
    practice = Practice(northgate, unit_ref="8586-300")
    record = practice.record("witness-testimony")
    path = link_of(ask(practice, record, guest="WITNESS"))
    said = "Bea Stone here: she rang Mr Brook."
    assert sign(Client(), path, f3=said).status_code == 200
    draft = start(practice.cast, "assignment-8586-300", at=timezone.now())
    assert asked(practice, draft) == []
    with centre_scope(northgate.pk):
        actions.claim_criteria(
            evidence=Evidence.objects.get(kind="FILE"),
            criteria=[("8586-300", "1.1")],
            locator=parse_locator("“she rang”"),
            why="She saw it",
            by=practice.cast.learner,
            at=timezone.now(),
        )
    [(text, where)] = asked(practice, draft)
    assert text.startswith("Bea Stone, witness, wrote “Mr Brook”.")
    assert where == practice.address("record", record_id=record.pk)
