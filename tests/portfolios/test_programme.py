"""Programmes through their pages: what the tutor records and corrects, and what the learner confirms."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from assessments.models import ApprovedDeviation
from centres.models import Centre, Membership
from centres.permissions import Role
from centres.scoping import centre_scope
from portfolios.actions import EntryFacts, correct_entry, withdraw_entry, withdraw_submission
from portfolios.actions.deviate import withdraw_deviation
from portfolios.actions.programme import OwnProgramme
from portfolios.models import InductionConfirmation, ProgrammeEntry, Submission
from qualifications.models import Registration
from tests.makers import Cast, make_member, start, submit, take
from tests.portfolios.practice import CERTIFICATE, Practice
from tests.portfolios.programme import deviate, record
from tests.portfolios.samples import pdf, signed_in, upload

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = localdate(NOW)
KEY = "assignment-8586-300"


def written(day: date) -> str:
    return f"{day:%d/%m/%Y}"


class Tutoring:
    """A learner registered eighty days ago, their tutor, and a browser for each."""

    def __init__(self, centre: Centre) -> None:
        practice = Practice(centre)
        self.cast: Cast = practice.cast
        self.registration: Registration = practice.registration
        self.tutor: Membership = make_member(centre, "Sam Ito", Role.TUTOR)
        self.browser: Client = signed_in(self.tutor)
        self.learner: Client = practice.client

    def address(self, name: str, **kwargs: Any) -> str:
        kwargs = kwargs or {"registration_id": self.registration.pk}
        return reverse(f"portfolios:{name}", kwargs={"slug": self.cast.centre.slug, **kwargs})

    def page(self, browser: Client | None = None) -> str:
        answer = (browser or self.browser).get(self.address("programme"))
        assert answer.status_code == 200
        return str(answer.content.decode())

    def add(self, kind: str, **typed: Any) -> Any:
        where = self.address("add_entry", registration_id=self.registration.pk, kind=kind)
        typed = {"date": written(TODAY), "note": "Talked it through.", **typed}
        return self.browser.post(where, typed)

    def correct(self, entry: ProgrammeEntry, **typed: Any) -> Any:
        where = self.address("correct_entry", entry_id=entry.pk)
        return self.browser.post(where, {"date": written(entry.held_on), "note": entry.note, **typed})

    def entries(self) -> list[ProgrammeEntry]:
        with centre_scope(self.cast.centre.pk):
            return list(ProgrammeEntry.objects.order_by("recorded_at", "id"))

    def submitted(self, *, days: int) -> Submission:
        at = NOW - timedelta(days=days)
        return submit(self.cast, start(self.cast, KEY, at=at), at=at)


@pytest.fixture
def room(northgate: Centre) -> Tutoring:
    return Tutoring(northgate)


def test_a_programme_is_recorded_until_nothing_is_missing(room: Tutoring) -> None:
    assert "Record the initial assessment." in room.page()
    form = room.browser.get(
        room.address("add_entry", registration_id=room.registration.pk, kind="induction")
    ).content.decode()
    points = [line.split('"')[0] for line in form.split('name="covered" value="')[1:]]
    assert len(points) == 9
    identified = [
        "Specific training needs",
        "Support and guidance needed on the way to the qualification",
        "Earlier qualifications or learning that recognition of prior learning could use",
        "The right type and level of qualification",
    ]
    before = written(room.registration.registered_on - timedelta(days=30))
    assert room.add("initial", date=before, covered=identified).status_code == 302
    day = written(room.registration.registered_on)
    points = [point.replace("&amp;", "&") for point in points]
    assert room.add("induction", date=day, hours="1", minutes="0", covered=points[:8]).status_code == 302
    assert room.add("tutorial", hours="1", minutes="15").status_code == 302
    page = room.page()
    assert "45 min more of tutorials is needed (1 h 15 min of 2 h)." in page
    assert "The induction has not covered: Student membership" in page
    assert "has not confirmed the induction" in page
    assert room.add("tutorial", hours="0", minutes="45").status_code == 302
    assert room.add("induction", hours="0", minutes="30", covered=points[8:]).status_code == 302
    for entry in room.entries():
        if entry.kind == "INDUCTION":
            room.learner.post(room.address("confirm_induction", entry_id=entry.pk))
    assert "Nothing is missing." in room.page()


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("tutorial", {"date": written(TODAY + timedelta(days=1)), "hours": "1"}, "This is in the future."),
        ("tutorial", {"date": "01/01/2020", "hours": "1"}, "This is before the registration on"),
        ("tutorial", {"hours": "30"}, "Enter a length between 5 minutes and 12 hours."),
        ("tutorial", {"hours": "-1"}, "Enter a length between 5 minutes and 12 hours."),
        ("tutorial", {"hours": "half"}, "Enter a length between 5 minutes and 12 hours."),
        ("tutorial", {"hours": "1", "note": " "}, "Write it down in a sentence or two."),
        ("tutorial", {"hours": "1", "date": "31/02/2026"}, "This day does not exist."),
        ("induction", {"hours": "1", "covered": ["Dancing"]}, "Choose from the list."),
        ("initial", {"date": "01/01/2020"}, "more than a year before the registration"),
        ("prior", {"criteria": "1.1"}, "Choose the unit that these criteria belong to."),
        ("prior", {"unit": "8586-302", "criteria": "4.9"}, "AC 4.9 is not in 8586-302."),
        ("prior", {"unit": "D3.01"}, "Choose a unit of the list."),
        ("access", {"assessment": "x"}, "Choose an assessment from the list."),
        ("special", {}, "Choose the attempt."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    room: Tutoring, kind: str, typed: dict[str, Any], words: str
) -> None:
    answer = room.add(kind, **typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "Talked it through." in page or "note" in typed
    assert room.entries() == []


def test_no_kind_of_event_but_ours_has_a_page(room: Tutoring) -> None:
    assert room.add("picnic").status_code == 404


def test_the_same_event_twice_is_one(room: Tutoring) -> None:
    for _ in range(2):
        assert room.add("tutorial", hours="1", minutes="0").status_code == 302
    assert len(room.entries()) == 1


def test_a_correction_takes_the_place_and_what_stood_before_stays(room: Tutoring) -> None:
    room.add("tutorial", hours="1", minutes="0", note="About goals.")
    [entry] = room.entries()
    assert room.correct(entry, hours="2", minutes="0").status_code == 422
    assert room.correct(entry, hours="2", minutes="0", reason="It took two hours.").status_code == 302
    page = room.page()
    assert "2 h of 2 h" in page
    assert "It took two hours." in page
    assert "60 min" in page
    stale = room.correct(entry, hours="3", minutes="0", reason="Again.")
    assert stale.status_code == 409
    assert b"This was corrected in another tab." in stale.content
    assert len(room.entries()) == 2


def test_what_did_not_take_place_is_taken_out_of_the_count(room: Tutoring) -> None:
    room.add("tutorial", hours="1", minutes="0", note="About goals.")
    [entry] = room.entries()
    where = room.address("correct_entry", entry_id=entry.pk)
    assert room.browser.post(where, {"away": "1", "away-reason": ""}).status_code == 422
    away = {"away": "1", "away-reason": "Learner was ill."}
    assert room.browser.post(where, away).status_code == 302
    assert room.browser.post(where, away).status_code == 409
    page = room.page()
    assert "0 min of 2 h" in page
    assert "Learner was ill." in page
    assert "About goals." in page


def test_a_corrected_induction_is_to_be_confirmed_again(room: Tutoring) -> None:
    room.add("induction", hours="1", minutes="0")
    [entry] = room.entries()
    confirm = room.address("confirm_induction", entry_id=entry.pk)
    for _ in range(2):
        assert room.learner.post(confirm).status_code == 302
    with centre_scope(room.cast.centre.pk):
        assert InductionConfirmation.objects.count() == 1
    assert "Confirmed" in room.page(room.learner)
    room.correct(entry, hours="1", minutes="30", reason="It took longer.")
    assert "Did this induction take place" in room.page(room.learner)
    assert room.learner.post(confirm).status_code == 422


def test_learners_read_their_own_programme_and_change_nothing(room: Tutoring) -> None:
    room.add("tutorial", hours="1", minutes="0", note="About goals.")
    page = room.page(room.learner)
    assert "Your programme" in page
    assert "About goals." in page
    assert "Correct" not in page
    assert (
        room.learner.post(
            room.address("add_entry", registration_id=room.registration.pk, kind="tutorial")
        ).status_code
        == 403
    )
    home = room.learner.get(reverse("desks:home", kwargs={"slug": room.cast.centre.slug}))
    assert room.address("programme") in home.content.decode()


class TestOneself:
    """A tutor who is a learner too: somebody else keeps their programme."""

    @pytest.fixture
    def oneself(self, room: Tutoring) -> Client:
        with centre_scope(room.cast.centre.pk):
            Membership.objects.filter(pk=room.cast.learner.pk).update(
                roles=[Role.LEARNER.value, Role.TUTOR.value]
            )
        return signed_in(room.cast.learner)

    def test_nobody_records_their_own_programme(self, room: Tutoring, oneself: Client) -> None:
        assert room.page(oneself).count("Your programme")
        assert "Add a tutorial" not in room.page(oneself)
        with centre_scope(room.cast.centre.pk):
            deviation = deviate(room.registration, KEY, by=room.tutor, day=TODAY, at=NOW)
        room.add("tutorial", hours="1", minutes="0")
        [entry] = room.entries()
        tutorial = room.address("add_entry", registration_id=room.registration.pk, kind="tutorial")
        correct = room.address("correct_entry", entry_id=entry.pk)
        approval = room.address("add_deviation")
        withdraw = room.address("withdraw_deviation", deviation_id=deviation.pk)
        for where in (tutorial, correct, approval, withdraw):
            for answer in (oneself.get(where), oneself.post(where, {"reason": "Mine."})):
                assert answer.status_code == 422
                assert b"This is your own programme. Somebody else keeps its records." in answer.content
        assert len(room.entries()) == 1

    def test_no_action_writes_what_a_page_would_not(self, room: Tutoring, oneself: Client) -> None:
        with centre_scope(room.cast.centre.pk):
            own = Membership.objects.get(pk=room.cast.learner.pk)
            entry = record(room.registration, "TUTORIAL", by=room.tutor, day=TODAY, at=NOW)
            facts = EntryFacts(held_on=TODAY, minutes=60, note="Talked it through.")
            deviation = deviate(room.registration, KEY, by=room.tutor, day=TODAY, at=NOW)
            for refused in (
                lambda: record(room.registration, "ACCESS", by=own, day=TODAY, at=NOW),
                lambda: correct_entry(entry=entry, facts=facts, reason="Mine.", by=own, at=NOW),
                lambda: withdraw_entry(entry=entry, reason="Mine.", by=own, at=NOW),
                lambda: deviate(room.registration, KEY, by=own, day=TODAY, at=NOW, text="A song."),
                lambda: withdraw_deviation(deviation=deviation, reason="Mine.", by=own, at=NOW),
            ):
                with pytest.raises(OwnProgramme):
                    refused()


def test_a_page_costs_the_same_however_much_is_recorded(
    room: Tutoring, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        room.add("tutorial", hours="1", minutes=str(number), note=f"Tutorial {number}")
    with django_assert_max_num_queries(20):
        room.page()


def test_access_arrangements_come_before_the_work_and_special_consideration_after(room: Tutoring) -> None:
    submission = room.submitted(days=10)
    late = room.add("access", assessment=str(submission.assessment_id))
    assert late.status_code == 422
    assert b"Access arrangements are agreed before the assessment" in late.content
    day = written(TODAY - timedelta(days=20))
    early = room.add("special", submission=str(submission.pk), date=day)
    assert early.status_code == 422
    assert b"Special consideration comes after the assessment" in early.content
    assert room.add("access", assessment=str(submission.assessment_id), date=day).status_code == 302
    assert room.add("special", submission=str(submission.pk), note="Ill that week.").status_code == 302
    assert len(room.entries()) == 2


def test_who_marks_the_work_sees_what_was_agreed_for_it(room: Tutoring) -> None:
    at = NOW - timedelta(days=30)
    with centre_scope(room.cast.centre.pk):
        by = room.tutor
        deviate(room.registration, KEY, by=by, day=localdate(at), at=at, text="A presentation.")
        deviate(room.registration, "journal-8586-303", by=by, day=localdate(at), at=at, text="On paper.")
        record(room.registration, "ACCESS", by=by, day=localdate(at), at=at, note="A screen reader.")
        record(
            room.registration,
            "PRIOR",
            by=by,
            day=localdate(at),
            at=at,
            note="Award of 2024.",
            unit_ref="8586-300",
            criteria=["1.1"],
        )
        record(room.registration, "PRIOR", by=by, day=localdate(at), at=at, note="Else.", unit_ref="8586-302")
    submission = room.submitted(days=10)
    with centre_scope(room.cast.centre.pk):
        record(room.registration, "ACCESS", by=by, day=TODAY, at=NOW, note="Large print, from now.")
        record(
            room.registration,
            "SPECIAL",
            by=by,
            day=TODAY,
            at=NOW,
            note="A fire.",
            submission_id=submission.pk,
        )
    judgement = take(room.cast, submission, at=NOW)
    where = reverse("marking:workspace", kwargs={"slug": room.cast.centre.slug, "judgement_id": judgement.pk})
    page = signed_in(room.cast.assessor).get(where).content.decode()
    for seen in ("A presentation.", "A screen reader.", "Award of 2024.", "A fire.", "approval.pdf"):
        assert seen in page
    for unseen in ("On paper.", "Else.", "Large print, from now."):
        assert unseen not in page


def letter(room: Tutoring, **typed: Any) -> Any:
    with centre_scope(room.cast.centre.pk):
        choice = start(room.cast, KEY) if "assessment" not in typed else None
    typed = {
        "assessment": str(choice.assessment_id) if choice else "",
        "kind": "METHOD",
        "text": "A presentation instead of the report.",
        "approved_on": written(TODAY),
        "letter": upload("approval.pdf", pdf()),
        **typed,
    }
    return room.browser.post(
        room.address("add_deviation"), {name: value for name, value in typed.items() if value is not None}
    )


def deviations(room: Tutoring) -> list[ApprovedDeviation]:
    with centre_scope(room.cast.centre.pk):
        return list(ApprovedDeviation.objects.all())


class TestDeviations:
    def test_an_approval_is_kept_with_its_letter(self, room: Tutoring) -> None:
        assert letter(room).status_code == 302
        [row] = deviations(room)
        assert "A presentation instead of the report." in room.page()
        where = room.address("deviation_letter", deviation_id=row.pk)
        answer = room.learner.get(where)
        assert answer.status_code == 200
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert content.startswith(b"%PDF")
        assert sha256(content).hexdigest() == row.sha256
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert signed_in(room.cast.assessor).get(where).status_code == 404

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"approved_on": written(TODAY + timedelta(days=1))}, "This is in the future."),
            ({"approved_on": "01/01/2020"}, "This is before the registration on"),
            ({"letter": None}, "Choose the file with the approval."),
            ({"letter": ("empty.pdf", b"")}, "This file is empty."),
            ({"letter": ("virus.exe", b"MZ" + b"x" * 200)}, "id_letter"),
            ({"letter": ("fake.pdf", b"not a pdf at all")}, "id_letter"),
            ({"kind": "SONG"}, "Choose from the list."),
            ({"assessment": "x"}, "Choose an assessment from the list."),
            ({"text": ""}, "Write down what is approved."),
        ],
    )
    def test_what_is_no_approval_is_refused(self, room: Tutoring, typed: dict[str, Any], words: str) -> None:
        if isinstance(typed.get("letter"), tuple):
            typed = {**typed, "letter": upload(*typed["letter"])}
        answer = letter(room, **typed)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "There is a problem" in answer.content.decode()
        assert deviations(room) == []

    def test_an_approval_comes_before_the_work_is_submitted(self, room: Tutoring) -> None:
        submission = room.submitted(days=10)
        for day in (TODAY, TODAY - timedelta(days=12)):
            late = letter(room, assessment=str(submission.assessment_id), approved_on=written(day))
            assert late.status_code == 422
            assert b"The approval stands before the work is submitted" in late.content
        with centre_scope(room.cast.centre.pk):
            withdraw_submission(submission=submission, by=room.cast.learner, at=NOW)
        kept = letter(room, assessment=str(submission.assessment_id))
        assert kept.status_code == 302

    def test_a_letter_that_is_too_large_is_refused_before_it_is_read(self, room: Tutoring) -> None:
        big = upload("big.pdf", b"x" * (12 * 2**20))
        answer = letter(room, assessment="", letter=big)
        assert answer.status_code == 413
        assert b"This file is more than 10 MB." in answer.content

    def test_without_the_scanner_no_letter_is_taken(self, room: Tutoring, settings: Any) -> None:
        settings.UPLOAD_SCAN_IS_LEFT_OUT = False
        answer = letter(room)
        assert answer.status_code == 422
        assert b"The safety check for files is not running." in answer.content

    def test_an_approval_that_does_not_count_stays_readable(self, room: Tutoring) -> None:
        letter(room)
        [row] = deviations(room)
        where = room.address("withdraw_deviation", deviation_id=row.pk)
        assert room.browser.get(where).status_code == 200
        assert room.browser.post(where, {"reason": " "}).status_code == 422
        assert room.browser.post(where, {"reason": "Meant for somebody else."}).status_code == 302
        again = room.browser.post(where, {"reason": "Again."})
        assert again.status_code == 422
        assert b"withdrawn in another tab" in again.content
        assert "Meant for somebody else." in room.page()


class TestCohort:
    def listed(self, room: Tutoring, name: str = "programmes", **asked: str) -> str:
        where = reverse(f"portfolios:{name}", kwargs={"slug": room.cast.centre.slug})
        answer = room.browser.get(where, asked)
        assert answer.status_code == 200
        return str(answer.content.decode())

    def test_who_did_nothing_for_long_is_stuck_and_who_did_is_not(self, room: Tutoring) -> None:
        assert "Stuck: nothing for" in self.listed(room, q="P-1")
        assert "P-1" in self.listed(room, "programmes_csv", state="stuck")
        room.add("tutorial", hours="1", minutes="0")
        assert "Stuck" not in self.listed(room, q="P-1").split("<table")[1]
        assert "P-1" not in self.listed(room, "programmes_csv", state="stuck")
        assert "P-1" in self.listed(room, "programmes_csv", state="missing")
        assert "P-1" not in self.listed(room, "programmes_csv", state="done")

    def test_the_list_is_narrowed_and_what_is_no_filter_narrows_nothing(self, room: Tutoring) -> None:
        assert "No learners match." in self.listed(room, q="nobody")
        assert "2 programmes" in self.listed(room, qualification=CERTIFICATE)
        for asked in ({"state": "x"}, {"sort": "x"}, {"cohort": "x"}, {"page": "99"}, {"size": "7"}):
            assert "<table" in self.listed(room, **asked)

    @pytest.mark.parametrize("sort", ["name", "-name", "registered", "-registered", "cohort", "-cohort"])
    def test_every_order_is_an_order(self, room: Tutoring, sort: str) -> None:
        assert "<table" in self.listed(room, sort=sort)
