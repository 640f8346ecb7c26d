"""What was approved to differ stands in what is signed and printed; why somebody has time more does not."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from centres.models import Centre, Membership
from centres.permissions import Role
from centres.scoping import centre_scope
from marking.actions.render import draw_sheet
from marking.models import ResultSheet, Signature
from portfolios.actions.deviate import withdraw_deviation
from tests.makers import AT, COACHING, MENTORING, Cast, assessed, make_member
from tests.marking.paper import text_of
from tests.marking.released import release_agreed
from tests.portfolios.programme import deviate, record

pytestmark = pytest.mark.django_db
KEY = "diary-d3-03"
WHAT = "A presentation instead of the diary."
WHY = "Reads slowly after an illness, so 25 minutes more."
LATER = AT + timedelta(days=1)


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate)


@pytest.fixture
def tutor(northgate: Centre) -> Membership:
    return make_member(northgate, "Sam Ito", Role.TUTOR)


def approve(cast: Cast, tutor: Membership, key: str = KEY) -> Any:
    with centre_scope(cast.centre.pk):
        record(cast.registration, "ACCESS", by=tutor, note=WHY)
        return deviate(cast.registration, key, by=tutor, text=WHAT)


def page(sheet: ResultSheet, by: Membership) -> str:
    client = Client()
    client.force_login(by.user)
    answer = client.get(reverse("marking:sheet", kwargs={"slug": "northgate", "sheet_id": sheet.pk}))
    assert answer.status_code == 200
    return str(answer.content.decode())


def drawn(sheet: ResultSheet, text: str | None = None) -> str:
    return text_of(draw_sheet(text or sheet.record, record_sha256=sheet.record_sha256))


@pytest.mark.parametrize(("qualification", "key"), [(COACHING, KEY), (MENTORING, "assignment-8586-300")])
def test_what_was_approved_is_signed_printed_and_shown(
    northgate: Centre, tutor: Membership, qualification: str, key: str
) -> None:
    cast = Cast(northgate, qualification=qualification)
    deviation = approve(cast, tutor, key)
    sheet = release_agreed(cast, assessed(cast, key))
    with centre_scope(cast.centre.pk):
        records = [json.loads(row.record) for row in Signature.objects.all()]
    assert len(records) == 2
    for signed in [*records, json.loads(sheet.record)]:
        assert signed["deviations"] == [
            {
                "kind": "Another method of assessment",
                "text": WHAT,
                "approved_on": AT.date().isoformat(),
                "letter_sha256": deviation.sha256,
                "withdrawn_at": None,
            }
        ]
    printed = "Approved by the awarding body before this submission: another method of assessment,"
    assert printed in drawn(sheet)
    assert WHAT in drawn(sheet)
    assert WHAT in page(sheet, cast.iqa)


def test_of_an_access_arrangement_staff_read_that_it_was_in_place_and_no_paper_does(
    cast: Cast, tutor: Membership
) -> None:
    approve(cast, tutor)
    sheet = release_agreed(cast, assessed(cast, KEY))
    in_place = "An access arrangement was in place for this submission."
    assert in_place in page(sheet, cast.iqa)
    assert in_place not in page(sheet, cast.learner)
    for said in (sheet.record, drawn(sheet), page(sheet, cast.iqa)):
        assert "25 minutes" not in said
    assert "arrangement" not in drawn(sheet)


def test_an_approval_taken_back_after_submission_stays_and_says_so(cast: Cast, tutor: Membership) -> None:
    deviation = approve(cast, tutor)
    judgement = assessed(cast, KEY)
    with centre_scope(cast.centre.pk):
        withdraw_deviation(deviation=deviation, reason="Meant for unit 7.", by=tutor, at=LATER)
    sheet = release_agreed(cast, judgement)
    assert "taken back after it" in drawn(sheet)
    assert "taken back" in page(sheet, cast.iqa)
    assert "Meant for unit 7." not in drawn(sheet)
    where = reverse("marking:workspace", kwargs={"slug": "northgate", "judgement_id": judgement.pk})
    client = Client()
    client.force_login(cast.assessor.user)
    shown = client.get(where).content.decode()
    assert WHAT in shown
    assert "after this work was submitted: Meant for unit 7." in shown


def test_an_approval_taken_back_before_submission_is_not_on_the_sheet(cast: Cast, tutor: Membership) -> None:
    deviation = approve(cast, tutor)
    with centre_scope(cast.centre.pk):
        withdraw_deviation(deviation=deviation, reason="Meant for unit 7.", by=tutor, at=AT)
    sheet = release_agreed(cast, assessed(cast, KEY, at=LATER))
    assert json.loads(sheet.record)["deviations"] == []
    assert WHAT not in drawn(sheet)


def test_a_record_of_before_it_stood_there_prints_none(cast: Cast) -> None:
    sheet = release_agreed(cast, assessed(cast, KEY))
    old = json.loads(sheet.record)
    assert old.pop("deviations") == []
    assert "Approved by the awarding body" not in drawn(sheet, json.dumps(old))
