"""The queue: what each assessor sees in it, takes from it, and is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment
from centres.models import Centre, Cohort, Learner
from centres.scoping import centre_scope
from marking.models import Allocation, Judgement
from portfolios.models import Submission
from qualifications.models import Competence, ConflictOfInterest, Registration
from tests.makers import AT, COACHING, MENTORING, Cast, make_learner, make_registration, start, submit, take

pytestmark = pytest.mark.django_db
COACHING_KEY = "wba-d3-01-02"


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate)


@pytest.fixture
def marker(cast: Cast, client: Client) -> Client:
    client.force_login(cast.assessor.user)
    return client


def waiting(cast: Cast, name: str, *, days: int = 1, key: str = COACHING_KEY, **made: Any) -> Submission:
    registration = make_learner(cast.centre, name, by=cast.administrator, number=f"N-{name[:3]}", **made)
    with centre_scope(cast.centre.pk):
        learner = registration.learner.membership
    cast.registration, cast.learner = registration, learner
    at = timezone.now() - timedelta(days=days)
    return submit(cast, start(cast, key, at=at), at=at)


def address(rest: str = "") -> str:
    return f"/c/northgate/marking/{rest}"


def rows_of(answer: Any) -> list[str]:
    return [row.submission.registration.learner.name for row in answer.context["rows"]]


def test_the_longest_wait_comes_first_and_the_tabs_count_what_they_hold(cast: Cast, marker: Client) -> None:
    waiting(cast, "Cara Lin", days=2)
    mine = waiting(cast, "Ben Okoro", days=12)
    waiting(cast, "Esme Hall", days=4)
    take(cast, mine)
    answer = marker.get(address())
    assert rows_of(answer) == ["Esme Hall", "Cara Lin"]
    assert [(name, count) for name, _, count in answer.context["tabs"]] == [
        ("waiting", 2),
        ("mine", 1),
        ("signed", 0),
        ("all", 3),
    ]
    assert b"4 days" in answer.content
    for name, _, count in answer.context["tabs"]:
        assert len(rows_of(marker.get(address(f"?state={name}")))) == count


def test_filters_narrow_and_sorting_turns(cast: Cast, marker: Client) -> None:
    first = waiting(cast, "Cara Lin", days=2)
    waiting(cast, "Ben Okoro", days=12, key="portfolio-8586-301", qualification=MENTORING)
    with centre_scope(cast.centre.pk):
        cohort = Cohort.objects.create(name="Spring")
        Registration.objects.filter(pk=first.registration_id).update(cohort=cohort)
    assert rows_of(marker.get(address("?sort=learner"))) == ["Ben Okoro", "Cara Lin"]
    assert rows_of(marker.get(address("?sort=-learner"))) == ["Cara Lin", "Ben Okoro"]
    assert rows_of(marker.get(address("?sort=age"))) == ["Cara Lin", "Ben Okoro"]
    assert rows_of(marker.get(address("?unit=8586-301"))) == ["Ben Okoro"]
    assert rows_of(marker.get(address("?cohort=Spring"))) == ["Cara Lin"]
    assert rows_of(marker.get(address("?learner=lin"))) == ["Cara Lin"]
    assert rows_of(marker.get(address("?over=1"))) == ["Ben Okoro"]
    none = marker.get(address("?learner=amra"))
    assert b"Clear the filters" in none.content
    assert marker.get(address("?sort=nonsense&state=x&page=99&size=1000")).status_code == 200


def test_what_may_not_be_taken_stays_in_sight_with_the_reason(cast: Cast, marker: Client) -> None:
    beyond = waiting(cast, "Ben Okoro", key="portfolio-8586-301", qualification=MENTORING)
    with centre_scope(cast.centre.pk):
        Competence.objects.filter(membership=cast.assessor, unit_ref="8586-301").update(
            valid_until=AT.date() - timedelta(days=30)
        )
    declared = waiting(cast, "Cara Lin")
    with centre_scope(cast.centre.pk):
        ConflictOfInterest.objects.create(
            membership=cast.assessor,
            learner=declared.registration.learner,
            reason="Sister",
            declared_at=AT,
            declared_by=cast.assessor,
        )
    answer = marker.get(address())
    assert b"You have no current competence in 8586-301." in answer.content
    assert b"You declared a conflict of interest with this learner on 2 Nov 2026." in answer.content
    assert b"Nothing waits for you. 2 wait for others." in answer.content
    assert b"/take/" not in answer.content
    for submission in (beyond, declared):
        refused = marker.post(address(f"take/{submission.pk}/"), follow=True)
        assert b"You " in refused.content
        with centre_scope(cast.centre.pk):
            assert not Allocation.objects.filter(submission=submission).exists()
    nothing = marker.post(address("take-next/"), follow=True)
    assert b"Nothing waits for you." in nothing.content


def test_taking_the_next_opens_the_longest_wait(cast: Cast, marker: Client) -> None:
    waiting(cast, "Cara Lin", days=2)
    oldest = waiting(cast, "Ben Okoro", days=12)
    answer = marker.post(address("take-next/"))
    with centre_scope(cast.centre.pk):
        judgement = Judgement.objects.get()
        assert judgement.submission_id == oldest.pk
    assert answer["Location"] == address(f"{judgement.pk}/")


def test_a_lost_race_names_who_has_it_and_shows_their_row(cast: Cast, marker: Client) -> None:
    submission = waiting(cast, "Ben Okoro")
    other = Client()
    other.force_login(cast.other_assessor.user)
    other.post(address(f"take/{submission.pk}/"))
    lost = marker.post(address(f"take/{submission.pk}/"), follow=True)
    assert b"Tom Reid took this. Take the next one." in lost.content
    assert [row.submission.assessor_name for row in lost.context["rows"]] == ["Tom Reid"]


def test_taking_twice_opens_the_same_sheet(cast: Cast, marker: Client) -> None:
    submission = waiting(cast, "Ben Okoro")
    first = marker.post(address(f"take/{submission.pk}/"))
    second = marker.post(address(f"take/{submission.pk}/"))
    assert first["Location"] == second["Location"]


def test_own_work_is_shown_without_a_way_to_take_it(cast: Cast, marker: Client) -> None:
    submission = waiting(cast, "Ben Okoro")
    with centre_scope(cast.centre.pk):
        learner = submission.registration.learner
        learner.membership = cast.assessor
        learner.save(update_fields=["membership"])
    assert b"You cannot assess your own work." in marker.get(address()).content
    refused = marker.post(address(f"take/{submission.pk}/"), follow=True)
    assert b"You cannot assess your own work." in refused.content
    assert b"Nothing waits for you." in marker.post(address("take-next/"), follow=True).content


def test_the_file_holds_what_the_filter_shows_and_no_formulas(cast: Cast, marker: Client) -> None:
    waiting(cast, "Cara Lin")
    waiting(cast, "=HYPERLINK(1)", days=3)
    answer = marker.get(address("?format=csv&learner=HYPER"))
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    assert "HYPERLINK" in text
    assert "Cara Lin" not in text
    assert "\n=HYPERLINK" not in text


@pytest.mark.parametrize("who", ["learner", "administrator", "iqa", "lead"])
def test_the_queue_is_for_assessors(cast: Cast, client: Client, who: str) -> None:
    client.force_login(getattr(cast, who).user)
    assert client.get(address()).status_code == 403
    assert client.post(address("take-next/")).status_code == 403


def test_another_centres_submission_cannot_be_taken(cast: Cast, marker: Client, harbour: Centre) -> None:
    submission = waiting(Cast(harbour), "Noor Aziz")
    assert marker.post(address(f"take/{submission.pk}/")).status_code == 404
    assert marker.get("/c/harbour/marking/").status_code == 404


def fill(cast: Cast, count: int) -> None:
    with centre_scope(cast.centre.pk):
        assessment = Assessment.objects.get(key=COACHING_KEY)
    for number in range(count):
        with centre_scope(cast.centre.pk):
            learner = Learner.objects.create(
                name=f"Learner {number:02}",
                email=f"learner-{number}@example.org",
                born_on=date(1990, 5, 4),
                added_at=AT,
                added_by=cast.administrator,
            )
        row = make_registration(
            cast.centre, learner, by=cast.administrator, qualification=COACHING, number=f"Q-{number}"
        )
        with centre_scope(cast.centre.pk):
            draft = Submission.objects.create(
                registration=row,
                assessment=assessment,
                attempt=1,
                open_parts=["1"],
                state_at=AT,
                started_at=AT,
                submitted_at=AT,
                submitted_by=cast.learner,
                declaration="Mine",
                manifest_sha256="0" * 64,
            )
            Submission.objects.filter(pk=draft.pk).update(state="SUBMITTED")


@pytest.mark.parametrize("count", [3, 30])
def test_the_queue_asks_the_same_number_of_questions_however_long_it_is(
    cast: Cast, marker: Client, count: int, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    fill(cast, count)
    marker.get(address())
    with django_assert_max_num_queries(30):
        marker.get(address("?size=50"))
