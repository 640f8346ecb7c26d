"""Print the published catalogue as JSON that imports back to the same content."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.selectors.catalogue import exported_catalogue


class Command(BaseCommand):
    """Prints the latest version of everything, and the older versions that those are pinned to."""

    help = "Print the published catalogue as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", metavar="FILE", help="write to this file instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        text = exported_catalogue()
        if not options["output"]:
            self.stdout.write(text, ending="")
            return
        try:
            Path(options["output"]).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{options['output']}: cannot be written: {error.strerror}") from None
