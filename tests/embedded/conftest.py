"""Clones beside this one, each with embedded servers of its own."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lib.embedded.paths import CLONE

GIVEN = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL")
HOLD = (
    "import os; from lib.embedded import provide_missing_servers as provide; provide(); "
    f"print(*(os.environ[name] for name in {GIVEN}), flush=True); input()"
)


class Clone:
    """A place with this project's code; commands in it start servers that only they use."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        shutil.copytree(CLONE / "lib", root / "lib", ignore=shutil.ignore_patterns("__pycache__"))
        kept = {key: value for key, value in os.environ.items() if key not in (*GIVEN, "PYTHONPATH")}
        self.environment = {**kept, "DJANGO_SETTINGS_MODULE": "config.settings.local"}
        self.home = Path(self._ask("from lib.embedded.paths import server_home; print(server_home())"))
        self.commands: list[subprocess.Popen[str]] = []

    def add_site(self) -> None:
        """Let `manage.py` run here too."""
        for path in CLONE.iterdir():
            if path.is_dir() and path.name not in ("lib", "var", ".venv", ".git"):
                (self.root / path.name).symlink_to(path)
        shutil.copy(CLONE / "manage.py", self.root)

    def hold(self, *command: str) -> subprocess.Popen[str]:
        """Start a command that holds the servers until its input ends."""
        started = subprocess.Popen(
            [sys.executable, *(command or ("-c", HOLD))],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.commands.append(started)
        return started

    def _ask(self, code: str) -> str:
        asked = [sys.executable, "-c", code]
        return subprocess.check_output(asked, cwd=self.root, env=self.environment, text=True).strip()

    def servers(self) -> set[int]:
        """The numbers of the keepers and servers that run for this clone."""
        found = set()
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_text().split("\0") if entry.name.isdecimal() else []
                keeps = "lib.embedded.keeper" in words and (entry / "cwd").readlink() == self.root
                if keeps or any(str(self.home) in word for word in words):
                    found.add(int(entry.name))
        return found

    def remove(self) -> None:
        """End what still runs, and leave nothing on the disk."""
        for command in self.commands:
            command.kill()
            command.communicate()
        wait_until(lambda: not self.servers())
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.root, ignore_errors=True)


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something that other processes do."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def said(command: subprocess.Popen[str]) -> list[str]:
    """The words of the first line that a command prints."""
    assert command.stdout is not None
    return command.stdout.readline().split()


def end(command: subprocess.Popen[str]) -> None:
    """Let a held command end by itself."""
    command.communicate("\n", timeout=20)


@pytest.fixture
def place() -> Iterator[Path]:
    """A short directory that anyone may enter."""
    path = Path(tempfile.mkdtemp(prefix="cs-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def clone(place: Path) -> Iterator[Clone]:
    made = Clone(place / "clone")
    yield made
    made.remove()
