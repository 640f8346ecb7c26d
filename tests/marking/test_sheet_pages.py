"""The pages of result sheets: who may see which, how they are found, and what is served."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centres.actions import close_grant, open_grant
from centres.models import Centre, Membership
from centres.permissions import Role
from centres.scoping import centre_scope
from marking import tasks
from marking.actions import hand_back
from marking.actions.render import SHEETS
from marking.models import ResultSheet
from marking.selectors.sheets import sheet_filename
from quality_assurance import actions as quality
from tests.makers import (
    AT,
    COACHING,
    Cast,
    assessed,
    decide,
    make_learner,
    make_member,
    passing,
    sign,
    start,
    submit,
    take,
)
from tests.marking.released import release_agreed, release_overturned, release_unsampled

pytestmark = pytest.mark.django_db
QUERIES = 18
PAGES = ("sheet", "sheet_pdf", "sheet_record")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate)


def made(cast: Cast, key: str = "diary-d3-03", values: dict[str, Any] | None = None) -> ResultSheet:
    sheet = release_agreed(cast, assessed(cast, key, values))
    tasks.render_sheet(str(sheet.centre_id), str(sheet.pk))
    with centre_scope(sheet.centre_id):
        found: ResultSheet = ResultSheet.objects.get(pk=sheet.pk)
        return found


def as_(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def page(name: str, sheet: ResultSheet, slug: str = "northgate", **kwargs: Any) -> str:
    return reverse(f"marking:{name}", kwargs={"slug": slug, "sheet_id": sheet.pk, **kwargs})


LIST = "/c/northgate/marking/sheets/"


@pytest.mark.parametrize("name", PAGES)
def test_those_who_made_or_run_it_see_a_sheet(cast: Cast, name: str) -> None:
    sheet = made(cast)
    for member in (cast.learner, cast.assessor, cast.iqa, cast.lead, cast.administrator):
        assert as_(member).get(page(name, sheet)).status_code == 200, (name, member.name)


def test_whoever_handed_the_work_back_does_not_see_its_sheet(cast: Cast) -> None:
    submission = submit(cast, start(cast, "diary-d3-03"))
    judgement = take(cast, submission)
    with centre_scope(cast.centre.pk):
        hand_back(judgement=judgement, reason="Too close.", by=cast.assessor, at=AT)
    first, cast.assessor = cast.assessor, cast.other_assessor
    second = take(cast, submission)
    decide(second, passing(second))
    sign(second)
    sheet = release_unsampled(cast, second)
    assert as_(first).get(page("sheet", sheet)).status_code == 404
    assert as_(cast.assessor).get(page("sheet", sheet)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_for_others_it_does_not_exist(cast: Cast, northgate: Centre, name: str) -> None:
    sheet = made(cast)
    stranger = make_learner(northgate, "Ben Okoro", by=cast.administrator, number="R-9")
    with centre_scope(northgate.pk):
        other = stranger.learner.membership
    for member in (other, cast.other_assessor, cast.other_iqa):
        client = as_(member)
        assert client.get(page(name, sheet)).status_code == 404, (name, member.name)
        assert sheet.code not in client.get(LIST).content.decode()
    assert as_(make_member(northgate, "Tess Tutor", Role.TUTOR)).get(page(name, sheet)).status_code == 403


def test_another_centre_sees_nothing(cast: Cast, harbour: Centre) -> None:
    sheet = made(cast)
    client = as_(make_member(harbour, "Hal Admin", Role.ADMINISTRATOR))
    for name in PAGES:
        assert client.get(page(name, sheet)).status_code == 404
        assert client.get(page(name, sheet, slug="harbour")).status_code == 404
    assert sheet.code not in client.get("/c/harbour/marking/sheets/").content.decode()


def test_a_grant_shows_a_sheet_until_it_ends(cast: Cast) -> None:
    sheet = made(cast)
    client = as_(cast.other_iqa)
    grant: Any = {"membership": cast.other_iqa, "object_id": sheet.submission_id, "reason": "visit"}
    with centre_scope(cast.centre.pk):
        open_grant(**grant, at=timezone.now())
    assert client.get(page("sheet", sheet)).status_code == 200
    with centre_scope(cast.centre.pk):
        close_grant(**grant, at=timezone.now())
    assert client.get(page("sheet", sheet)).status_code == 404


def test_a_long_name_leaves_the_registration_number_in_the_files_name() -> None:
    record = {
        "assessment": {"units": [{"ref": "D3.01"}, {"ref": "D3.02"}]},
        "attempt": 2,
        "revision": 1,
        "learner": {"name": "Maximilienne " * 12, "registration_number": "NGT-2604-001"},
    }
    name = sheet_filename(record)
    assert name.startswith("D3.01-02 attempt 2 NGT-2604-001 Maximilienne Maximilienne")
    assert len(name.encode()) <= 124


def test_the_pdf_is_a_private_attachment_under_a_name_for_people(cast: Cast) -> None:
    sheet = made(cast, "wba-d3-01-02")
    answer = as_(cast.administrator).get(page("sheet_pdf", sheet))
    assert answer["Content-Disposition"] == (
        'attachment; filename="D3.01-02 attempt 1 ABC1234 Amira Khan.pdf"'
    )
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.content.startswith(b"%PDF")
    inline = as_(cast.administrator).get(page("sheet_pdf", sheet) + "?inline=1")
    assert inline["Content-Disposition"].startswith("inline")
    assert inline["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_file_that_was_changed_on_the_store_is_not_given_out(cast: Cast) -> None:
    sheet = made(cast, "wba-d3-01-02")
    with default_storage.open(sheet.storage_key, "wb") as stored:
        stored.write(b"%PDF-1.7 another result")
    answer = as_(cast.administrator).get(page("sheet_pdf", sheet))
    assert answer.status_code == 422
    assert b"is not the one that was made" in answer.content


def test_pages_are_pictures_and_a_page_too_many_does_not_exist(cast: Cast) -> None:
    sheet = made(cast)
    client = as_(cast.learner)
    first = client.get(page("sheet_page", sheet, page=1))
    assert first["Content-Type"] == "image/png"
    assert first.content.startswith(b"\x89PNG")
    assert client.get(page("sheet_page", sheet, page=99)).status_code == 404
    shown = client.get(page("sheet", sheet)).content.decode()
    assert page("sheet_page", sheet, page=2) in shown


def test_the_page_waits_says_when_it_failed_and_stops_asking_when_made(cast: Cast) -> None:
    sheet = release_unsampled(cast, assessed(cast, "diary-d3-03"))
    client = as_(cast.administrator)
    waiting = client.get(page("sheet", sheet))
    assert "Your sheet is being made. Usually under 10 seconds." in waiting.content.decode()
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert client.get(page("sheet_pdf", sheet)).status_code == 404
    assert client.get(page("sheet", sheet), headers={"HX-Request": "true"}).status_code == 200
    with centre_scope(cast.centre.pk):
        ResultSheet.objects.filter(pk=sheet.pk).update(state="FAILED", problem=SHEETS.not_yet)
    failed = client.get(page("sheet", sheet)).content.decode()
    assert SHEETS.not_yet in failed
    assert "Try again" in failed
    assert client.post(page("sheet", sheet)).status_code == 302
    with centre_scope(cast.centre.pk):
        assert ResultSheet.objects.get(pk=sheet.pk).state == "PENDING"
    tasks.render_sheet(str(sheet.centre_id), str(sheet.pk))
    done = client.get(page("sheet", sheet), headers={"HX-Request": "true"})
    assert done.status_code == 286
    assert "every 2s" not in done.content.decode()


def test_the_list_finds_sheets_by_what_people_know(cast: Cast, northgate: Centre) -> None:
    passed = made(cast, "diary-d3-03")
    referred = made(cast, "log-d3-04", {"1": 0})
    client = as_(cast.administrator)

    def found(query: str) -> set[str]:
        text = client.get(f"{LIST}?{query}").content.decode()
        return {sheet.code for sheet in (passed, referred) if sheet.code in text}

    assert found("") == {passed.code, referred.code}
    assert found("outcome=PASS") == {passed.code}
    assert found("outcome=REFERRAL") == {referred.code}
    assert found("learner=amira") == {passed.code, referred.code}
    assert found("learner=abc1234") == {passed.code, referred.code}
    assert found("learner=nobody") == set()
    assert found(f"qualification={COACHING}") == {passed.code, referred.code}
    assert found("qualification=other") == set()
    assert found("cohort=none") == set()
    assert found("released_from=2026-11-05&released_to=2026-11-05") == {passed.code, referred.code}
    assert found("released_to=2026-11-04") == set()
    assert found("released_from=2026-11-06") == set()
    assert found("released_from=05/11/2026&released_to=05/11/2026") == {passed.code, referred.code}
    assert found("released_from=06/11/2026") == set()
    assert found("outcome=x&sort=x&page=x&size=x") == {passed.code, referred.code}
    assert found("released_to=31/12/9999") == {passed.code, referred.code}
    assert "No result sheets match" in client.get(f"{LIST}?learner=nobody").content.decode()


def test_the_day_of_a_release_is_that_of_the_centres_clock(cast: Cast) -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    judgement = assessed(cast, "wba-d3-01-02", at=late - timedelta(days=1))
    with centre_scope(cast.centre.pk):
        quality.release_unreviewed(
            submission=judgement.submission,
            reason="Low risk this summer.",
            confirmed_at=late,
            by=cast.lead,
            at=late,
        )
    client = as_(cast.administrator)
    for day, count in (("30/06/2026", 0), ("01/07/2026", 1), ("02/07/2026", 0)):
        page = client.get(LIST, {"released_from": day, "released_to": day}).content.decode()
        assert page.count("ABC1234") == count, day


def test_the_list_is_sorted_both_ways_by_what_its_heads_say(cast: Cast, northgate: Centre) -> None:
    codes = {}
    for name, marks in (("Zoe Adams", {"1": 34}), ("Ben Okoro", {})):
        cast.registration = make_learner(northgate, name, by=cast.administrator, number=name[:3])
        with centre_scope(northgate.pk):
            cast.learner = cast.registration.learner.membership
        codes[name] = release_unsampled(cast, assessed(cast, "diary-d3-03", marks)).code
    client = as_(cast.administrator)
    ben, zoe = codes["Ben Okoro"], codes["Zoe Adams"]
    for sort, first, second in (
        ("learner", ben, zoe),
        ("-learner", zoe, ben),
        ("outcome", ben, zoe),
        ("-outcome", zoe, ben),
    ):
        page = client.get(LIST, {"sort": sort}).content.decode()
        assert page.index(first) < page.index(second), sort


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("31/02/2026", "Released from: This day does not exist. Use DD/MM/YYYY."),
        ("soon", "Released from: Write the day as DD/MM/YYYY, for example 14/03/2008."),
    ],
)
def test_a_day_that_cannot_be_read_is_said_and_kept_and_finds_nothing(
    cast: Cast, typed: str, words: str
) -> None:
    sheet = made(cast)
    client = as_(cast.administrator)
    answer = client.get(LIST, {"released_from": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'value="{typed}"' in page
    assert sheet.code not in page
    assert "Make a ZIP" not in page


def test_an_overturned_outcome_is_the_one_in_the_list(cast: Cast) -> None:
    sheet = release_overturned(
        cast, assessed(cast, "diary-d3-03", {"1": 34}), {"1": 40, "2": 20}, why="The annex holds the plan."
    )
    text = as_(cast.administrator).get(f"{LIST}?outcome=PASS").content.decode()
    assert sheet.code in text


def test_only_administrators_are_offered_a_zip(cast: Cast) -> None:
    made(cast)
    assert "Make a ZIP of" in as_(cast.administrator).get(LIST).content.decode()
    for member in (cast.learner, cast.assessor, cast.lead):
        assert "Make a ZIP of" not in as_(member).get(LIST).content.decode()


@pytest.mark.parametrize("rows", [3, 12])
def test_the_list_takes_the_same_queries_for_any_number_of_rows(
    cast: Cast, northgate: Centre, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        cast.registration = make_learner(
            northgate, f"Learner {number}", by=cast.administrator, number=f"N{number}"
        )
        with centre_scope(northgate.pk):
            cast.learner = cast.registration.learner.membership
        release_unsampled(cast, assessed(cast, "diary-d3-03"))
    client = as_(cast.administrator)
    client.get(LIST)
    with django_assert_num_queries(QUERIES):
        assert client.get(LIST).content.decode().count("Being made") == rows
