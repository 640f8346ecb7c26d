"""Say what would become of a file that a learner uploads, and why, so that support can answer."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lib.inspection import FileRefused, inspect
from portfolios.selectors.limits import upload_limits


class Command(BaseCommand):
    help = "Print what the upload pipeline would decide about a file, and why (exit 0 clean, 1 refused)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--name", default="", help="the name that the learner's file had")

    def handle(self, *_: Any, file: Path, name: str, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                accepted = inspect(opened, name=name or file.name, limits=upload_limits())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=2) from error
        except FileRefused as refusal:
            raise CommandError(f"Refused ({refusal.code}). {refusal.message}", returncode=1) from refusal
        self.stdout.write(f"Clean. {accepted.label}: {accepted.content_type}")
