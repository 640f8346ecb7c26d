#!/usr/bin/env python
"""Django's commands, on the embedded servers where no DATABASE_URL names others."""

import os
import sys

from django.core.management import execute_from_command_line

from lib.embedded import EmbeddedError, provide_missing_servers

WITHOUT_SERVERS = {"help", "--help", "-h", "--version", "version", "build_fonts", "collectstatic"}


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    if len(sys.argv) > 1 and sys.argv[1] not in WITHOUT_SERVERS:
        try:
            provide_missing_servers()
        except EmbeddedError as error:
            sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
