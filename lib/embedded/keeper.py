"""The process that keeps one embedded server: `python -m lib.embedded.keeper postgres`.

It starts the server, waits until no command holds it any more, and stops it.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from lib.embedded.paths import EmbeddedError, make_private
from lib.embedded.postgres import Postgres
from lib.embedded.server import Place, Server
from lib.embedded.sharing import open_lock, place_of
from lib.embedded.valkey import Valkey

SERVERS: dict[str, type[Server]] = {"postgres": Postgres, "valkey": Valkey}
START_TIMEOUT = 30.0
STOP_TIMEOUT = 20.0
PR_SET_PDEATHSIG = 1


class ToldToStop(Exception):
    """The keeper was told to stop, or its server ended by itself."""


def keep(server: Server, place: Place) -> None:
    """Start the server, say so on standard output, and stop it when the last command has let go.

    Raises EmbeddedError.
    """
    keeper = open_lock(place.lock("keeper"))
    fcntl.flock(keeper, fcntl.LOCK_EX)
    users = open_lock(place.lock("users"))
    place.log.write_text("")
    make_private(place.private, place.account)
    server.prepare(place)
    process = _start(server, place)
    try:
        _wait_until_ready(server, place, process)
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, _stop_waiting)
        _say("ready")
        if process.poll() is None:
            fcntl.flock(users, fcntl.LOCK_EX)
    except ToldToStop:
        pass
    finally:
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL if number == signal.SIGCHLD else signal.SIG_IGN)
        _stop(server, process)
        # In this order: who waits for `users` must find `keeper` free.
        os.close(keeper)
        os.close(users)


def _start(server: Server, place: Place) -> subprocess.Popen[bytes]:
    libc = ctypes.CDLL(None)
    account = place.account

    def die_with_the_keeper() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(server.stop_signal))

    with place.log.open("ab") as log:
        return subprocess.Popen(
            server.command(place),
            cwd=place.private,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=die_with_the_keeper,
        )


def _wait_until_ready(server: Server, place: Place, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not server.is_ready(place):
        if process.poll() is not None or time.monotonic() > deadline:
            raise EmbeddedError(f"{place.name} did not start: {place.log} says why.")
        time.sleep(0.02)


def _stop(server: Server, process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(server.stop_signal)
    try:
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _stop_waiting(number: int, frame: FrameType | None) -> None:
    raise ToldToStop


def _say(line: str) -> None:
    print(line, flush=True)
    # The command waits for the end of this stream.
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


def main() -> None:
    """Leave the command that started us, so that we are nobody's child, and keep the server."""
    if os.fork() != 0:
        os._exit(0)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    server = SERVERS[sys.argv[1]]()
    try:
        keep(server, place_of(server))
    except (EmbeddedError, OSError) as error:
        _say(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
