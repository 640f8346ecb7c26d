"""Becomes LibreOffice, which may use only so much of the machine.

It is started by path and imports nothing of ours; its arguments are the program and what that is told.
"""

import os
import resource
import sys

CPU_SECONDS = 40
MEMORY = 4 * 1024 * 1024 * 1024
FILE_SIZE = 200 * 1024 * 1024


def main() -> None:
    """Set the limits, then go on as the program."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    program = sys.argv[1]
    os.execv(program, sys.argv[1:])  # noqa: S606  (a shell would be one thing more between)


if __name__ == "__main__":
    main()
