#!/usr/bin/env python
"""Django's commands, on the embedded servers where no DATABASE_URL names others."""

import os
import sys

from django.core.management import execute_from_command_line

from lib.embedded import EmbeddedError, provide_missing_servers

# These write what belongs to the owner; what serves people must not hold the owner's address.
OWNERS_OWN = {"migrate", "import_catalogue", "seed_demo"}
SERVING = {"runserver"}
WITHOUT_SERVERS = {
    "help",
    "--help",
    "-h",
    "--version",
    "version",
    "build_fonts",
    "collectstatic",
    "inspect_upload",
}


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in WITHOUT_SERVERS:
        try:
            provide_missing_servers()
        except EmbeddedError as error:
            sys.exit(str(error))
    if command in SERVING:
        os.environ.pop("OWNER_DATABASE_URL", None)
    if command in OWNERS_OWN and not os.environ.get("OWNER_DATABASE_URL"):
        sys.exit(
            f"Set OWNER_DATABASE_URL for this command: `{command}` writes what the serving role may not."
        )
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
