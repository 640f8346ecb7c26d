"""Making a result sheet's file from its record."""

import logging
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.timezone import override

from centres.actions import put_off, record_event, rest
from lib.canonical import fingerprint
from lib.ids import new_id
from lib.pdf import Attached, draw_pdf
from marking.actions.sheet import RENDER
from marking.models import ResultSheet
from marking.selectors.printed import printed_sheet

STYLESHEET = Path(settings.BASE_DIR) / "templates" / "marking" / "pdf" / "sheet.css"
NOT_MADE = "We could not make this sheet. Nothing is lost. Try again."

# A drawing that ends its process tells nobody, so it is counted before it begins.
MOST_TRIES = 3

logger = logging.getLogger(__name__)


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


@transaction.atomic
def begin_sheet(*, sheet: ResultSheet, at: datetime) -> bool:
    """Count one try before the drawing, in a transaction of its own; returns whether to draw.

    After too many the sheet says so and rests until somebody asks again.
    """
    sheet = ResultSheet.locked(sheet.pk)
    if sheet.state == ResultSheet.State.READY:
        rest(RENDER, sheet.pk)
        return False
    if sheet.tries >= MOST_TRIES:
        _fail(sheet)
        return False
    sheet.tries += 1
    sheet.save(update_fields=["tries"])
    put_off(RENDER, sheet.pk, at=at)
    return True


def render_sheet(*, sheet: ResultSheet, at: datetime) -> ResultSheet:
    """Make the sheet's file, so that it can be downloaded; a file that exists is never made again.

    Of two who make it at once the first to write the row wins and the other's file goes. A sheet that cannot
    be made says so on its row, and its wake-up stays until it was tried too often.
    """
    if sheet.state == ResultSheet.State.READY:
        rest(RENDER, sheet.pk)
        return sheet
    try:
        content = draw_sheet(sheet.record, record_sha256=sheet.record_sha256)
        key = default_storage.save(f"{sheet.centre_id}/{new_id()}", ContentFile(content))
    except Exception:
        logger.exception("Sheet %s could not be made", sheet.pk)
        return _fail(sheet)
    try:
        sheet, is_first = _finish(sheet, key=key, sha256=fingerprint(content), at=at)
    except Exception:
        default_storage.delete(key)
        raise
    if not is_first:
        default_storage.delete(key)
    return sheet


@transaction.atomic
def _finish(sheet: ResultSheet, *, key: str, sha256: str, at: datetime) -> tuple[ResultSheet, bool]:
    sheet = ResultSheet.locked(sheet.pk)
    rest(RENDER, sheet.pk)
    if sheet.state == ResultSheet.State.READY:
        return sheet, False
    sheet.state, sheet.problem = ResultSheet.State.READY, ""
    sheet.storage_key, sheet.pdf_sha256, sheet.rendered_at = key, sha256, at
    sheet.save(update_fields=["state", "problem", "storage_key", "pdf_sha256", "rendered_at"])
    record_event("marking.sheet.made", target=sheet, by=None, at=at, sha256=sha256)
    return sheet, True


@transaction.atomic
def _fail(sheet: ResultSheet) -> ResultSheet:
    sheet = ResultSheet.locked(sheet.pk)
    if sheet.state != ResultSheet.State.READY:
        sheet.state, sheet.problem = ResultSheet.State.FAILED, NOT_MADE
        sheet.save(update_fields=["state", "problem"])
    if sheet.tries >= MOST_TRIES:
        rest(RENDER, sheet.pk)
    return sheet
