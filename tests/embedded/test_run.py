"""`make run` from a fresh clone: it starts, lets in everyone it names, stops whole, and starts again."""

import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psycopg
import pytest

from lib.embedded.paths import CLONE
from tests.embedded.conftest import Clone, end, said, wait_until

pytestmark = pytest.mark.xdist_group("embedded")

RUN = ("-m", "config.run")
ANSWERS = re.compile(r"Countersign answers at (http://localhost:\d+)/")
PASSWORD = re.compile(r"The password of every account is: (\S+)")
ADDRESS = re.compile(r"\S+@\S+")
# What the worker does meanwhile, and who signed in.
PASSING = ("centres_event", "centres_wakeup", "django_session")


@pytest.fixture
def fresh(clone: Clone) -> Clone:
    """A clone as `make setup` leaves it, with a port of its own and nothing in its database."""
    # Settings find the project from where they lie, so they are copied; the rest is read only.
    shutil.copytree(CLONE / "config", clone.root / "config", ignore=shutil.ignore_patterns("__pycache__"))
    (clone.root / "var").mkdir(exist_ok=True)
    (clone.root / "var" / "assets").symlink_to(CLONE / "var" / "assets")
    for path in CLONE.iterdir():
        if path.is_dir() and not path.name.startswith(".") and not (clone.root / path.name).exists():
            (clone.root / path.name).symlink_to(path)
    shutil.copy(CLONE / "manage.py", clone.root)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        clone.environment["PORT"] = str(probe.getsockname()[1])
    return clone


def lines_until(words: re.Pattern[str], printed: IO[str]) -> Iterator[str]:
    """Yield what a command prints, up to the line with the words."""
    for line in printed:
        yield line
        if words.search(line):
            return
    pytest.fail("it ended before it said so")


def started(clone: Clone) -> tuple[subprocess.Popen[str], str]:
    """Start the site and wait for its address; returns all that it printed until then."""
    site = clone.hold(*RUN)
    assert site.stdout is not None
    return site, "".join(lines_until(ANSWERS, site.stdout))


def stopped(clone: Clone, site: subprocess.Popen[str]) -> None:
    """Press Ctrl-C, and see that nothing of the site is left."""
    site.send_signal(signal.SIGINT)
    site.communicate(timeout=40)
    assert site.returncode == 0
    wait_until(lambda: not clone.servers() and not living_in(clone.root), seconds=20)


def living_in(place: Path) -> list[str]:
    """The numbers of the processes that work in a directory."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and (entry / "cwd").readlink() == place:
                found.append(entry.name)
        except OSError:
            continue
    return found


def signs_in(site: str, address: str, password: str) -> str:
    """Sign in by the form; returns the address of the page that follows."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    page = opener.open(f"{site}/sign-in/", timeout=30).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    sent = {"email": address, "password": password, "csrfmiddlewaretoken": token[1]}
    answer = opener.open(f"{site}/sign-in/", urlencode(sent).encode(), timeout=30)
    assert answer.status == 200
    return str(answer.url)


def row_counts(clone: Clone) -> dict[str, int]:
    """Count the rows of every table, while the site is up or down."""
    command = clone.hold()
    with psycopg.connect(said(command)[1]) as owner:
        tables = [
            str(name)
            for (name,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            if name not in PASSING
        ]
        counts = {}
        for name in tables:
            row = owner.execute(f'SELECT count(*) FROM "{name}"'.encode()).fetchone()  # noqa: S608
            assert row is not None
            counts[name] = int(row[0])
    end(command)
    return counts


def test_a_fresh_clone_runs_lets_everyone_in_stops_whole_and_starts_the_same_again(fresh: Clone) -> None:
    site, printed = started(fresh)
    address, password = ANSWERS.search(printed), PASSWORD.search(printed)
    assert address is not None
    assert password is not None
    people = set(ADDRESS.findall(printed))
    assert len(people) > 10
    for person in sorted(people):
        assert "/sign-in/" not in signs_in(address[1], person, password[1]), person
    seeded = row_counts(fresh)
    assert seeded["centres_centre"] == 2
    assert seeded["portfolios_submission"] > 0
    stopped(fresh, site)

    again, printed_again = started(fresh)
    assert set(ADDRESS.findall(printed_again)) == people
    assert row_counts(fresh) == seeded
    stopped(fresh, again)
