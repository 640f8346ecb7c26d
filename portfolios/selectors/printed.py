"""What a compiled portfolio shows and prints, taken from its record alone: no query, no clock."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage

from lib.bundle import safe_name
from lib.canonical import fingerprint
from lib.pdf import printable_in
from lib.words import listed
from portfolios.models import Compilation


class DocumentChanged(OSError):
    """The stored file is not the one that was made."""


@dataclass(frozen=True, slots=True)
class PrintedPortfolio:
    """A whole portfolio; ``record`` is the record itself in letters that the fonts hold."""

    record: dict[str, Any]
    as_of: datetime
    fingerprint: str

    @property
    def units(self) -> str:
        """The refs of the units that it is for."""
        return listed([unit["ref"] for unit in self.record["units"]])


def printed_portfolio(record_text: str, *, record_sha256: str) -> PrintedPortfolio:
    """Return what the document of a stored record prints."""
    record = printable_in(json.loads(record_text))
    short = " ".join(record_sha256[start : start + 4] for start in range(0, 16, 4))
    return PrintedPortfolio(record, datetime.fromisoformat(record["as_of"]), short)


def compilation_file(compilation: Compilation) -> bytes:
    """Return the file just as it was made. Raises DocumentChanged, and OSError where it is gone."""
    with default_storage.open(compilation.storage_key) as stored:
        content = bytes(stored.read())
    if fingerprint(content) != compilation.pdf_sha256:
        raise DocumentChanged
    return content


def compilation_filename(compilation: Compilation) -> str:
    """Return the name that the document has when somebody keeps it."""
    record = json.loads(compilation.record)
    units = listed([unit["ref"] for unit in record["units"]])
    draft = " draft" if record["is_draft"] else ""
    learner = record["learner"]
    return safe_name(
        f"Portfolio {units} attempt {record['attempt']}{draft} "
        f"{learner['registration_number']} {learner['name']}",
        ".pdf",
    )
