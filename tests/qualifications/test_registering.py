"""Adding and registering learners through the page that the administrator uses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from centres.models import Centre, Cohort, Event, Invitation, Learner
from centres.permissions import Role
from centres.scoping import centre_scope
from qualifications.models import Achievement, CentreApproval, Qualification, Registration
from qualifications.rules import last_day_of
from tests.makers import COACHING, MENTORING, Cast, assessed, make_learner, make_member
from tests.marking.released import achieve
from tests.quality_assurance.people import release

pytestmark = pytest.mark.django_db
PROFESSIONAL = "l3-cert-professional-workplace-coaches"
UNLIMITED = "l5-cert-effective-coaching-mentoring"
ADD = "/c/northgate/learners/add/"
AT = timezone.now()
TODAY = timezone.localdate(AT)


def approve(centre: Centre, *keys: str) -> None:
    with centre_scope(centre.pk):
        for key in keys:
            CentreApproval.objects.create(
                qualification=Qualification.objects.get(key=key), approved_on=date(2020, 1, 1)
            )


def told(key: str = "", **more: str) -> dict[str, str]:
    """Return what an administrator types into the form."""
    chosen = str(Qualification.objects.get(key=key).pk) if key else ""
    registration = {"qualification": chosen, "number": "ABC1234", "registered_on": f"{TODAY:%d/%m/%Y}"}
    return {
        "name": "Amira Khan",
        "email": "amira.khan@example.org",
        "born_on": "04/05/1990",
        "cohort": "",
        **(registration if key else {}),
        **more,
    }


@pytest.fixture
def administrator(northgate: Centre, client: Client) -> Client:
    client.force_login(make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user)
    return client


def ended(registration: Registration) -> Registration:
    """Let a registration end yesterday."""
    with centre_scope(registration.centre_id):
        Registration.objects.filter(pk=registration.pk).update(expires_on=TODAY - timedelta(days=1))
    return registration


def nothing_written(centre: Centre) -> bool:
    with centre_scope(centre.pk):
        rows = (Learner, Registration, Invitation, Cohort, Event)
        return not any(model.objects.exists() for model in rows)


def test_one_form_adds_invites_and_registers(
    northgate: Centre, administrator: Client, django_capture_on_commit_callbacks: Any
) -> None:
    approve(northgate, COACHING)
    response = administrator.post(ADD, told(COACHING, cohort="Spring 2026"))
    with centre_scope(northgate.pk):
        learner = Learner.objects.get()
        registration = Registration.objects.select_related("cohort").get()
        assert (registration.learner_id, registration.number) == (learner.pk, "ABC1234")
        assert str(registration.cohort) == "Spring 2026"
        assert registration.expires_on == last_day_of(TODAY, 3)
        assert Invitation.objects.get().learner_id == learner.pk
    assert response["Location"] == f"/c/northgate/learners/{learner.pk}/"
    page = administrator.get(response["Location"]).content.decode()
    for words in ("Amira Khan is added and registered.", "ABC1234", "0 of 7 units achieved", "D3.01"):
        assert words in page
    assert not mail.outbox


def test_the_form_says_what_a_registration_needs(northgate: Centre, administrator: Client) -> None:
    approve(northgate, COACHING)
    page = administrator.get(ADD).content.decode()
    for label in ("Registration number", "Registered on"):
        assert f'{label} <span class="optional">(needed when a qualification is chosen)</span>' in page
    assert 'Cohort <span class="optional">(optional)</span>' in page


def test_a_learner_may_be_registered_later(northgate: Centre, administrator: Client) -> None:
    approve(northgate, COACHING)
    page = administrator.post(ADD, told())["Location"]
    assert b"Not registered on a qualification yet" in administrator.get(page).content
    assert b"Not registered" in administrator.get("/c/northgate/learners/").content
    later = {key: value for key, value in told(COACHING).items() if key not in ("name", "email", "born_on")}
    assert administrator.post(f"{page}register/", later)["Location"] == page
    assert b"ABC1234" in administrator.get(page).content


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Enter the name."),
        ({"email": "amira at example"}, "Enter an e-mail address"),
        ({"born_on": "31/02/2001"}, "This day does not exist. Use DD/MM/YYYY."),
        ({"born_on": "yesterday"}, "Write the day as DD/MM/YYYY"),
        ({"born_on": ""}, "Enter the date of birth."),
        ({"born_on": "01/01/2090"}, "This is in the future."),
        ({"born_on": "01/01/1850"}, "more than 120 years ago"),
        ({"number": ""}, "Enter the registration number."),
        ({"number": "R-9"}, "Another registration already has this number."),
        ({"registered_on": ""}, "Enter the day of registration."),
        ({"registered_on": "01/01/2090"}, "This is in the future."),
        ({"registered_on": "01/01/2019"}, "not approved for this qualification on that day"),
        ({"qualification": ""}, "Choose the qualification."),
        ({"qualification": "invented"}, "Choose a qualification from the list."),
        ({"email": "ben.okoro@northgate.example"}, "already in your centre"),
        ({"name": "A" * 201}, "200"),
        ({"name": "Zero\0byte"}, "A name is one line of letters."),
    ],
)
def test_bad_input_keeps_what_was_typed_and_changes_nothing(
    northgate: Centre, administrator: Client, change: dict[str, str], words: str
) -> None:
    joan = make_member(northgate, "Ann Other", Role.ADMINISTRATOR)
    make_learner(northgate, "Ben Okoro", by=joan, number="R-9")
    typed = told(COACHING, cohort="Spring 2026") | change
    response = administrator.post(ADD, typed)
    body = response.content.decode()
    assert response.status_code == 422
    assert words in body
    assert "<title>Error: Add a learner" in body
    for name in ("email", "cohort", "born_on"):
        assert f'value="{typed[name]}"' in body or not typed[name]
    with centre_scope(northgate.pk):
        assert (Learner.objects.count(), Registration.objects.count()) == (1, 1)
        assert not Cohort.objects.exists()
        assert not Invitation.objects.exists()
        assert not Event.objects.exists()


@pytest.mark.parametrize(("days", "status"), [(-1, 302), (0, 302), (1, 422)])
def test_the_minimum_age_is_asked_on_the_day_of_registration(
    northgate: Centre, administrator: Client, days: int, status: int
) -> None:
    approve(northgate, MENTORING)
    day = date(2026, 9, 3)
    born_on = date(2010, 9, 3) + timedelta(days=days)
    typed = told(MENTORING, born_on=f"{born_on:%d/%m/%Y}", registered_on=f"{day:%d/%m/%Y}")
    response = administrator.post(ADD, typed)
    assert response.status_code == status
    if status == 422:
        assert b"Learners must be 16 or over on the day they are registered." in response.content
        assert nothing_written(northgate)


def test_a_qualification_may_have_neither_age_nor_time_limit(
    northgate: Centre, administrator: Client
) -> None:
    approve(northgate, UNLIMITED)
    page = administrator.post(ADD, told(UNLIMITED, born_on="01/01/2020"))["Location"]
    assert b"No limit" in administrator.get(page).content
    with centre_scope(northgate.pk):
        registration = Registration.objects.get()
    assert registration.expires_on is None
    assert administrator.get(f"/c/northgate/registrations/{registration.pk}/extend/").status_code == 404


def test_a_qualification_without_approval_is_not_offered(northgate: Centre, administrator: Client) -> None:
    response = administrator.post(ADD, told(COACHING))
    assert response.status_code == 422
    assert nothing_written(northgate)
    assert b"not approved for any qualification yet" in response.content


class TestAgain:
    """Registering again once the time limit has passed."""

    def lapsed(self, centre: Centre) -> Registration:
        """Return a registration that ended, with two units achieved in it."""
        cast = Cast(centre, mark=" Other", number="OLD-1")
        achieve(cast, "wba-d3-01-02", at=AT)
        return ended(cast.registration)

    def register(self, client: Client, registration: Registration, key: str, **more: str) -> Any:
        typed = told(key, **more)
        return client.post(f"/c/northgate/learners/{registration.learner_id}/register/", typed)

    def test_it_carries_over_what_was_achieved(self, northgate: Centre, administrator: Client) -> None:
        old = self.lapsed(northgate)
        assert self.register(administrator, old, COACHING).status_code == 302
        with centre_scope(northgate.pk):
            new = Registration.objects.get(number="ABC1234")
            assert new.previous_id == old.pk
            carried = Achievement.objects.filter(registration=new).select_related("unit", "carried_from")
            assert {row.unit.ref for row in carried} == {"D3.01", "D3.02"}
            assert {row.carried_from.registration_id for row in carried} == {old.pk}
        page = administrator.get(f"/c/northgate/learners/{old.learner_id}/").content.decode()
        assert page.count("carried over") == 2
        assert "Registered again" in page
        assert "2 of 7 units achieved" in page

    def test_a_unit_shared_by_two_qualifications_counts_in_both(
        self, northgate: Centre, administrator: Client
    ) -> None:
        cast = Cast(northgate, mark=" Other", number="OLD-1")
        achieve(cast, "wba-d3-01-02", at=AT)
        achieve(cast, "review-d3-05", at=AT)
        approve(northgate, PROFESSIONAL)
        assert self.register(administrator, ended(cast.registration), PROFESSIONAL).status_code == 302
        with centre_scope(northgate.pk):
            carried = Achievement.objects.filter(registration__number="ABC1234")
            assert {row.unit.ref for row in carried.select_related("unit")} == {"D3.01", "D3.02"}

    def test_while_it_lives_nobody_is_registered_twice(
        self, northgate: Centre, administrator: Client
    ) -> None:
        old = self.lapsed(northgate)
        with centre_scope(northgate.pk):
            Registration.objects.filter(pk=old.pk).update(expires_on=TODAY)
        response = self.register(administrator, old, COACHING)
        assert response.status_code == 422
        assert b"already registered on this qualification" in response.content
        assert b'value="ABC1234"' in response.content

    def test_an_extension_needs_a_later_day_and_a_reason(
        self, northgate: Centre, administrator: Client
    ) -> None:
        old = self.lapsed(northgate)
        address = f"/c/northgate/registrations/{old.pk}/extend/"
        early = {"expires_on": f"{TODAY - timedelta(days=1):%d/%m/%Y}", "reason": "Agreed by letter."}
        refused = administrator.post(address, early)
        assert refused.status_code == 422
        assert b"Agreed by letter." in refused.content
        assert b"Choose a later day." in refused.content
        later = f"{TODAY + timedelta(days=90):%d/%m/%Y}"
        assert b"Say why." in administrator.post(address, {"expires_on": later, "reason": " "}).content
        assert administrator.post(address, {"expires_on": later, "reason": "Agreed."}).status_code == 302
        with centre_scope(northgate.pk):
            assert Registration.objects.get(pk=old.pk).expires_on == TODAY + timedelta(days=90)
            event = Event.objects.get(code="qualifications.registration.extended")
            assert event.facts["reason"] == "Agreed."

    def test_a_registration_that_another_followed_stays_ended(
        self, northgate: Centre, administrator: Client
    ) -> None:
        old = self.lapsed(northgate)
        self.register(administrator, old, COACHING)
        later = {"expires_on": f"{TODAY + timedelta(days=90):%d/%m/%Y}", "reason": "Agreed."}
        answer = administrator.post(f"/c/northgate/registrations/{old.pk}/extend/", later)
        assert answer.status_code == 422
        assert b"registered again since, so this registration stays ended" in answer.content

    def test_a_pass_counts_in_every_registration_that_lives(
        self, northgate: Centre, administrator: Client
    ) -> None:
        cast = Cast(northgate, mark=" Other", number="OLD-1")
        waiting = [assessed(cast, key, at=AT) for key in ("wba-d3-01-02", "review-d3-05")]
        old = ended(cast.registration)
        self.register(administrator, old, COACHING)
        approve(northgate, PROFESSIONAL)
        self.register(administrator, old, PROFESSIONAL, number="PRO-1")
        for judgement in waiting:
            release(judgement.submission, cast.lead, at=AT)
        with centre_scope(northgate.pk):
            for number, refs in (("ABC1234", {"D3.01", "D3.02", "D3.05"}), ("PRO-1", {"D3.01", "D3.02"})):
                held = Achievement.objects.filter(registration__number=number).select_related("unit")
                assert {row.unit.ref for row in held} == refs
                assert all(row.carried_from_id for row in held)


def test_the_learners_of_another_centre_are_not_there(
    northgate: Centre, harbour: Centre, administrator: Client
) -> None:
    ann = make_member(harbour, "Ann Other", Role.ADMINISTRATOR)
    theirs = make_learner(harbour, "Cara Lin", by=ann)
    for page in (
        f"learners/{theirs.learner_id}/",
        f"learners/{theirs.learner_id}/register/",
        f"registrations/{theirs.pk}/extend/",
    ):
        assert administrator.get(f"/c/northgate/{page}").status_code == 404
        assert administrator.post(f"/c/northgate/{page}", told(COACHING)).status_code in (404, 405)
    assert b"Cara Lin" not in administrator.get("/c/northgate/learners/").content
