"""The register: what it shows, how it is narrowed, and the same as a file."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from centres.models import Centre, Cohort
from centres.permissions import Role
from centres.scoping import centre_scope
from lib.spreadsheet import defused
from qualifications.models import Registration
from tests.makers import COACHING, MENTORING, make_learner, make_member

pytestmark = pytest.mark.django_db
REGISTER = "/c/northgate/learners/"
TODAY = timezone.localdate()


@pytest.fixture
def filled(northgate: Centre, client: Client) -> Client:
    """Three learners: in a cohort, ending in 41 days, and lapsed; seen by the administrator."""
    joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
    amira = make_learner(northgate, "Amira Khan", by=joan, number="AK-1", qualification=COACHING)
    ben = make_learner(northgate, "Ben Okoro", by=joan, number="BO-2", qualification=MENTORING)
    cara = make_learner(northgate, "Cara Lin", by=joan, number="=CL-3", qualification=COACHING)
    with centre_scope(northgate.pk):
        cohort = Cohort.objects.create(name="Spring 2026")
        rows = Registration.objects
        rows.filter(pk=amira.pk).update(cohort=cohort)
        rows.filter(pk=ben.pk).update(expires_on=TODAY + timedelta(days=41))
        rows.filter(pk=cara.pk).update(expires_on=TODAY - timedelta(days=1))
    client.force_login(joan.user)
    client.cohort = str(cohort.pk)  # type: ignore[attr-defined]
    return client


def names_on(response: Any) -> list[str]:
    return [line.name for line in response.context["lines"]]


def test_it_says_what_a_centre_watches(filled: Client) -> None:
    body = filled.get(REGISTER).content.decode()
    for words in ("AK-1", "0 / 7", "0 / 3", "41 days</span>", "Lapsed", "Registered", "Spring 2026"):
        assert words in body


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Amira Khan", "Ben Okoro", "Cara Lin"]),
        ({"sort": "-name"}, ["Cara Lin", "Ben Okoro", "Amira Khan"]),
        ({"sort": "expires"}, ["Cara Lin", "Ben Okoro", "Amira Khan"]),
        ({"sort": "-expires"}, ["Amira Khan", "Ben Okoro", "Cara Lin"]),
        ({"q": "okoro"}, ["Ben Okoro"]),
        ({"q": "ak-1"}, ["Amira Khan"]),
        ({"expires": "90"}, ["Ben Okoro"]),
        ({"expires": "lapsed"}, ["Cara Lin"]),
        ({"qualification": MENTORING}, ["Ben Okoro"]),
        ({"q": "nobody"}, []),
        (
            {"sort": "password", "cohort": "x", "expires": "soon", "size": "7", "page": "x", "q": "a\0"},
            ["Amira Khan", "Ben Okoro", "Cara Lin"],
        ),
    ],
)
def test_it_is_narrowed_and_sorted_by_its_address(
    filled: Client, asked: dict[str, str], names: list[str]
) -> None:
    assert names_on(filled.get(REGISTER, asked)) == names


def test_it_is_narrowed_by_cohort(filled: Client) -> None:
    response = filled.get(REGISTER, {"cohort": filled.cohort})  # type: ignore[attr-defined]
    assert names_on(response) == ["Amira Khan"]
    assert b"Remove this filter" in response.content


def test_the_file_takes_the_filter_along_and_defuses_formulas(filled: Client) -> None:
    response = filled.get(f"{REGISTER}register.csv", {"expires": "lapsed"})
    head, line = response.content.decode("utf-8-sig").splitlines()
    assert head.startswith("Name,Registration number,Qualification")
    assert line.startswith("Cara Lin,'=CL-3,")
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1"])
def test_no_cell_becomes_a_formula(sign: str) -> None:
    assert defused(sign) == f"'{sign}"


@pytest.mark.parametrize("count", [3, 30])
def test_it_costs_the_same_for_three_and_thirty(
    northgate: Centre, client: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
    for number in range(count):
        make_learner(northgate, f"Learner {number}", by=joan, number=f"R-{number}")
    client.force_login(joan.user)
    client.get(REGISTER)
    with django_assert_max_num_queries(24):
        client.get(REGISTER, {"size": "50"})


def test_an_empty_register_says_what_to_do(northgate: Centre, client: Client) -> None:
    client.force_login(make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user)
    assert b"Add the first learner" in client.get(REGISTER).content
    client.force_login(make_member(northgate, "Tim Tutor", Role.TUTOR).user)
    assert b"Your administrator adds learners." in client.get(REGISTER).content
