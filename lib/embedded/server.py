"""What the keeper needs to know of a server it keeps."""

import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lib.embedded.paths import Account


@dataclass(frozen=True, slots=True)
class Place:
    """Where one server lives: the shared home, and the private directory that only its user enters."""

    home: Path
    name: str
    account: Account | None

    @property
    def private(self) -> Path:
        return self.home / self.name

    @property
    def log(self) -> Path:
        return self.home / f"{self.name}.log"

    def lock(self, kind: str) -> Path:
        return self.home / f"{self.name}.{kind}"


class Server(Protocol):
    """A server that is prepared once, started by command, and stopped by a signal."""

    name: str
    stop_signal: signal.Signals

    def prepare(self, place: Place) -> None:
        """Make the files the server needs, and clear away what a killed one left."""

    def command(self, place: Place) -> list[str]:
        """The command that runs the server in the foreground."""

    def is_ready(self, place: Place) -> bool:
        """Whether it answers."""
