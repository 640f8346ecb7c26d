"""What every test may use: the catalogue and two centres, published once by the owner."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test.utils import setup_databases, teardown_databases

from centres.models import Centre
from qualifications.models import Qualification

CATALOGUE = sorted((Path(__file__).parent.parent / "fixtures" / "catalogue").glob("*.json"))
CENTRES = (("northgate", "Northgate Training", "012345"), ("harbour", "Harbour College", "067890"))
BLOCKER = pytest.StashKey[Any]()


def publish_catalogue() -> None:
    """Import the catalogue and the two centres as the operator would, unless they are there."""
    if not Qualification.objects.using("owner").exists():
        call_command("import_catalogue", *map(str, CATALOGUE), verbosity=0)
    for slug, name, number in CENTRES:
        Centre.objects.using("owner").get_or_create(slug=slug, defaults={"name": name, "number": number})


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """Make the test database as its owner, whichever role a test asks for, and publish the catalogue.

    Made for `default` alone, a mirror of a database that is not made would be the one in use.
    """
    with django_db_blocker.unblock():
        databases = setup_databases(
            verbosity=0,
            interactive=False,
            aliases=dict.fromkeys(("default", "owner")),
            serialized_aliases=set(),
        )
        assert all(connections[alias].settings_dict["NAME"].startswith("test_") for alias in connections)
        publish_catalogue()
    request.config.stash[BLOCKER] = django_db_blocker
    yield
    del request.config.stash[BLOCKER]
    with django_db_blocker.unblock():
        connections.close_all()
        teardown_databases(databases, verbosity=0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Publish again what a test with real transactions emptied, since tests come in any order."""
    result = yield
    marker = item.get_closest_marker("django_db")
    standing = item.config.stash.get(BLOCKER, None)
    if standing and marker and marker.kwargs.get("transaction"):
        with standing.unblock():
            publish_catalogue()
            connections.close_all()
    return result


@pytest.fixture
def walled(transactional_db: None) -> None:
    """Give a test real transactions over both roles.

    Use it with ``@pytest.mark.django_db(transaction=True, databases=["default", "owner"])``.
    """


@pytest.fixture
def northgate(db: None) -> Centre:
    return Centre.objects.get(slug="northgate")


@pytest.fixture
def harbour(db: None) -> Centre:
    return Centre.objects.get(slug="harbour")
