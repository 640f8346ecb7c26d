"""What must be true of this machine, each with one line that says what to do when it is not."""

import ctypes.util
import os
import shutil
import socket

from lib.embedded.paths import CLONE

ROOM_NEEDED = 500 * 1024 * 1024


class CannotStart(Exception):
    """Why the site cannot start here, in one line that says what to do."""


def wanted_port() -> int:
    """The port from PORT, free to listen on.

    Raises CannotStart.
    """
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotStart(f"PORT={text} is no port: choose a number from 1024 to 65535, as in `PORT=8001`.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError:
            raise CannotStart(f"Port {text} is for root alone: choose another, as in `PORT=8001`.") from None
        except OSError:
            raise CannotStart(
                f"Port {text} is busy: stop what listens there, or choose another, as in `PORT=8001`."
            ) from None
    return int(text)


def require_pango() -> None:
    """WeasyPrint draws the result sheets with Pango, which is the system's and not in any wheel.

    Raises CannotStart.
    """
    if any(ctypes.util.find_library(name) is None for name in ("pango-1.0", "pangoft2-1.0")):
        raise CannotStart("Pango is missing: `apt-get install libpango-1.0-0 libpangoft2-1.0-0`.")


def require_room() -> None:
    """A first start unpacks a database and writes the demo's files.

    Raises CannotStart.
    """
    free = shutil.disk_usage(CLONE).free
    if free < ROOM_NEEDED:
        raise CannotStart(f"Only {free // 1024 // 1024} MB are free on this disk: make room for 500 MB.")
