"""Every address of a centre, every role, every method: what is another centre's does not exist."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern

from centres.models import Centre
from centres.permissions import Role
from centres.scoping import centre_scope
from tests.house.test_contract import ALL_PATTERNS, TENANT_MODELS
from tests.makers import make_member
from tests.wall.world import World, unknown

pytestmark = pytest.mark.django_db

OF_A_CENTRE = [
    (route, pattern)
    for route, pattern in ALL_PATTERNS
    if route.startswith("c/<slug:slug>/") and pattern.name != "join"
]
NAMELESS = {"key", "ref", "page", "number", "part_ref", "unit_ref", "template_key", "part"}
METHODS = ("get", "post")


def parameters(pattern_route: str, pattern: URLPattern, world: World) -> dict[str, Any]:
    names = set(pattern.pattern.converters) - {"slug"}
    missing = names - set(world.ids)
    assert not missing, f"{pattern_route}: map {missing} in tests/wall/world.py"
    return {name: world.ids[name] for name in names}


def address(route: str, slug: str, values: dict[str, Any]) -> str:
    path = "/" + route.replace("<slug:slug>", slug)
    for name, value in values.items():
        for kind in ("uuid", "slug", "str", "int", "path"):
            path = path.replace(f"<{kind}:{name}>", str(value))
    assert "<" not in path, path
    return path


def rows_of(centre: Centre) -> list[tuple[str, int, str]]:
    counts = []
    with centre_scope(centre.pk), connection.cursor() as cursor:
        for model in TENANT_MODELS:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT count(*), coalesce(md5(string_agg(t::text, ',' ORDER BY t.id)), '') "  # noqa: S608
                f'FROM "{table}" t'
            )
            counts.append((table, *cursor.fetchone()))
    return counts


def without_tokens(page: bytes) -> bytes:
    return re.sub(rb"\b[A-Za-z0-9]{64}\b", b"", page)


@pytest.fixture
def worlds(northgate: Centre, harbour: Centre, caplog: pytest.LogCaptureFixture) -> tuple[World, World]:
    caplog.set_level("ERROR", logger="django.request")
    return World(northgate, canary="CANARY-NORTH"), World(harbour, canary="CANARY-HARBOUR")


def signed_in(centre: Centre) -> Iterator[tuple[Role, Client]]:
    for role in Role:
        client = Client()
        client.force_login(make_member(centre, f"Walker {role.label}", role).user)
        yield role, client


def test_ids_of_another_centre_answer_like_ids_that_do_not_exist(worlds: tuple[World, World]) -> None:
    north, harbour = worlds
    before = rows_of(harbour.centre)
    for role, client in signed_in(north.centre):
        for route, pattern in OF_A_CENTRE:
            theirs = parameters(route, pattern, harbour)
            if set(theirs) <= NAMELESS:
                continue
            for method in METHODS:
                send = getattr(client, method)
                foreign = send(address(route, "northgate", theirs))
                invented = send(address(route, "northgate", unknown(theirs)))
                where = f"{method} {route} as {role.value}: {foreign.status_code}"
                assert foreign.status_code == invented.status_code, where
                assert foreign.status_code in {403, 404, 405}, where
                assert b"CANARY-HARBOUR" not in foreign.content, where
    assert rows_of(harbour.centre) == before


def test_a_strangers_centre_answers_like_one_that_does_not_exist(worlds: tuple[World, World]) -> None:
    north, harbour = worlds
    before = rows_of(harbour.centre)
    for role, client in signed_in(north.centre):
        for route, pattern in OF_A_CENTRE:
            theirs = parameters(route, pattern, harbour)
            for method in METHODS:
                send = getattr(client, method)
                foreign = send(address(route, "harbour", theirs))
                invented = send(address(route, "nowhere", theirs))
                where = f"{method} {route} as {role.value}: {foreign.status_code}"
                assert foreign.status_code == invented.status_code == 404, where
                assert without_tokens(foreign.content) == without_tokens(invented.content), where
    assert rows_of(harbour.centre) == before


def test_anonymous_people_are_asked_to_sign_in_the_same_way_everywhere(worlds: tuple[World, World]) -> None:
    _, harbour = worlds
    client = Client()
    for route, pattern in OF_A_CENTRE:
        theirs = parameters(route, pattern, harbour)
        real = client.get(address(route, "harbour", theirs))
        invented = client.get(address(route, "nowhere", theirs))
        assert real.status_code == invented.status_code == 302, route
        assert real["Location"].replace("harbour", "nowhere") == invented["Location"], route


def test_no_address_of_ones_own_centre_breaks_or_shows_another(worlds: tuple[World, World]) -> None:
    north, _ = worlds
    for role, client in signed_in(north.centre):
        for route, pattern in OF_A_CENTRE:
            own = parameters(route, pattern, north)
            for method in METHODS:
                answer = getattr(client, method)(address(route, "northgate", own))
                where = f"{method} {route} as {role.value}: {answer.status_code}"
                assert answer.status_code < 500, where
                if not answer.streaming:
                    assert b"CANARY-HARBOUR" not in answer.content, where
