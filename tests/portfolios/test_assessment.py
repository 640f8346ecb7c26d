"""What is asked, and starting the first attempt: when it is allowed, and the words when it is not."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from centres.scoping import centre_scope
from portfolios.models import Submission
from qualifications.models import Registration
from tests.makers import Cast, assessed, start
from tests.portfolios.conftest import KEY

pytestmark = pytest.mark.django_db


def url(cast: Cast, key: str = KEY) -> str:
    return reverse(
        "portfolios:assessment",
        kwargs={"slug": cast.centre.slug, "registration_id": cast.registration.pk, "key": key},
    )


def attempts(cast: Cast) -> int:
    with centre_scope(cast.centre.pk):
        return int(Submission.objects.count())


def test_it_says_what_is_asked_and_starts(cast: Cast, learner: Client) -> None:
    page = learner.get(url(cast)).content.decode()
    assert "At least 50 of 100 marks" in page
    assert "24 marks, at least 12" in page
    assert "Start attempt 1" in page
    answer = learner.post(url(cast))
    with centre_scope(cast.centre.pk):
        submission = Submission.objects.get()
    assert answer["Location"].endswith(f"/submissions/{submission.pk}/")
    assert "Open attempt 1" in learner.get(url(cast)).content.decode()


def test_a_second_attempt_while_one_is_open(cast: Cast, learner: Client) -> None:
    start(cast, KEY)
    answer = learner.post(url(cast))
    assert answer.status_code == 422
    assert "Attempt 1 is still open. Finish it before you start another." in answer.content.decode()
    assert attempts(cast) == 1


def test_a_lapsed_registration_starts_nothing(cast: Cast, learner: Client) -> None:
    with centre_scope(cast.centre.pk):
        Registration.objects.filter(pk=cast.registration.pk).update(expires_on=date(2026, 9, 30))
    page = learner.get(url(cast)).content.decode()
    assert "Your registration ended on 30 September 2026." in page
    assert "Start attempt 1" not in page
    answer = learner.post(url(cast))
    assert answer.status_code == 422
    assert "Your registration ended on 30 September 2026." in answer.content.decode()
    assert attempts(cast) == 0


def test_what_the_qualification_does_not_hold_is_not_found(cast: Cast, learner: Client) -> None:
    assert learner.get(url(cast, "assignment-8586-300")).status_code == 404
    assert learner.post(url(cast, "assignment-8586-300")).status_code == 404
    assert learner.get(url(cast, "no-such-thing")).status_code == 404


def test_an_attempt_under_way_is_named(cast: Cast, learner: Client) -> None:
    assessed(cast, KEY)
    page = learner.get(url(cast)).content.decode()
    assert "Assessed, being checked" in page
    assert learner.post(url(cast)).status_code == 422


def test_the_page_has_a_fixed_price(cast: Cast, learner: Client, django_assert_max_num_queries: Any) -> None:
    start(cast, KEY)
    with django_assert_max_num_queries(20):
        learner.get(url(cast))
