"""What a ZIP of result sheets holds: each sheet, and an index that says what is there and what is not."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from centres.actions.export import KEPT_FOR, is_over
from centres.models import Export
from lib.spreadsheet import defused
from marking.models import ResultSheet
from marking.selectors.sheets import record_of, units_in_short

NOT_MADE = "Not in this ZIP: its file could not be made or read"
HEAD = (
    "File",
    "Learner",
    "Registration number",
    "Qualification",
    "Units",
    "Attempt",
    "Revision",
    "Outcome",
    "Total",
    "Out of",
    "Assessor",
    "IQA",
    "Released (UTC)",
    "Code",
    "SHA-256 of the file",
    "Remark",
)


@dataclass(frozen=True, slots=True)
class ExportOnPage:
    """One export as its page tells it."""

    export: Export
    total: int
    is_over: bool
    kept_until: datetime | None

    @property
    def is_running(self) -> bool:
        """Whether the page has something to wait for."""
        return self.export.state in {Export.State.PENDING, Export.State.WORKING}

    @property
    def is_ready(self) -> bool:
        """Whether there is a file to download."""
        return bool(self.export.state == Export.State.READY and self.export.storage_key and not self.is_over)


def exports_of_sheets() -> Any:
    """Return the centre's exports of result sheets, newest first."""
    return (
        Export.objects.filter(kind="RESULT_SHEETS").select_related("requested_by").order_by("-requested_at")
    )


def export_on_page(export: Export, *, at: datetime) -> ExportOnPage:
    """Return what the page of an export shows."""
    return ExportOnPage(
        export=export,
        total=len(export.object_ids),
        is_over=is_over(export, at=at),
        kept_until=export.ready_at + KEPT_FOR if export.ready_at else None,
    )


def released_at(record: dict[str, Any]) -> datetime:
    """Return the time of a record's release."""
    return datetime.fromisoformat(record["release"]["released_at"])


def index_row(sheet: ResultSheet, file: str) -> list[object]:
    """Return a sheet's line of the index; without a file it says that the sheet is missing."""
    record = record_of(sheet)
    qa = record["qa"]
    return [
        file,
        record["learner"]["name"],
        record["learner"]["registration_number"],
        record["qualification"]["title"],
        units_in_short(record),
        record["attempt"],
        record["revision"],
        record["final"]["outcome"].capitalize(),
        record["final"]["total"],
        record["assessment"]["total_max"],
        record["assessor"]["name"],
        qa["name"] if qa else "Not sampled",
        released_at(record).astimezone(UTC).strftime("%Y-%m-%d %H:%M"),
        record["code"],
        sheet.pdf_sha256,
        "" if file else NOT_MADE,
    ]


def index_file(rows: list[list[object]]) -> bytes:
    """Return the index as CSV that a spreadsheet opens as UTF-8 and never runs."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def missing_in_words(names: list[str]) -> str:
    """Return which sheets are not in the file, by name, in the 200 letters that its row holds."""
    if not names:
        return ""
    said = f"{len(names)} not in the file: "
    shown = ", ".join(names)
    return said + shown if len(said + shown) <= 200 else f"{(said + shown)[:196]} …"
