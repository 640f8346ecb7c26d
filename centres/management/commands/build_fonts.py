"""Cuts the fonts of pages and sheets into ``var/assets/fonts``."""

import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from lib.fonts import build_fonts


class Command(BaseCommand):
    help = "Cut the packaged typeface to the letters that pages and sheets use; does nothing when up to date."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("fontTools").setLevel(logging.WARNING)
        for path in build_fonts(Path(settings.BASE_DIR) / "var" / "assets" / "fonts"):
            self.stdout.write(f"{path.name}: {path.stat().st_size / 1024:.1f} KB")
