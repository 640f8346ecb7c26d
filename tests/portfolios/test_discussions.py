"""Professional discussions: recorded, changed in two tabs, confirmed, and submitted with their recording."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from centres.models import Centre
from centres.scoping import centre_scope
from portfolios import actions
from portfolios.models import Discussion, Evidence, Submission
from portfolios.selectors.discussions import discussions_in
from tests.makers import AT, MENTORING, Cast, make_registration, start, submit, take
from tests.portfolios.samples import MINUTE, signed_in

pytestmark = pytest.mark.django_db
MP3 = MINUTE * 4
UNIT = "8586-301"


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate, qualification=MENTORING)


@pytest.fixture
def draft(cast: Cast) -> Submission:
    return start(cast, "portfolio-8586-301")


@pytest.fixture
def recording(cast: Cast, draft: Submission) -> Evidence:
    with centre_scope(cast.centre.pk):
        offer = actions.offer_file(
            submission=draft, part_ref="1.1", name="Talk.mp3", file=BytesIO(MP3), by=cast.learner, at=AT
        )
        piece: Evidence = offer.evidence
        return piece


def page(name: str, **kwargs: Any) -> str:
    return reverse(f"portfolios:{name}", kwargs={"slug": "northgate", **kwargs})


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "unit": f"{cast.registration.pk} {UNIT}",
        "agreed_for": "2026-10-12T10:00",
        "mode": "IN_PERSON",
        "assessor": str(cast.assessor.pk),
        "others": "",
        "questions": "How did you agree the goal?\r\nWhat changed?",
        **more,
    }


def discussions(cast: Cast) -> list[Any]:
    with centre_scope(cast.centre.pk):
        return list(Discussion.objects.select_related("assessor").order_by("recorded_at", "id"))


def recorded(cast: Cast, **more: Any) -> Any:
    signed_in(cast.learner).post(page("add_discussion"), typed(cast, **more))
    return discussions(cast)[-1]


def test_what_was_agreed_is_recorded_and_listed(cast: Cast) -> None:
    row = recorded(cast)
    assert (row.unit_ref, row.mode, row.assessor.name) == (UNIT, "IN_PERSON", "Priya Shah")
    assert row.questions == "How did you agree the goal?\nWhat changed?"
    listed = signed_in(cast.learner).get(page("discussions")).content.decode()
    assert "12 Oct 2026, 10:00" in listed
    assert "None yet" in listed
    shown = signed_in(cast.learner).get(page("discussion", discussion_id=row.pk)).content.decode()
    assert "What a discussion needs" in shown


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"agreed_for": "31/02/2026 10:00"}, "Enter a date and a time, like 12 Nov 2026, 10:00."),
        ({"agreed_for": "0001-01-01T00:00"}, "Enter a year from 2000 to 2199."),
        (
            {"agreed_for": "2026-09-02T23:59"},
            "This is before your registration on 3 Sep 2026, so it cannot be counted.",
        ),
        ({"agreed_for": ""}, "Date and time agreed is missing."),
        ({"unit": "nonsense"}, "Choose a unit from the list."),
        ({"assessor": "7"}, "Choose an assessor from the list."),
        ({"mode": ""}, "How is not chosen."),
        ({"questions": " "}, "Questions agreed is missing."),
    ],
)
def test_what_cannot_be_recorded_keeps_what_was_typed(cast: Cast, change: dict[str, str], says: str) -> None:
    answer = signed_in(cast.learner).post(page("add_discussion"), typed(cast, others="Kept", **change))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert says in shown
    assert 'value="Kept"' in shown
    assert discussions(cast) == []


def test_a_recording_is_chosen_and_confirmed(cast: Cast, recording: Evidence) -> None:
    row = recorded(cast)
    client = signed_in(cast.learner)
    url = page("discussion", discussion_id=row.pk)
    client.post(url, typed(cast, evidence=str(recording.pk), version=1))
    client.post(
        page("claims", evidence_id=recording.pk),
        {"criteria": [f"{UNIT} 2.1"], "first": "1:55", "why": "Yes."},
    )
    shown = client.get(url).content.decode()
    assert "1m 55 secs: 8586-301 AC 2.1" in shown
    assert "Confirm as a true account" in shown
    for _ in range(2):
        client.post(page("confirm_discussion", discussion_id=row.pk), {"version": 2})
    assert discussions(cast)[0].confirmed_by_id == cast.learner.pk
    client.post(url, typed(cast, evidence=str(recording.pk), version=2, questions="Others."))
    assert discussions(cast)[0].confirmed_at is None


def test_a_discussion_is_not_moved_to_before_the_registration(cast: Cast, recording: Evidence) -> None:
    row, client = recorded(cast, agreed_for="2026-09-03T00:00"), signed_in(cast.learner)
    url = page("discussion", discussion_id=row.pk)
    early = typed(cast, evidence=str(recording.pk), version=1, agreed_for="2019-05-04T10:00")
    answer = client.post(url, early)
    says = "This is before your registration on 3 Sep 2026, so it cannot be counted."
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert client.post(url, {**early, "agreed_for": "2199-05-04T10:00"}).status_code == 302
    with centre_scope(cast.centre.pk):
        Discussion.objects.update(agreed_for=AT.replace(year=2019))
    told = client.post(page("confirm_discussion", discussion_id=row.pk), {"version": 2})
    assert told.status_code == 422
    assert says in told.content.decode()
    assert discussions(cast)[0].confirmed_at is None


def test_notes_that_are_rewritten_are_confirmed_anew(cast: Cast, draft: Submission) -> None:
    row, client = recorded(cast), signed_in(cast.learner)
    url = page("discussion", discussion_id=row.pk)
    anew = "It changed after you confirmed it"

    def write(text: str, version: int) -> Evidence:
        with centre_scope(cast.centre.pk):
            saved = actions.save_text(
                submission=draft, part_ref="2.1", text=text, version=version, by=cast.learner, at=AT
            )
        assert saved is not None
        return saved

    notes = write("We spoke of goals.", 0)
    client.post(url, typed(cast, evidence=str(notes.pk), version=1))
    assert anew not in client.get(url).content.decode()
    client.post(page("confirm_discussion", discussion_id=row.pk), {"version": 2})
    write("We spoke of goals.", 1)
    assert discussions(cast)[0].confirmed_at is not None
    write("Something else entirely.", 1)
    with centre_scope(cast.centre.pk):
        line = next(line for line in actions.manifest_of(draft) if line["evidence"] == str(notes.pk))
    assert line["discussion"]["confirmed"] is False
    assert anew in client.get(url).content.decode()
    assert client.post(page("confirm_discussion", discussion_id=row.pk), {"version": 2}).status_code == 409
    client.post(page("confirm_discussion", discussion_id=row.pk), {"version": 3})
    assert discussions(cast)[0].confirmed_at is not None
    assert anew not in client.get(url).content.decode()


def test_nothing_is_confirmed_too_early(cast: Cast, recording: Evidence) -> None:
    row = recorded(cast)
    client = signed_in(cast.learner)
    url = page("confirm_discussion", discussion_id=row.pk)
    assert "Choose the recording or the notes first" in client.post(url, {"version": 1}).content.decode()
    later = f"{timezone.localtime() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    values = typed(cast, agreed_for=later, evidence=str(recording.pk), version=1)
    client.post(page("discussion", discussion_id=row.pk), values)
    answer = client.post(url, {"version": 2})
    assert answer.status_code == 422
    assert "This is in the future." in answer.content.decode()
    for junk in ("", "x", "²", "9" * 30, "1"):
        assert client.post(url, {"version": junk}).status_code == 409
    assert discussions(cast)[0].confirmed_at is None


def test_two_tabs_keep_both_versions(cast: Cast) -> None:
    row = recorded(cast)
    client = signed_in(cast.learner)
    url = page("discussion", discussion_id=row.pk)
    client.post(url, typed(cast, questions="From the first tab.", version=1))
    answer = client.post(url, typed(cast, questions="From the second tab.", version=1))
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "From the first tab." in shown
    assert "From the second tab." in shown
    assert discussions(cast)[0].questions == "From the first tab."
    client.post(url, typed(cast, questions="From the second tab.", version=2))
    assert discussions(cast)[0].questions == "From the second tab."
    assert client.post(url, typed(cast, questions="From the second tab.", version=1)).status_code == 302


def test_a_recording_belongs_to_one_discussion(cast: Cast, recording: Evidence) -> None:
    client = signed_in(cast.learner)
    first, second = recorded(cast), recorded(cast)
    values = typed(cast, evidence=str(recording.pk), version=1)
    client.post(page("discussion", discussion_id=first.pk), values)
    answer = client.post(page("discussion", discussion_id=second.pk), values)
    assert answer.status_code == 422
    assert "Choose a piece from the list." in answer.content.decode()


def test_the_database_refuses_what_can_never_be(cast: Cast, recording: Evidence) -> None:
    row = recorded(cast)
    other = make_registration(
        cast.centre,
        cast.registration.learner,
        by=cast.administrator,
        qualification="l3-cert-workplace-coaching-mentoring",
        number="R-9",
    )
    fields = [field.attname for field in Discussion._meta.local_fields if field.name != "id"]
    wrong: list[dict[str, Any]] = [
        {"mode": "LETTER"},
        {"questions": ""},
        {"unit_ref": "D3.01"},
        {"confirmed_at": AT},
        {"confirmed_at": AT, "confirmed_by_id": cast.learner.pk},
        {"registration_id": other.pk, "unit_ref": "D3.01", "evidence_id": recording.pk},
    ]
    for change in wrong:
        values = {name: getattr(row, name) for name in fields} | change
        with pytest.raises(DatabaseError, match="portfolios_discussion"):
            _write(cast, values)


def _write(cast: Cast, values: dict[str, Any]) -> None:
    with centre_scope(cast.centre.pk), transaction.atomic():
        Discussion.objects.create(**values)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_attempt_is_submitted_with_what_was_agreed(
    cast: Cast, draft: Submission, recording: Evidence
) -> None:
    row = recorded(cast)
    client = signed_in(cast.learner)
    client.post(page("discussion", discussion_id=row.pk), typed(cast, evidence=str(recording.pk), version=1))
    submitted = submit(cast, draft)
    talk = discussions_in(submitted.manifest)[recording.pk]
    assert (talk.mode, talk.assessor, talk.is_confirmed) == ("In person", "Priya Shah", False)
    client.post(
        page("discussion", discussion_id=row.pk),
        typed(cast, questions="Quite other ones.", evidence=str(recording.pk), version=2),
    )
    judgement = take(cast, submitted)
    url = reverse("marking:workspace", kwargs={"slug": "northgate", "judgement_id": judgement.pk})
    shown = signed_in(cast.assessor).get(f"{url}?evidence={recording.pk}").content.decode()
    assert "12 Oct 2026, 10:00, in person, with Priya Shah" in shown
    assert "How did you agree the goal?" in shown
    assert "Quite other ones." not in shown


def test_the_pages_ask_the_same_however_much_they_hold(
    cast: Cast, recording: Evidence, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.learner)
    for _ in range(2):
        for _ in range(3):
            row = recorded(cast)
        for url in (page("discussions"), page("add_discussion"), page("discussion", discussion_id=row.pk)):
            with django_assert_max_num_queries(20):
                client.get(url)
