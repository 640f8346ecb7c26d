"""The home page: a panel for each role, one thing next, and numbers that equal their lists."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from centres.models import Centre
from centres.permissions import Role
from centres.scoping import centre_scope
from desks.selectors.home import time_left
from qualifications.models import Registration
from quality_assurance.actions import release_unreviewed
from tests.makers import Cast, assessed, make_learner, make_member, make_registration, start, submit, take
from tests.portfolios.practice import Practice
from tests.portfolios.samples import signed_in

pytestmark = pytest.mark.django_db
KEY = "wba-d3-01-02"


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate)


def home(client: Client, cast: Cast) -> str:
    answer = client.get(reverse("desks:home", kwargs={"slug": cast.centre.slug}))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_learner_is_led_from_beginning_to_submission(cast: Cast) -> None:
    client = signed_in(cast.learner)
    page = home(client, cast)
    assert "Begin " in page
    assert "Not started" in page
    submission = start(cast, KEY)
    page = home(client, cast)
    assert "Finish " in page
    assert f"/submissions/{submission.pk}/" in page
    assert "Not submitted yet" in page
    submit(cast, submission)
    assert "Submitted: waiting for an assessor" in home(client, cast)
    take(cast, submission)
    assert "Being assessed" in home(client, cast)


def test_a_lapsed_learner_is_told(cast: Cast) -> None:
    with centre_scope(cast.centre.pk):
        Registration.objects.filter(pk=cast.registration.pk).update(expires_on=date(2026, 9, 30))
    page = home(signed_in(cast.learner), cast)
    assert "Your registration has ended. Ask your centre for an extension." in page
    assert "ended on 30 September 2026" in page


def test_a_learner_on_nothing_is_told_whom_to_ask(cast: Cast) -> None:
    member = make_member(cast.centre, "Nia Low", Role.LEARNER)
    assert "You are not on a qualification yet." in home(signed_in(member), cast)


def test_a_title_is_no_first_name(cast: Cast) -> None:
    member = make_member(cast.centre, "Dr Anne Low", Role.ASSESSOR)
    assert ", Anne</h1>" in home(signed_in(member), cast)


def test_every_role_has_its_panel_and_no_other(cast: Cast) -> None:
    panels = {"Marking": cast.assessor, "Quality": cast.iqa, "Centre": cast.administrator}
    for title, member in panels.items():
        page = home(signed_in(member), cast)
        ids = {"Marking": "home-marking", "Quality": "home-quality", "Centre": "home-office"}
        for other, key in ids.items():
            assert (f'id="{key}"' in page) == (other == title), (title, other)
    both = make_member(cast.centre, "Bo Lee", Role.ASSESSOR, Role.IQA, Role.LEARNER)
    page = home(signed_in(both), cast)
    assert 'id="home-marking"' in page
    assert 'id="home-quality"' in page


def test_numbers_count_what_is_there(cast: Cast) -> None:
    submission = submit(cast, start(cast, KEY))
    queue = reverse("marking:queue", kwargs={"slug": cast.centre.slug})
    assert f'<a href="{queue}?state=waiting">1</a>' in home(signed_in(cast.assessor), cast)
    judgement = take(cast, submission)
    page = home(signed_in(cast.assessor), cast)
    assert f'<a href="{queue}?state=mine">1</a>' in page
    assert f"/marking/{judgement.pk}/" in page


def test_assessed_work_is_counted_for_quality(cast: Cast) -> None:
    assessed(cast, KEY)
    board = reverse("quality_assurance:board", kwargs={"slug": cast.centre.slug})
    assert f'<a href="{board}?tab=assessed">1</a>' in home(signed_in(cast.iqa), cast)


def test_registrations_that_end_soon_are_listed(cast: Cast) -> None:
    soon = timezone.localdate() + timedelta(days=20)
    with centre_scope(cast.centre.pk):
        Registration.objects.filter(pk=cast.registration.pk).update(expires_on=soon)
    register = reverse("qualifications:register", kwargs={"slug": cast.centre.slug})
    page = home(signed_in(cast.administrator), cast)
    assert f'<a href="{register}?expires=90">1</a>' in page
    assert "Amira Khan" in page


def test_released_results_are_counted_as_their_list_counts_them(cast: Cast) -> None:
    now = timezone.now()
    judgement = assessed(cast, KEY, at=now)
    with centre_scope(cast.centre.pk):
        release_unreviewed(
            submission=judgement.submission,
            reason="Small cohort, seen in class.",
            confirmed_at=now,
            by=cast.lead,
            at=now,
        )
    since = timezone.localdate(now) - timedelta(days=30)
    address = reverse("marking:sheets", kwargs={"slug": cast.centre.slug})
    page = home(signed_in(cast.administrator), cast)
    assert f'<a href="{address}?released_from={since:%d/%m/%Y}">1</a>' in page


def test_another_centre_counts_nothing_of_this_one(cast: Cast, harbour: Centre) -> None:
    assessed(cast, KEY)
    other = Cast(harbour)
    page = home(signed_in(other.iqa), other)
    assert "Amira" not in page
    assert '?tab=assessed">0</a>' in page


def price(client: Client, cast: Cast) -> int:
    with CaptureQueriesContext(connection) as queries:
        home(client, cast)
    return len(queries)


def test_the_price_does_not_grow_with_the_centre(cast: Cast) -> None:
    everyone = make_member(cast.centre, "Bo Lee", Role.ASSESSOR, Role.IQA, Role.ADMINISTRATOR)
    clients = (signed_in(everyone), signed_in(cast.learner))
    prices = []
    for count in (3, 27):
        for number in range(count):
            name, code = f"Learner {count} {number}", f"N{count}-{number}"
            make_learner(cast.centre, name, by=cast.administrator, number=code)
        prices.append([price(client, cast) for client in clients])
    assert prices[0] == prices[1]
    assert max(prices[0]) <= 30


def test_the_price_does_not_grow_with_the_work(cast: Cast) -> None:
    client = signed_in(cast.learner)
    assessed(cast, KEY)
    before = price(client, cast)
    with centre_scope(cast.centre.pk):
        learner = cast.registration.learner
    qualification = "l3-award-effective-mentoring"
    make_registration(cast.centre, learner, by=cast.administrator, qualification=qualification, number="R-9")
    for key in ("diary-d3-03", "diary-d3-06"):
        assessed(cast, key)
    assert price(client, cast) == before


def test_time_left_in_words() -> None:
    today = date(2026, 11, 22)
    assert time_left(date(2026, 11, 22), today) == "last day today"
    assert time_left(date(2026, 11, 23), today) == "1 day left"
    assert time_left(date(2027, 3, 21), today) == "3 months left"
    assert time_left(None, today) == ""


def test_a_learner_sees_how_far_each_unit_is(northgate: Centre) -> None:
    practice = Practice(northgate)
    page = home(practice.client, practice.cast)
    assert "0 min of 12 h" in page
    assert "clients 0 of 2 at most · supervisions 0 of 2" in page
    assert "plan 0 of 6 months" in page
    assert f'href="{practice.address("unit")}"' in page
    session = practice.added()
    page = home(practice.client, practice.cast)
    assert "Write up your session of " in page
    assert f'href="{practice.address("session", session_id=session.pk)}"' in page
    submission = start(practice.cast, "portfolio-8586-302", at=timezone.now())
    assert "14 things missing" in home(practice.client, practice.cast)
    practice.fill(since=3)
    page = home(practice.client, practice.cast)
    assert "8 things missing" in page
    assert f"/submissions/{submission.pk}/#mend" in page
