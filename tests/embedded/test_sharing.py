"""Commands share the embedded servers, the last one out stops them, and a killed one spoils nothing."""

import os
import signal
from pathlib import Path

import psycopg
import pytest

from lib.embedded.paths import LONGEST_SOCKET_DIR
from tests.embedded.conftest import GIVEN, Clone, end, said, wait_until

pytestmark = pytest.mark.xdist_group("embedded")

SHELL = ("manage.py", "shell", "--verbosity=0", "-c")
PRINT_AND_WAIT = f"import os; print(*(os.environ[name] for name in {GIVEN}), flush=True); input()"


def test_two_commands_share_one_server_and_the_last_one_out_stops_it(clone: Clone) -> None:
    clone.add_site()
    first, second = clone.hold(*SHELL, PRINT_AND_WAIT), clone.hold(*SHELL, PRINT_AND_WAIT)
    urls = said(first)
    assert said(second) == urls
    running = clone.servers()
    assert running

    end(first)
    with psycopg.connect(urls[0]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("countersign_app",)
    assert clone.servers() == running

    end(second)
    wait_until(lambda: not clone.servers())


def test_the_data_outlast_the_servers(clone: Clone) -> None:
    first = clone.hold()
    with psycopg.connect(said(first)[1], autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 41 + 1 AS answer")
    end(first)
    wait_until(lambda: not clone.servers())

    second = clone.hold()
    with psycopg.connect(said(second)[1]) as owner:
        assert owner.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_killed_command_leaves_no_server_behind(clone: Clone) -> None:
    command = clone.hold()
    assert said(command)
    command.kill()
    wait_until(lambda: not clone.servers())


def test_a_killed_keeper_and_a_number_that_someone_else_has_now_do_not_hinder_the_next_start(
    clone: Clone,
) -> None:
    command = clone.hold()
    assert said(command)
    for pid in clone.servers():
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not clone.servers())
    command.kill()
    pid_file = clone.home / "postgres" / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    again = clone.hold()
    with psycopg.connect(said(again)[0]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has anything to drop")
def test_root_runs_the_servers_as_somebody_else(clone: Clone) -> None:
    assert said(clone.hold())
    programs = {
        Path(f"/proc/{pid}/exe").resolve().name: Path(f"/proc/{pid}").stat() for pid in clone.servers()
    }
    assert programs["postgres"].st_uid != 0
    assert programs["valkey-server"].st_uid != 0
    for private in (clone.home / "postgres", clone.home / "valkey"):
        assert private.stat().st_mode & 0o777 == 0o700
        assert private.stat().st_uid == programs["postgres"].st_uid


@pytest.mark.parametrize("part", ["deep" * 40, "With Capitals & spaces"])
def test_a_clone_may_lie_anywhere(place: Path, part: str) -> None:
    clone = Clone(place / part)
    try:
        command = clone.hold()
        assert command.stdout is not None
        app_url = command.stdout.readline().split(" postgres://")[0]
        with psycopg.connect(app_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        clone.remove()
    assert len(str(clone.home)) <= LONGEST_SOCKET_DIR


@pytest.mark.skipif(os.geteuid() != 0, reason="the servers' user is ourselves")
def test_a_clone_under_a_private_home_keeps_its_permissions(place: Path) -> None:
    place.chmod(0o700)
    clone = Clone(place / "clone")
    try:
        assert said(clone.hold())
        assert place not in clone.home.parents
    finally:
        clone.remove()
    assert place.stat().st_mode & 0o777 == 0o700


def test_the_two_roles_may_do_what_they_must_and_nothing_else(clone: Clone) -> None:
    app_url, owner_url, _ = said(clone.hold())
    with psycopg.connect(owner_url, autocommit=True) as owner:
        roles = owner.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, rolinherit "
            "FROM pg_roles WHERE rolname LIKE 'countersign%' ORDER BY rolname"
        ).fetchall()
        assert roles == [
            ("countersign_app", False, False, False, False, False, True),
            ("countersign_owner", False, True, True, False, False, True),
        ]
        for extension in ("btree_gist", "citext", "pg_trgm"):
            owner.execute(f"CREATE EXTENSION {extension}".encode())
        owner.execute("CREATE TABLE thing (id integer)")
    with psycopg.connect(app_url, autocommit=True) as app:
        for statement in (b"CREATE TABLE other (id integer)", b"TRUNCATE thing", b"SELECT * FROM thing"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
