"""Every address of a centre, every role, every method: what is another centre's does not exist."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern

from centres.access import OPEN_VIEWS
from centres.models import Centre, Export
from centres.permissions import Role
from centres.scoping import centre_scope
from desks.tasks import make_bundle
from marking.tasks import render_sheet
from portfolios.tasks import compile_portfolio
from tests.house.test_contract import ALL_PATTERNS, TENANT_MODELS
from tests.makers import make_member
from tests.wall.doors import MAY_ENTER
from tests.wall.world import World, unknown

pytestmark = pytest.mark.django_db

PREFIX = "c/<slug:slug>/"
OF_A_CENTRE = [
    (route, pattern)
    for route, pattern in ALL_PATTERNS
    if route.startswith(PREFIX) and pattern.name not in OPEN_VIEWS
]
NAMELESS = {"key", "ref", "page", "number", "part_ref", "unit_ref", "template_key", "part"}
METHODS = ("get", "post", "patch", "delete")
# 412: what a piece of an upload is told that does not name its protocol.
ANSWERED = {200, 204, 302, 409, 412, 422}


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


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def worlds(northgate: Centre, harbour: Centre, caplog: pytest.LogCaptureFixture) -> tuple[World, World]:
    caplog.set_level("ERROR", logger="django.request")
    return World(northgate, canary="CANARY-NORTH"), World(harbour, canary="CANARY-HARBOUR")


class Walker(NamedTuple):
    """Somebody who holds one role and is signed in; where the role has work of its own, they have some."""

    role: Role
    client: Client

    def may_enter(self, route: str) -> bool:
        return self.role in MAY_ENTER[route.removeprefix(PREFIX)]

    def send(self, method: str, address: str) -> Any:
        """Send a request and undo what it did, so that all find the same world."""
        with transaction.atomic():
            answer = getattr(self.client, method)(address)
            transaction.set_rollback(True)
        return answer


def walkers(world: World) -> list[Walker]:
    cast = world.cast
    members = {
        Role.LEARNER: cast.learner,
        Role.ASSESSOR: cast.assessor,
        Role.IQA: cast.iqa,
        Role.LEAD_IQA: cast.lead,
        Role.ADMINISTRATOR: cast.administrator,
    }
    found = []
    for role in Role:
        client = Client()
        client.force_login((members.get(role) or make_member(world.centre, f"Walker {role}", role)).user)
        found.append(Walker(role, client))
    return found


def handles(pattern: URLPattern, method: str) -> bool:
    view: Any = pattern.callback
    return hasattr(view.view_class, method)


def expected(walker: Walker, route: str, pattern: URLPattern, method: str) -> set[int]:
    """Return what an address may answer whose ids are nobody's of the centre."""
    if not walker.may_enter(route):
        return {403}
    return {404} if handles(pattern, method) else {404, 405}


def test_every_address_says_who_may_enter() -> None:
    routes = {route.removeprefix(PREFIX) for route, _ in OF_A_CENTRE}
    assert routes - set(MAY_ENTER) == set(), "say in tests/wall/doors.py which roles may enter there"
    assert set(MAY_ENTER) - routes == set(), "these are no longer addresses"


def test_ids_of_another_centre_answer_like_ids_that_do_not_exist(worlds: tuple[World, World]) -> None:
    north, harbour = worlds
    before = rows_of(harbour.centre)
    for walker, (route, pattern), method in itertools.product(walkers(north), OF_A_CENTRE, METHODS):
        theirs = parameters(route, pattern, harbour)
        if set(theirs) <= NAMELESS:
            continue
        foreign = walker.send(method, address(route, "northgate", theirs))
        where = f"{method} {route} as {walker.role.value}: {foreign.status_code}"
        assert foreign.status_code in expected(walker, route, pattern, method), where
        assert b"CANARY-HARBOUR" not in foreign.content, where
        if foreign.status_code == 404:
            invented = walker.send(method, address(route, "northgate", unknown(theirs)))
            assert without_tokens(foreign.content) == without_tokens(invented.content), where
    assert rows_of(harbour.centre) == before


def test_a_strangers_centre_answers_like_one_that_does_not_exist(worlds: tuple[World, World]) -> None:
    north, harbour = worlds
    before = rows_of(harbour.centre)
    for walker, method in itertools.product(walkers(north), METHODS):
        invented = walker.send(method, "/c/nowhere/home/")
        assert invented.status_code == 404
        for route, pattern in OF_A_CENTRE:
            foreign = walker.send(method, address(route, "harbour", parameters(route, pattern, harbour)))
            where = f"{method} {route} as {walker.role.value}: {foreign.status_code}"
            assert foreign.status_code == 404, where
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


def test_a_role_enters_where_the_table_says_and_nowhere_else(worlds: tuple[World, World]) -> None:
    north, _ = worlds
    for walker, (route, pattern), method in itertools.product(walkers(north), OF_A_CENTRE, METHODS):
        answer = walker.send(method, address(route, "northgate", parameters(route, pattern, north)))
        where = f"{method} {route} as {walker.role.value}: {answer.status_code}"
        assert answer.status_code < 500, where
        assert (answer.status_code == 403) == (not walker.may_enter(route)), where
        assert b"CANARY-HARBOUR" not in content_of(answer), where


def test_every_address_answers_somebody_of_its_own_centre(worlds: tuple[World, World]) -> None:
    north, _ = worlds
    make_files(north)
    team = walkers(north)
    for (route, pattern), method in itertools.product(OF_A_CENTRE, METHODS):
        if handles(pattern, method):
            answers = answers_of_own(team, route, pattern, north, method)
            where = f"{method} {route}: give tests/wall/world.py a row that it works on"
            assert any(answer in ANSWERED for answer in answers), where


def answers_of_own(
    team: list[Walker], route: str, pattern: URLPattern, world: World, method: str
) -> Iterator[int]:
    for walker in team:
        if walker.may_enter(route):
            for values in alternatives(route, pattern, world):
                yield walker.send(method, address(route, "northgate", values)).status_code


def make_files(world: World) -> None:
    centre = str(world.centre.pk)
    render_sheet(centre, str(world.ids["sheet_id"]))
    make_bundle(centre, str(world.ids["export_id"]))
    compile_portfolio(centre, str(world.compilation.pk))
    with centre_scope(world.centre.pk):
        assert Export.objects.get(pk=world.ids["export_id"]).state == Export.State.READY


def alternatives(route: str, pattern: URLPattern, world: World) -> Iterator[dict[str, Any]]:
    """Yield the parameters of an address with every row that the world offers for each."""
    first = parameters(route, pattern, world)
    rows: list[list[Any]] = [[value, *world.more.get(name, [])] for name, value in first.items()]
    for values in itertools.product(*rows):
        yield dict(zip(first, values, strict=True))


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)
