"""`make run` and `make dev`: web, worker and beat on the embedded servers, until Ctrl-C."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

from config.run.preconditions import CannotStart, require_pango, require_room, wanted_port
from config.run.processes import TERMINAL, Child, last_words, serving_environment, start, stop
from lib.embedded import EmbeddedError, let_go_of_servers, provide_missing_servers, stopped_server
from lib.embedded.paths import CLONE

LOGS = CLONE / "var" / "log"
ANSWER_TIMEOUT = 90.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ToldToStop(Exception):
    """Ctrl-C, or a signal that means the same."""


def main() -> None:
    """Run the site until told to stop; stop all of it, whatever happens."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    for number in SIGNALS:
        signal.signal(number, _stop)
    children: list[Child] = []
    failure = ""
    try:
        _run(children)
    except ToldToStop:
        print("\nStopping …", flush=True)
    except (CannotStart, EmbeddedError) as error:
        failure = str(error)
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        stop(children)
        let_go_of_servers()
    if failure:
        sys.exit(failure)


def _run(children: list[Child]) -> None:
    port = wanted_port()
    require_pango()
    require_room()
    print("Starting; the first time takes a minute …", flush=True)
    provide_missing_servers()
    accounts = _prepare(children)
    for name, command in _commands(port).items():
        log = None if name == "web" and _is_dev() else LOGS / f"{name}.log"
        # What the worker prints are the letters that it sends.
        stdout = TERMINAL if name == "worker" else None
        children.append(start(name, command, log=log, stdout=stdout, env=serving_environment()))
    _wait_for_answer(port, children)
    print(f"\n{accounts}\nCountersign answers at http://localhost:{port}/ — Ctrl-C stops it.", flush=True)
    while True:
        _require_alive(children)
        time.sleep(0.5)


def _prepare(children: list[Child]) -> str:
    """Run the preparations in a process of their own, and return the table of accounts it prints."""
    command = [sys.executable, "-m", "config.run.prepare"]
    child = start("preparation", command, log=LOGS / "preparation.log", stdout=subprocess.PIPE)
    children.append(child)
    printed, _ = child.process.communicate()
    children.remove(child)
    if child.process.returncode != 0:
        raise CannotStart(_how_it_ended(child))
    return printed.strip()


def _commands(port: int) -> dict[str, Sequence[str]]:
    """The processes in the order in which they start and stop."""
    python = sys.executable
    granian = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    web = [
        python,
        *granian,
        "--workers",
        "2",
        "--blocking-threads",
        "4",
        "--no-access-log",
        "config.wsgi:application",
    ]
    if _is_dev():
        web = [python, "manage.py", "runserver", f"127.0.0.1:{port}"]
    celery = [python, "-m", "celery", "--app", "config", "--quiet"]
    schedule = CLONE / "var" / f"beat-{port}"
    return {
        "web": web,
        "beat": [*celery, "beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "warning"],
        "worker": [*celery, "worker", "--concurrency", "2", "--without-gossip", "--loglevel", "info"],
    }


def _is_dev() -> bool:
    return os.environ.get("COUNTERSIGN_DEBUG") == "1"


def _wait_for_answer(port: int, children: Sequence[Child]) -> None:
    deadline = time.monotonic() + ANSWER_TIMEOUT
    while time.monotonic() < deadline:
        _require_alive(children)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
            status = connection.getresponse().status
        except OSError:
            time.sleep(0.1)
            continue
        finally:
            connection.close()
        if status >= 500:
            raise CannotStart(f"The site answers with an error ({status}): {LOGS / 'web.log'} says why.")
        return
    raise CannotStart(f"The site did not answer in {ANSWER_TIMEOUT:.0f} s: {LOGS / 'web.log'} says why.")


def _require_alive(children: Sequence[Child]) -> None:
    for child in children:
        if child.process.poll() is not None:
            raise CannotStart(_how_it_ended(child))
    gone = stopped_server()
    if gone:
        raise CannotStart(f"The embedded {gone} stopped by itself: start again.")


def _how_it_ended(child: Child) -> str:
    where = child.log.relative_to(CLONE) if child.log else "the text above"
    ended = f"The {child.name} stopped (exit {child.process.returncode}): {where} says why."
    return f"{last_words(child)}\n{ended}".strip()


def _stop(number: int, frame: FrameType | None) -> None:
    raise ToldToStop


if __name__ == "__main__":
    main()
