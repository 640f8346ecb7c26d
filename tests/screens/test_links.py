"""Every link that a person can follow from home, and from the pages it leads to, opens a page."""

import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.urls import reverse

from centres.models import Centre, Membership
from centres.permissions import Role
from tests.makers import make_member
from tests.wall.world import World

pytestmark = pytest.mark.django_db

HOME = "/c/northgate/home/"
ROLES = ("administrator", "lead", "iqa", "assessor", "learner", "tutor", "eqa")


def links(page: str, *, at: str) -> set[str]:
    """Return the addresses of the centre that a page links to."""
    found = (urljoin(at, unescape(href)) for href in re.findall(r'<a\b[^>]*\shref="([^"]*)"', page))
    return {address.partition("#")[0] for address in found if address.startswith("/c/")}


def person(world: World, role: str) -> Membership:
    """Return somebody of that role."""
    if role in ("tutor", "eqa"):
        return make_member(world.centre, f"Some {role}", Role(role))
    member: Membership = getattr(world.cast, role)
    return member


@pytest.mark.parametrize("role", ROLES)
def test_links_open_pages(northgate: Centre, role: str) -> None:
    client = Client()
    client.force_login(person(World(northgate, canary="Zeta"), role).user)
    seen: set[str] = set()
    ahead = {HOME}
    for _ in range(3):
        following: set[str] = set()
        for address in sorted(ahead - seen):
            answer = client.get(address, follow=True)
            # A sheet that cannot be signed yet has a page too, which says what is missing.
            is_unready = address.endswith("/sign/") and b"You cannot sign yet" in answer.content
            assert answer.status_code == (422 if is_unready else 200), address
            if "text/html" in answer["Content-Type"]:
                following |= links(answer.content.decode(), at=answer.request["PATH_INFO"])
        seen |= ahead
        ahead = following
    assert len(seen) > 2


def test_an_address_that_only_takes_forms_says_so_in_the_frame(northgate: Centre) -> None:
    client = Client()
    client.force_login(make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user)
    answer = client.get(reverse("desks:export_cohort", kwargs={"slug": "northgate"}))
    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")
    page = answer.content.decode()
    assert "This address only takes what a form sends" in page
    assert 'aria-label="Main"' in page
