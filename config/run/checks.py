"""`make check`: everything that can be said about the code without running it for people."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lib.embedded.paths import CLONE

PROGRAMS = Path(sys.executable).parent

# Stand-ins, so that the settings of production can be looked at where there is no such server.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "looked-at-and-never-used:0123456789abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "countersign.example",
    "SITE_ADDRESS": "https://countersign.example",
    "DATABASE_URL": "postgres://countersign_app@localhost/countersign",
    "OWNER_DATABASE_URL": "postgres://countersign_owner@localhost/countersign",
    "REDIS_URL": "redis://localhost:6379",
    "TRUSTED_PROXIES": "10.0.0.1",
}

CHECKS: dict[str, tuple[Sequence[str], dict[str, str]]] = {
    "types": (["mypy"], {}),
    "format": (["ruff", "format", "--check", "--output-format", "concise", "."], {}),
    "lint": (["ruff", "check", "--output-format", "concise", "."], {}),
    "imports": (["lint-imports", "--no-cache"], {}),
    "migrations": (["python", "manage.py", "makemigrations", "--check", "--dry-run"], {}),
    "deployment": (["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    "template style": (["djlint", "--lint", "--quiet", "templates"], {}),
    "templates": (["python", "-m", "config.run.templates"], {}),
}


def main() -> int:
    """Run every check, two at a time, and show the words of those that found something."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        passed = list(pool.map(_run, CHECKS))
    return 0 if all(passed) else 1


def _run(name: str) -> bool:
    command, environment = CHECKS[name]
    began = time.monotonic()
    done = subprocess.run(
        [PROGRAMS / command[0], *command[1:]],
        cwd=CLONE,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = done.returncode == 0
    line = f"{'passed' if passed else 'FAILED'}  {name} ({time.monotonic() - began:.0f} s)"
    print(line if passed else f"{line}\n{done.stdout}", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
