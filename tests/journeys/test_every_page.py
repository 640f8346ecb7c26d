"""Every page that each role may open, wide and narrow: no accessibility fault, nothing beyond the edge."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLPattern
from playwright.sync_api import Page

from centres.models import Centre, Membership
from centres.permissions import Role
from centres.scoping import centre_scope
from tests.makers import PASSWORD
from tests.wall.doors import MAY_ENTER
from tests.wall.test_walk import OF_A_CENTRE, PREFIX, address, alternatives, handles, make_files
from tests.wall.world import World

WIDTHS = (1366, 320)
# Files, pictures and parts of a page, which are no pages of ours.
NO_PAGES = (
    "/pdf/",
    ".csv",
    "/states/",
    "/csv/",
    "/pages/<int:page>/",
    "/page/<int:page>/",
    "/file/",
    "/record/",
    "/letter/",
)


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    made = World(Centre.objects.get(slug="northgate"), canary="CANARY")
    make_files(made)
    return made


def pages() -> list[tuple[str, URLPattern]]:
    return [
        (route, pattern)
        for route, pattern in OF_A_CENTRE
        if handles(pattern, "get") and not route.endswith(NO_PAGES)
    ]


def test_every_page_fits_and_has_no_accessibility_fault(visitor: Any, world: World) -> None:
    cast = world.cast
    with centre_scope(cast.centre.pk):
        tutor = Membership.objects.get(roles__contains=[Role.TUTOR.value])
    roles = {
        Role.LEARNER: cast.learner,
        Role.TUTOR: tutor,
        Role.ASSESSOR: cast.assessor,
        Role.IQA: cast.iqa,
        Role.LEAD_IQA: cast.lead,
        Role.ADMINISTRATOR: cast.administrator,
    }
    seen: set[str] = set()
    faults: list[str] = []
    for role, member in roles.items():
        me = visitor()
        me.sign_in(member.user.email, PASSWORD)
        for route, pattern in pages():
            if (route in seen and not route.endswith("home/")) or role not in MAY_ENTER[
                route.removeprefix(PREFIX)
            ]:
                continue
            for values in alternatives(route, pattern, world):
                where = f"{me.site}{address(route, 'northgate', values)}"
                if is_page(me.page, where):
                    me.page.goto(where)
                    seen.add(route)
                    faults += faults_of(me.page, f"{role.value} {route}")
    assert faults == []
    left = {route for route, _ in pages()} - seen
    assert left == set(), "nobody opened these"


def is_page(page: Page, where: str) -> bool:
    """Say whether there is a page of ours at an address, and not a file or nothing."""
    answer = page.request.get(where)
    return answer.status == 200 and answer.headers["content-type"].startswith("text/html")


def faults_of(page: Page, where: str) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{where} at {width}: {wide} wide")
        rows = Axe().run(page).response["violations"]
        found += [f"{where} at {width}: {row['id']} {row['nodes'][0]['html'][:120]}" for row in rows]
    return found
