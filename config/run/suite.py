"""`make test`: the whole suite on two cores, with the browser journeys where there is a browser.

JOURNEYS=required makes their absence a failure, as it must be where changes are judged.
"""

import os
import shutil
import subprocess
import sys

from config.run.preconditions import CannotStart, require_pango, require_room
from lib.embedded.paths import CLONE

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PARALLEL = ("-n", "2", "--dist", "loadgroup")


def main() -> int:
    """Run the suite and return pytest's answer."""
    try:
        require_pango()
        require_room()
    except CannotStart as refusal:
        sys.exit(str(refusal))
    browser = _find_browser() or _install_browser()
    left_out: list[str] = []
    if browser is None:
        note = "The browser journeys were left out: `apt-get install chromium` brings them in."
        if os.environ.get("JOURNEYS") == "required":
            sys.exit(note)
        print(note, flush=True)
        left_out = ["-m", "not journey"]
    pytest = [sys.executable, "-m", "pytest", *PARALLEL, *left_out, *sys.argv[1:]]
    done = subprocess.run(pytest, cwd=CLONE, env={**os.environ, "CHROMIUM": browser or ""}, check=False)
    if browser is None:
        print(note, flush=True)
    return done.returncode


def _find_browser() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _install_browser() -> str | None:
    """Install Debian's Chromium where we may."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    print("Installing Chromium for the browser journeys …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium"]
    for command in (["apt-get", "update", "--quiet"], install):
        quiet = subprocess.run(command, env=environment, capture_output=True, check=False)
        if quiet.returncode != 0:
            return None
    return _find_browser()


if __name__ == "__main__":
    sys.exit(main())
