"""Signing in: who gets through, what the others are told, and how often they may try."""

from unittest.mock import patch
from uuid import UUID

import pytest
from django.contrib.auth.hashers import get_hasher
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centres.actions import confirm_identity, end_membership, identity, recognise
from centres.actions.identity import TooManyTries, WrongPassword
from centres.models import Centre, User
from centres.permissions import Role
from centres.scoping import centre_scope
from lib.refusals import Refusal
from tests.makers import PASSWORD, make_member

pytestmark = pytest.mark.django_db
NOT_TOGETHER = "That e-mail address and password do not fit together."


@pytest.fixture(autouse=True)
def _forget_tries(settings: object) -> None:
    identity.BY_NETWORK.clear("127.0.0.1")
    for email in ("joan.mills@northgate.example", "nobody@northgate.example", "ann@example.org"):
        identity.BY_EMAIL.clear(email)


def sign_in(client: Client, email: str, password: str, **more: str) -> object:
    return client.post(reverse("sign-in"), {"email": email, "password": password, **more})


def test_the_right_password_opens_the_front(northgate: Centre, client: Client) -> None:
    make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
    response = client.post(
        reverse("sign-in"), {"email": "Joan.Mills@Northgate.example", "password": PASSWORD}
    )
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/c/northgate/home/"


def test_the_session_key_changes_on_signing_in(northgate: Centre, client: Client) -> None:
    make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
    session = client.session
    session["before"] = 1
    session.save()
    sign_in(client, "joan.mills@northgate.example", PASSWORD)
    assert client.session.session_key != session.session_key


def test_an_unknown_address_and_a_wrong_password_read_and_cost_the_same(
    northgate: Centre, client: Client
) -> None:
    make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
    hasher = type(get_hasher())
    pages = []
    for email in ("joan.mills@northgate.example", "nobody@northgate.example"):
        with (
            patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode) as encode,
            patch.object(hasher, "verify", autospec=True, side_effect=hasher.verify) as verify,
        ):
            response = client.post(reverse("sign-in"), {"email": email, "password": "not the password"})
        assert response.status_code == 422
        assert encode.call_count + verify.call_count == 1
        body = response.content.decode()
        assert NOT_TOGETHER in body
        assert "not the password" not in body
        pages.append(body.count("error"))
    assert pages[0] == pages[1]


def test_after_ten_failures_an_address_waits(northgate: Centre, client: Client) -> None:
    make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
    for _ in range(10):
        assert sign_in(client, "joan.mills@northgate.example", "wrong").status_code == 422  # type: ignore[attr-defined]
    response = client.post(
        reverse("sign-in"), {"email": "joan.mills@northgate.example", "password": PASSWORD}
    )
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 900
    assert b"There were too many tries. Wait a little and try again from" in response.content
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "spelling",
    ["JOAN.MILLS@northgate.example", " joan.mills@Northgate.Example ", "joan.mills@ｎorthgate。example"],
)
def test_every_spelling_of_an_address_waits_with_its_account(
    northgate: Centre, client: Client, spelling: str
) -> None:
    make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
    for _ in range(10):
        assert sign_in(client, spelling, "wrong").status_code == 422  # type: ignore[attr-defined]
    for other in (spelling, "joan.mills@northgate.example"):
        assert sign_in(client, other, PASSWORD).status_code == 429  # type: ignore[attr-defined]


@pytest.mark.parametrize("look_alike", ["joan.mılls@northgate.example", "joan.millſ@northgate.example"])
def test_a_letter_that_looks_alike_opens_no_account(
    northgate: Centre, client: Client, look_alike: str
) -> None:
    make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
    response = client.post(reverse("sign-in"), {"email": look_alike, "password": PASSWORD})
    assert response.status_code == 422
    body = response.content.decode()
    assert "Before the @ use the letters a to z, digits and signs, without accents." in body
    assert look_alike in body
    with pytest.raises(WrongPassword):
        recognise(email=look_alike, password=PASSWORD, address="127.0.0.1")


@pytest.mark.parametrize("email", ["Joan@example.org", "joan@bücher.example", "joan", "jo an@example.org"])
def test_the_database_keeps_one_spelling_of_an_address(email: str) -> None:
    with pytest.raises(IntegrityError, match="centres_user_address_in_one_spelling"):
        User.objects.create(email=email)


def test_after_fifty_failures_a_network_waits(client: Client) -> None:
    for number in range(50):
        identity.BY_EMAIL.clear(f"{number}@example.org")
        assert sign_in(client, f"{number}@example.org", "wrong").status_code == 422  # type: ignore[attr-defined]
    assert sign_in(client, "ann@example.org", "wrong").status_code == 429  # type: ignore[attr-defined]


def test_a_right_password_forgets_the_failures(northgate: Centre) -> None:
    user = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(WrongPassword):
                confirm_identity(user=user, password="wrong", session="s1")
        confirm_identity(user=user, password=PASSWORD, session="s1")


def test_confirming_who_you_are_is_counted_too(northgate: Centre) -> None:
    user = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user
    for _ in range(10):
        with pytest.raises(WrongPassword, match=r"That password is not right\. Try again\."):
            confirm_identity(user=user, password="wrong", session="s1")
    with pytest.raises(TooManyTries) as refused:
        confirm_identity(user=user, password=PASSWORD, session="s1")
    assert isinstance(refused.value, Refusal)


def test_an_outsiders_tries_do_not_keep_anybody_from_confirming(northgate: Centre, client: Client) -> None:
    user = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user
    for _ in range(11):
        status = sign_in(client, user.email, "wrong").status_code  # type: ignore[attr-defined]
    assert status == 429
    confirm_identity(user=user, password=PASSWORD, session="hers")
    for _ in range(11):
        with pytest.raises(Refusal):
            confirm_identity(user=user, password="wrong", session="stolen")
    confirm_identity(user=user, password=PASSWORD, session="hers")


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/c/northgate/staff/", "/c/northgate/staff/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_next_leads_to_our_own_pages_only(
    northgate: Centre, client: Client, wanted: str, leads_to: str
) -> None:
    make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
    response = client.post(
        reverse("sign-in"),
        {"email": "joan.mills@northgate.example", "password": PASSWORD, "next": wanted},
    )
    assert response["Location"] == leads_to


def test_bad_forms_keep_the_address_and_never_the_password(client: Client) -> None:
    response = client.post(reverse("sign-in"), {"email": "not an address", "password": "secret words"})
    assert response.status_code == 422
    body = response.content.decode()
    assert "not an address" in body
    assert "secret words" not in body
    assert "<title>Error: Sign in" in body


def test_somebody_signed_in_is_not_asked_again(northgate: Centre, client: Client) -> None:
    client.force_login(make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user)
    assert client.get(reverse("sign-in"))["Location"] == "/"


def test_several_centres_are_offered_with_the_roles_held(
    northgate: Centre, harbour: Centre, client: Client
) -> None:
    member = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
    make_member(harbour, "Joan Mills", Role.ASSESSOR, Role.IQA, email=member.user.email)
    client.force_login(member.user)
    body = client.get("/").content.decode()
    for words in ("Northgate Training", "Administrator", "Harbour College", "Assessor, IQA"):
        assert words in body


def test_a_centre_that_somebody_left_is_not_theirs_any_more(
    northgate: Centre, harbour: Centre, client: Client
) -> None:
    member = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
    office = make_member(harbour, "Hal Admin", Role.ADMINISTRATOR)
    left = make_member(harbour, "Joan Mills", Role.ASSESSOR, email=member.user.email)
    client.force_login(member.user)
    home = "/c/northgate/home/"
    assert "Harbour College" in client.get(home).content.decode()
    with centre_scope(harbour.pk):
        end_membership(membership=left, by=office, at=timezone.now())
    assert "Harbour College" not in client.get(home).content.decode()
    front = client.get("/")
    assert front.headers.get("Location") == home
    assert "Harbour College" not in front.content.decode()


def test_somebody_without_a_centre_is_told_so(northgate: Centre, client: Client) -> None:
    user = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user
    type(user).objects.create_user("ann@example.org", PASSWORD)
    client.force_login(type(user).objects.get(email="ann@example.org"))
    response = client.get("/")
    assert response.status_code == 200
    assert b"You are in no centre" in response.content


def test_signing_out_ends_the_session(northgate: Centre, client: Client) -> None:
    client.force_login(make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user)
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out"))["Location"] == reverse("sign-in")
    assert client.get("/")["Location"] == reverse("sign-in")


class TestAgain:
    """The dialog over a page whose session ran out."""

    def test_the_same_person_gets_a_new_token(self, northgate: Centre) -> None:
        user = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user
        client = Client(enforce_csrf_checks=True)
        client.get(reverse("sign-in"))
        token = client.cookies["csrftoken"].value
        response = client.post(
            reverse("sign-in-again"),
            {"person": str(user.pk), "password": PASSWORD},
            headers={"X-CSRFToken": token},
        )
        assert response.status_code == 204
        assert response["X-CSRFToken"]
        assert client.session["_auth_user_id"] == str(user.pk)

    @pytest.mark.parametrize("person", ["", "nobody", str(UUID(int=7))])
    def test_nobody_else_gets_in(self, northgate: Centre, client: Client, person: str) -> None:
        make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        identity.BY_EMAIL.clear(person)
        response = client.post(reverse("sign-in-again"), {"person": person, "password": PASSWORD})
        assert (response.status_code, response.content) == (422, b"That password is not right. Try again.")
        assert "_auth_user_id" not in client.session

    def test_a_page_is_given_a_new_token_and_told_whose_session_it_is(
        self, northgate: Centre, client: Client
    ) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user
        priya = make_member(northgate, "Priya Shah", Role.ASSESSOR).user
        address = f"{reverse('sign-in-again')}?person={joan.pk}"
        nobody = client.get(address)
        assert (nobody.status_code, bool(nobody["X-CSRFToken"])) == (401, True)
        client.force_login(priya)
        assert client.get(address).status_code == 409
        client.force_login(joan)
        theirs = client.get(address)
        assert (theirs.status_code, bool(theirs["X-CSRFToken"])) == (204, True)

    def test_a_form_with_the_token_of_an_earlier_session_is_refused_with_a_mark(
        self, northgate: Centre
    ) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user)
        refused = client.post(reverse("sign-out"), headers={"X-CSRFToken": "a" * 64})
        assert (refused.status_code, refused["X-CSRF-Refused"]) == (403, "1")
        assert b"This page was open too long" in refused.content
