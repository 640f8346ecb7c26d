"""Several commands share one server: each holds a lock, and the server's keeper waits for all of them.

The kernel drops a lock with its process, so a killed command leaves nothing that needs repair.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.embedded.paths import CLONE, EmbeddedError, server_account, server_home
from lib.embedded.server import Place, Server

# Open descriptors of the locks this process holds, until it ends or lets go.
_held: dict[Path, int] = {}


def place_of(server: Server) -> Place:
    """Where the server lives, with its home made."""
    return Place(home=server_home(), name=server.name, account=server_account())


def hold(server: Server) -> Path:
    """Have the server run for as long as this process, and return its private directory.

    Raises EmbeddedError.
    """
    place = place_of(server)
    if place.lock("users") not in _held:
        with _locked(place.lock("gate")):
            users = open_lock(place.lock("users"))
            # Waits here while a keeper is stopping.
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                if not is_kept(place):
                    _start_keeper(place)
            except BaseException:
                os.close(users)
                raise
            _held[place.lock("users")] = users
    return place.private


def let_go(server: Server, *, patience: float = 3.0) -> None:
    """Stop holding the server, and wait a moment for it to stop unless others still hold it."""
    place = place_of(server)
    users = _held.pop(place.lock("users"), None)
    if users is None:
        return
    os.close(users)
    deadline = time.monotonic() + patience
    while is_kept(place) and time.monotonic() < deadline:
        time.sleep(0.05)


def is_held(server: Server) -> bool:
    """Whether this process holds the server."""
    return place_of(server).lock("users") in _held


def is_kept(place: Place) -> bool:
    """Whether a keeper lives."""
    keeper = open_lock(place.lock("keeper"))
    try:
        fcntl.flock(keeper, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(keeper)
    return False


def open_lock(path: Path) -> int:
    """A descriptor of a lock file; programs that are started do not inherit it."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    gate = open_lock(path)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
    finally:
        os.close(gate)


def _start_keeper(place: Place) -> None:
    # A session of its own: Ctrl-C in a terminal is for the command, and the keeper outlives it.
    started = subprocess.run(
        [sys.executable, "-m", "lib.embedded.keeper", place.name],
        cwd=CLONE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
        check=False,
    )
    if started.stdout != "ready\n":
        raise EmbeddedError(started.stdout.strip() or f"{place.name} did not start: {place.log} says why.")
