"""The guard: strangers, people without a session and wrong roles at the pages of a centre."""

import pytest
from django.test import Client

from centres.models import Centre
from centres.permissions import Role
from tests.centres.pages import without_tokens
from tests.makers import make_member

pytestmark = pytest.mark.django_db
OF_ADMINISTRATOR = ["staff/invite/", "learners/add/", "approvals/"]
OF_LEAD = ["staff/competence/decide/", "staff/conflicts/declare/"]
OF_BOTH = ["staff/", "staff/competence/", "staff/conflicts/", "learners/", "learners/register.csv"]


@pytest.mark.parametrize("page", [*OF_ADMINISTRATOR, *OF_LEAD, *OF_BOTH])
@pytest.mark.parametrize("role", list(Role))
def test_each_page_opens_for_its_roles_only(northgate: Centre, client: Client, role: Role, page: str) -> None:
    client.force_login(make_member(northgate, "Joan Mills", role).user)
    allowed = {
        Role.ADMINISTRATOR: {*OF_ADMINISTRATOR, *OF_BOTH},
        Role.LEAD_IQA: {*OF_LEAD, *OF_BOTH},
        Role.TUTOR: {"learners/", "learners/register.csv"},
    }.get(role, set())
    assert client.get(f"/c/northgate/{page}").status_code == (200 if page in allowed else 403)


def test_a_stranger_sees_no_difference_between_a_centre_and_none(
    northgate: Centre, harbour: Centre, client: Client
) -> None:
    client.force_login(make_member(harbour, "Joan Mills", Role.ADMINISTRATOR).user)
    real = client.get("/c/northgate/staff/")
    invented = client.get("/c/nowhere/staff/")
    assert (real.status_code, invented.status_code) == (404, 404)
    assert without_tokens(real) == without_tokens(invented)
    assert b"Northgate" not in real.content


def test_without_a_session_every_centre_leads_to_the_same_door(northgate: Centre, client: Client) -> None:
    real, invented = client.get("/c/northgate/staff/"), client.get("/c/nowhere/staff/")
    assert real["Location"] == "/sign-in/?next=%2Fc%2Fnorthgate%2Fstaff%2F"
    assert invented["Location"] == "/sign-in/?next=%2Fc%2Fnowhere%2Fstaff%2F"
    assert real.status_code == invented.status_code == 302


def test_the_frame_names_only_the_persons_own_centres(
    northgate: Centre, harbour: Centre, client: Client
) -> None:
    member = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR, Role.ASSESSOR)
    make_member(harbour, "Ann Other", Role.ADMINISTRATOR)
    client.force_login(member.user)
    body = client.get("/c/northgate/staff/").content.decode()
    assert "Harbour College" not in body
    make_member(harbour, "Joan Mills", Role.IQA, email=member.user.email)
    body = client.get("/c/northgate/staff/").content.decode()
    assert "Harbour College" in body
    assert 'aria-current="page"><span>Staff' in body
