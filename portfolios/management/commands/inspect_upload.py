"""Say what would become of a file that a learner uploads, and why, so that support can answer."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lib.inspection import FileRefused
from lib.scan import ScannerAway
from portfolios.actions import judge_upload


class Command(BaseCommand):
    help = "Print what would become of an uploaded file, and why (exit 0 clean, 1 refused, 2 not decided)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--name", default="", help="the name that the learner's file had")

    def handle(self, *_: Any, file: Path, name: str, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                accepted = judge_upload(opened, name=name or file.name)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=2) from error
        except FileRefused as refusal:
            raise CommandError(f"Refused ({refusal.code}). {refusal.message}", returncode=1) from refusal
        except ScannerAway as away:
            raise CommandError(f"It would wait: its structure is clean, but {away}.", returncode=2) from away
        unscanned = " (the scan is left out here)" if settings.UPLOAD_SCAN_IS_LEFT_OUT else ""
        self.stdout.write(f"Clean{unscanned}. {accepted.label}: {accepted.content_type}")
