"""Child processes that end with us: each in a session of its own, stopped in order, none left behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lib.embedded.paths import CLONE

PR_SET_PDEATHSIG = 1
STOP_TIMEOUT = 10.0
TERMINAL = 1  # the number of standard output, which a child inherits


@dataclass(frozen=True, slots=True)
class Child:
    """One process of the site."""

    name: str
    process: subprocess.Popen[str]
    log: Path | None


def serving_environment() -> dict[str, str]:
    """Our environment without what only preparations may use: the address of the schema's owner."""
    return {name: value for name, value in os.environ.items() if name != "OWNER_DATABASE_URL"}


def start(
    name: str,
    command: Sequence[str],
    *,
    log: Path | None,
    stdout: int | None = None,
    env: Mapping[str, str] | None = None,
) -> Child:
    """Start a child whose words go to the log, or to the terminal without one.

    ``stdout`` takes what it prints elsewhere: PIPE to us, TERMINAL past the log. ``env`` stands in for ours.
    """
    libc = ctypes.CDLL(None)

    def die_with_us() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))

    with contextlib.ExitStack() as stack:
        output: IO[str] | int | None = None
        if log is not None:
            log.parent.mkdir(parents=True, exist_ok=True)
            output = stack.enter_context(log.open("w"))
        process = subprocess.Popen(
            command,
            cwd=CLONE,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output if stdout is None else stdout,
            stderr=output,
            text=True,
            start_new_session=True,
            preexec_fn=die_with_us,
        )
    return Child(name, process, log)


def stop(children: Sequence[Child]) -> None:
    """Ask each child to stop, in order, and end whatever of its session is left."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + STOP_TIMEOUT
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.1, deadline - time.monotonic()))
        # The leader may be gone and its own children not; the session's number outlives the leader.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def last_words(child: Child, lines: int = 8) -> str:
    """The end of the child's log."""
    if child.log is None or not child.log.exists():
        return ""
    return "\n".join(child.log.read_text(errors="replace").splitlines()[-lines:])
