"""Private pages lie in no cache, no filter breaks a list, and a list offers only what one may see."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from centres.models import Centre, Cohort
from centres.permissions import Role
from centres.scoping import centre_scope
from qualifications.models import Registration
from tests.makers import Cast, assessed, make_learner, make_member
from tests.marking.released import release_unsampled
from tests.portfolios.samples import signed_in
from tests.wall.test_walk import OF_A_CENTRE, address, parameters
from tests.wall.world import World

pytestmark = pytest.mark.django_db
FILTERS = """
assessor cohort ending evidence expires for format inline learner next outcome over page person q
qualification released_from released_to role size sort state tab unit version what
"""


@pytest.fixture
def everybody(northgate: Centre) -> Client:
    """Return a browser of somebody who holds every role."""
    return signed_in(make_member(northgate, "Ann Other", *Role))


def test_no_filter_of_any_page_breaks_on_a_nul(northgate: Centre, everybody: Client) -> None:
    world = World(northgate, canary="CANARY")
    for value in ("\0", "a\0b", "\0" * 3 + "1"):
        asked = urlencode(dict.fromkeys(FILTERS.split(), value))
        for route, pattern in OF_A_CENTRE:
            path = address(route, "northgate", parameters(route, pattern, world))
            answer = everybody.get(f"{path}?{asked}")
            assert answer.status_code < 500, f"{path}?{asked}"
    sent = {"learner": "\0", "cohort": "a\0", "qualification": "\0"}
    exported = everybody.post("/c/northgate/exports/sheets/", sent)
    assert exported.status_code in {302, 422}


def test_a_nul_in_the_address_itself_is_not_found(northgate: Centre, everybody: Client) -> None:
    world = World(northgate, canary="CANARY")
    tried = 0
    for route, pattern in OF_A_CENTRE:
        own = parameters(route, pattern, world)
        for name in ("ref", "part_ref"):
            if name in own:
                tried += 1
                path = address(route, "northgate", {**own, name: "1%00"})
                for send in (everybody.get, everybody.post):
                    assert send(path).status_code in {404, 405}, path
    assert tried


def test_every_page_of_a_centre_says_that_it_is_private(northgate: Centre, everybody: Client) -> None:
    world = World(northgate, canary="CANARY")
    for route, pattern in OF_A_CENTRE:
        answer: Any = everybody.get(address(route, "northgate", parameters(route, pattern, world)))
        if answer.status_code in {200, 302, 422}:
            assert answer["Cache-Control"] == "private, no-store", route


def test_the_filters_of_sheets_offer_only_what_one_may_see(northgate: Centre) -> None:
    cast = Cast(northgate)
    first = cast.registration
    release_unsampled(cast, assessed(cast, "wba-d3-01-02"))
    other = make_learner(northgate, "Ben Okoro", by=cast.administrator, number="R-9")
    with centre_scope(northgate.pk):
        ben = other.learner.membership
        mine, theirs = (name_of(registration) for registration in (first, other))
    cast.registration, cast.learner = other, ben
    release_unsampled(cast, assessed(cast, "wba-d3-01-02"))
    cast.registration = first
    page = signed_in(ben).get("/c/northgate/marking/sheets/").content.decode()
    assert theirs in page
    assert mine not in page
    page = signed_in(cast.administrator).get("/c/northgate/marking/sheets/").content.decode()
    assert theirs in page
    assert mine in page


def name_of(registration: Registration) -> str:
    """Put a registration in a cohort of its own; returns the cohort's name."""
    cohort = Cohort.objects.create(name=f"Cohort of {registration.number}")
    Registration.objects.filter(pk=registration.pk).update(cohort=cohort)
    return str(cohort.name)
