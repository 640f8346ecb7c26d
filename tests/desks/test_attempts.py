"""The attempts of a learner, in the words of the office and in those of a tutor."""

from typing import Any

import pytest
from django.test import Client

from centres.models import Centre
from centres.permissions import Role
from tests.makers import Cast, assessed, make_member

pytestmark = pytest.mark.django_db


def test_only_the_office_reads_how_far_quality_assurance_is(northgate: Centre, client: Client) -> None:
    cast = Cast(northgate)
    assessed(cast, "wba-d3-01-02")
    address = f"/c/northgate/learners/{cast.registration.learner_id}/attempts/"
    client.force_login(cast.administrator.user)
    assert b"Assessed (provisional)" in client.get(address).content
    client.force_login(make_member(northgate, "Tim Tutor", Role.TUTOR).user)
    body = client.get(address).content
    assert b"Assessed, being checked" in body
    assert b"Assessed (provisional)" not in body


def test_without_attempts_it_says_who_begins(northgate: Centre, harbour: Centre, client: Client) -> None:
    cast = Cast(northgate)
    address = f"/c/northgate/learners/{cast.registration.learner_id}/attempts/"
    client.force_login(cast.administrator.user)
    assert b"Nothing was begun yet." in client.get(address).content
    client.force_login(cast.learner.user)
    assert client.get(address).status_code == 403
    ann = make_member(harbour, "Ann Other", Role.ADMINISTRATOR)
    client.force_login(ann.user)
    assert client.get(address.replace("northgate", "harbour")).status_code == 404


def test_it_costs_the_same_for_every_attempt(
    northgate: Centre, client: Client, django_assert_max_num_queries: Any
) -> None:
    cast = Cast(northgate)
    for key in ("wba-d3-01-02", "review-d3-05"):
        assessed(cast, key)
    client.force_login(cast.administrator.user)
    with django_assert_max_num_queries(22):
        client.get(f"/c/northgate/learners/{cast.registration.learner_id}/attempts/")
