"""Making a result sheet's file from its record."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.timezone import override

from centres.actions.draw import Press, begin_drawing, finish_drawing
from lib.pdf import Attached, draw_pdf
from marking.actions.sheet import RENDER
from marking.models import ResultSheet
from marking.selectors.printed import printed_sheet

STYLESHEET = Path(settings.BASE_DIR) / "templates" / "marking" / "pdf" / "sheet.css"
SHEETS = Press(task=RENDER, noun="sheet", made="marking.sheet.made")


def draw_sheet(record: str, *, record_sha256: str) -> bytes:
    """Return the PDF of a stored record: the same bytes for the same record, whenever and wherever."""
    sheet = printed_sheet(record, record_sha256=record_sha256)
    kind = "by_section" if sheet.is_by_section else "by_criterion"
    # The sheet is a document of record, so its times are UTC wherever it is drawn.
    with override("UTC"):
        html = render_to_string(f"marking/pdf/{kind}.html", {"sheet": sheet})
    return draw_pdf(
        html,
        stylesheet=STYLESHEET,
        attached=Attached(
            name="record.json",
            description="The record that this sheet was drawn from",
            content=record.encode(),
            made_at=sheet.released_at,
        ),
    )


def begin_sheet(*, sheet: ResultSheet, at: datetime) -> bool:
    """Count one try before a sheet is drawn; returns whether to draw it."""
    return begin_drawing(document=sheet, press=SHEETS, at=at)


def render_sheet(*, sheet: ResultSheet, at: datetime) -> ResultSheet:
    """Make the sheet's file, so that it can be downloaded; a file that exists is never made again."""
    return finish_drawing(document=sheet, press=SHEETS, draw=draw_sheet, at=at)
