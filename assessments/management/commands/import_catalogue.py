"""Publish catalogue files: everything is checked first, every fault is told, all is kept or nothing."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.actions import publish_catalogue
from assessments.rules import CatalogueRefused, Fault, Publication
from lib.words import listed

ORDER = {
    "qualifications": ("qualification", "qualifications"),
    "units": ("unit", "units"),
    "assessments": ("assessment", "assessments"),
    "programmes": ("programme", "programmes"),
    "templates": ("record template", "record templates"),
}


class Command(BaseCommand):
    """Reads JSON files, or standard input where a file is called ``-``."""

    help = "Check catalogue files and publish what is new in them; what is published never changes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a JSON file, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = publish_catalogue(files=_read(options["files"]))
        except CatalogueRefused as refused:
            raise CommandError(_refusal(refused.faults)) from None
        for note in plan.notes:
            self.stderr.write(f"Note: {note}")
        if options["verbosity"]:
            self.stdout.write(summary(plan))


def summary(plan: Publication) -> str:
    """Return what an import did, in one sentence for each kind of change."""
    added = _listed({kind: len(contents) for kind, contents in plan.new.items()})
    unchanged = _listed(plan.unchanged)
    known = f" Already published: {unchanged}." if unchanged else ""
    return f"Added {added}.{known}" if added else f"Nothing changed.{known}"


def _listed(counts: dict[str, int]) -> str:
    parts = [f"{counts[kind]} {words[counts[kind] != 1]}" for kind, words in ORDER.items() if counts[kind]]
    return listed(parts)


def _read(names: list[str]) -> list[tuple[str, bytes]]:
    files, faults = [], []
    for name in names:
        try:
            data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except (OSError, ValueError) as error:
            faults.append(Fault(name, "", f"cannot be read: {getattr(error, 'strerror', None) or error}"))
        else:
            files.append(("standard input" if name == "-" else name, data))
    if faults:
        raise CatalogueRefused(faults)
    return files


def _refusal(faults: list[Fault]) -> str:
    many = "1 fault was found" if len(faults) == 1 else f"{len(faults)} faults were found"
    return "\n".join([*(str(fault) for fault in faults), f"{many}; nothing was changed."])
