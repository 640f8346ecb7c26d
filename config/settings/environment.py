"""What the environment says, read into the shapes that Django and Celery want."""

import importlib.util
import os
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

MISSING = "postgres://nobody@localhost/none"


def words(name: str, default: str = "") -> list[str]:
    """A list from a variable whose items are parted by commas."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def networks(name: str) -> list[str]:
    """A list of addresses and networks; a slip in one stops the start, since whom we trust rests on it."""
    listed = words(name)
    for item in listed:
        try:
            ip_network(item)
        except ValueError:
            raise ImproperlyConfigured(f"{name}: {item} is no address and no network.") from None
    return listed


def database(name: str) -> dj_database_url.DBConfig:
    """A database from its URL; without one nothing connects until something asks, and then it fails."""
    found = dj_database_url.parse(os.environ.get(name) or MISSING, conn_max_age=60, conn_health_checks=True)
    # A socket's directory comes as ?host=, because the host part of a URL knows no capitals.
    host = found.get("OPTIONS", {}).pop("host", None)
    if host:
        found["HOST"] = host
    return found


def redis_url(number: int) -> str:
    """The Redis server's database of that number, as redis-py spells it."""
    parts = urlsplit(os.environ.get("REDIS_URL") or "redis://localhost:6379")
    if parts.scheme == "unix":
        # Put together by hand: urlunsplit drops the slashes of an empty host.
        return f"unix://{parts.path}?db={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def broker_url(number: int) -> str:
    """The same, as Celery spells it."""
    url = redis_url(number)
    if url.startswith("unix://"):
        return url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
    return url


def package_dir(name: str) -> Path:
    """The directory of an installed package that holds files and no code."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"{name} is not installed: run `make setup`.")
    return Path(found.submodule_search_locations[0])
