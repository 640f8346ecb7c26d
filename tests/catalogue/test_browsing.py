"""The pages of the catalogue: everything down to each criterion, in a fixed number of queries."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Assessment, Section
from assessments.rules import Practice
from assessments.selectors.browse import chosen_version, texts
from centres.models import Centre, Membership
from centres.permissions import Role
from centres.scoping import centre_scope
from qualifications.models import CentreApproval, Criterion, Qualification, Unit
from tests.makers import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(northgate: Centre, client: Client) -> Membership:
    member = make_member(northgate, "Amira Khan", Role.LEARNER)
    client.force_login(member.user)
    return member


def address(page: str, *names: str) -> str:
    return reverse(f"assessments:{page}", args=["northgate", *names])


def page(client: Client, url: str, queries: int = 30) -> str:
    """Return the words of a page, its marks and spare spaces taken out."""
    with CaptureQueriesContext(connection) as counted:
        answer = client.get(url)
    assert answer.status_code == 200
    assert len(counted) <= queries, "\n".join(query["sql"][:200] for query in counted)
    content = answer.content.decode()
    main = content[content.index("<main") : content.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).replace("&#x27;", "'").replace("&amp;", "&")


def test_the_catalogue_lists_all_six_and_marks_those_approved(
    client: Client, reader: Membership, northgate: Centre, harbour: Centre
) -> None:
    one, other = Qualification.objects.order_by("key")[:2]
    with centre_scope(northgate.pk):
        CentreApproval.objects.create(
            qualification=one, approved_on=date(2020, 1, 1), ends_on=date(2099, 8, 31)
        )
        CentreApproval.objects.create(
            qualification=other, approved_on=date(2019, 1, 1), ends_on=date(2020, 1, 1)
        )
    with centre_scope(harbour.pk):
        CentreApproval.objects.create(qualification=other, approved_on=date(2020, 1, 1))
    words = page(client, address("catalogue"))
    for title in Qualification.objects.values_list("title", flat=True):
        assert title in words
    assert "Northgate Training is approved for 1 of 6 qualifications." in words
    assert "Approved until 31 Aug 2099" in words
    assert words.count("Not approved") == 5


def test_a_qualification_shows_its_units_with_totals_and_its_assessments(
    client: Client, reader: Membership
) -> None:
    words = page(client, address("qualification", "l3-cert-workplace-coaching-mentoring"))
    assert "Credits 28" in words
    assert "3 years from registration" in words
    assert "D3.07" in words
    assert "7 units 28" in words
    assert "by section, at least 50 of 100" in words
    assert "Strengths, Weaknesses" in words


@pytest.mark.parametrize("ref", ["D3.04", "D5.01", "8586-302", "8588-501"])
def test_a_unit_shows_every_outcome_and_criterion(client: Client, reader: Membership, ref: str) -> None:
    words = page(client, address("unit", ref))
    unit = Unit.objects.get(ref=ref)
    for criterion in Criterion.objects.filter(outcome__unit=unit):
        assert f"{criterion.ref} {' '.join(criterion.text.split())}" in words


def test_practice_is_told_in_words(client: Client, reader: Membership) -> None:
    words = page(client, address("unit", "8586-302"))
    assert "At least 12 hours of practice." in words
    assert "With at most 2 clients; a third needs a recorded reason." in words
    assert "At least 2 supervision sessions, 2 hours in all." in words


def test_a_mark_sheet_shows_sections_minima_statements_and_their_criteria(
    client: Client, reader: Membership
) -> None:
    words = page(client, address("assessment", "wba-d3-01-02"))
    for section in Section.objects.filter(assessment__key="wba-d3-01-02"):
        assert (
            f"{section.position} {section.heading} {section.max_marks} marks, at least {section.min_marks}"
            in words
        )
        assert all(statement["text"] in words for statement in section.statements)
    assert "D3.02 3.1" in words
    assert "At least 50 of 100 marks, and every section reaches its own minimum." in words
    assert "Strengths, Weaknesses" in words
    assert "Strengths, Areas for Improvement" in words
    assert "Not tied to a criterion." in page(client, address("assessment", "wba-d5-01"))


def test_a_result_sheet_shows_every_criterion_with_both_descriptors(
    client: Client, reader: Membership
) -> None:
    words = page(client, address("assessment", "assignment-8586-300"))
    assert "2500 to 3500 words" in words
    assert "Referral when" in words
    assert "Pass when" in words
    for ref in Criterion.objects.filter(outcome__unit__ref="8586-300").values_list("ref", flat=True):
        assert f" {ref} " in words


def test_every_page_of_the_catalogue_opens_in_few_queries(client: Client, reader: Membership) -> None:
    counts: dict[str, set[int]] = {}
    addresses = [
        *(address("qualification", key) for key in Qualification.objects.values_list("key", flat=True)),
        *(address("unit", ref) for ref in Unit.objects.values_list("ref", flat=True)),
    ]
    sheets = [
        (rule, address("assessment", key)) for key, rule in Assessment.objects.values_list("key", "rule")
    ]
    for kind, url in [*((url.split("/")[4], url) for url in addresses), *sheets]:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url).status_code == 200
        counts.setdefault(kind, set()).add(len(counted))
    assert all(len(numbers) == 1 for numbers in counts.values()), counts


@pytest.mark.parametrize(
    "url",
    [
        "/c/northgate/catalogue/qualifications/none/",
        "/c/northgate/catalogue/units/D9.99/",
        "/c/northgate/catalogue/assessments/none/",
        "/c/northgate/catalogue/units/D3.01/?version=2",
        "/c/northgate/catalogue/units/D3.01/?version=x",
        "/c/northgate/catalogue/units/D3.01/?version=99999999999999999999",
        "/c/northgate/catalogue/units/D3.01/?version=²",
    ],
)
def test_what_is_not_published_is_not_found(client: Client, reader: Membership, url: str) -> None:
    assert client.get(url).status_code == 404


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_latest_version_comes_first_and_older_ones_stay_readable() -> None:
    old = Unit.objects.using("owner").get(ref="D3.01")
    new = Unit.objects.using("owner").create(
        ref="D3.01", version=2, title="Second edition", level=3, credits=3, content_sha256="0" * 64
    )
    rows = Unit.objects.using("owner").filter(ref="D3.01")
    assert chosen_version(rows, None) == (new, [new, old])
    assert chosen_version(rows, 1) == (old, [new, old])
    assert chosen_version(rows, 3) == (None, [new, old])
    shown = render_to_string("assessments/versions.html", {"versions": [new, old], "shown": new})
    assert '<a href="?version=1">1</a>' in shown


def test_a_stranger_finds_nothing(client: Client, northgate: Centre, harbour: Centre) -> None:
    client.force_login(make_member(harbour, "Sam Lee", Role.LEARNER).user)
    assert client.get(address("catalogue")).status_code == 404


@pytest.mark.parametrize(
    ("practice", "words"),
    [
        (Practice(), []),
        (Practice(hours=1), ["At least 1 hour of practice."]),
        (Practice(min_clients=2, max_clients=3), ["With 2 to 3 clients."]),
        (Practice(min_clients=2), ["With at least 2 clients."]),
        (
            Practice(max_clients=1, exceptional_max_clients=9),
            ["With at most 1 client; client number 9 needs a recorded reason."],
        ),
        (Practice(supervision_hours=2), ["At least 2 hours of supervision."]),
        (Practice(supervision_sessions=1), ["At least 1 supervision session."]),
        (Practice(cpd_plan_months=12), ["A development plan for the next 12 months."]),
    ],
)
def test_practice_in_words(practice: Practice, words: list[str]) -> None:
    assert practice.in_words() == words


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, []), ("one", ["one"]), (["a", " ", 3, "b"], ["a", "b"]), ({"a": 1}, []), (7, [])],
)
def test_only_texts_are_shown_of_what_a_file_holds_beside(value: Any, expected: list[str]) -> None:
    assert texts(value) == expected
