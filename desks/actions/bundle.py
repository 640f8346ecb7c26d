"""The ZIP file of an export, made sheet by sheet from its beginning."""

import hashlib
import logging
from io import BufferedRandom
from tempfile import TemporaryFile
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from centres.actions import rest
from centres.actions.export import MAKE, advance_export, fail_export, finish_export
from centres.models import Export
from centres.scoping import centre_scope
from desks.selectors.bundles import index_file, index_row, missing_in_words, released_at
from lib.bundle import Bundle
from lib.ids import new_id
from marking.actions import begin_sheet, render_sheet
from marking.models import ResultSheet
from marking.selectors.sheets import FileChanged, record_of, sheet_file, sheet_filename

STEP = 10

logger = logging.getLogger(__name__)


def make_sheets_zip(*, centre: UUID, export_id: UUID) -> None:
    """Make the ZIP of an export from its beginning, unless it is made; a run cut off leaves nothing.

    It enters the centre for each step by itself, so that progress is seen while the file grows.
    """
    with centre_scope(centre):
        export = Export.objects.filter(pk=export_id).first()
        if export is None or export.state == Export.State.READY:
            rest(MAKE, export_id)
            return
    try:
        with TemporaryFile() as file:
            _keep(file, centre, export, _fill(file, centre, export))
    except Exception:
        logger.exception("Export %s could not be made", export_id)
        with centre_scope(centre):
            fail_export(export=export, at=timezone.now())


def _fill(file: BufferedRandom, centre: UUID, export: Export) -> str:
    """Write every sheet and the index; returns which sheets are not in it."""
    rows, missing = [], []
    with Bundle(file) as bundle:
        for done, sheet_id in enumerate(export.object_ids):
            sheet = _made(sheet_id, centre, export, done)
            record, content = record_of(sheet), _content(sheet)
            name = sheet_filename(record)
            if content is None:
                missing.append(name.removesuffix(".pdf"))
                rows.append(index_row(sheet, ""))
            else:
                name = bundle.add(name, content, made_at=released_at(record))
                rows.append(index_row(sheet, name))
        bundle.add("index.csv", index_file(rows), made_at=export.requested_at)
    return missing_in_words(missing)


def _made(sheet_id: UUID, centre: UUID, export: Export, done: int) -> ResultSheet:
    """Return a sheet with its file; one that waits for its own task is made here rather than waited for."""
    if done % STEP == 0:
        with centre_scope(centre):
            advance_export(export=export, done=done, at=timezone.now())
    with centre_scope(centre):
        sheet: ResultSheet = ResultSheet.objects.get(pk=sheet_id)
        if not begin_sheet(sheet=sheet, at=timezone.now()):
            sheet.refresh_from_db()
            return sheet
    with centre_scope(centre):
        return render_sheet(sheet=sheet, at=timezone.now())


def _content(sheet: ResultSheet) -> bytes | None:
    """Return the bytes of a sheet's file, or None where there are none that match its fingerprint."""
    if sheet.state != ResultSheet.State.READY:
        return None
    try:
        return sheet_file(sheet)
    except (OSError, FileChanged):
        return None


def _keep(file: BufferedRandom, centre: UUID, export: Export, problem: str) -> None:
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    key = default_storage.save(f"{centre}/{new_id()}", File(file))
    is_first = False
    try:
        with centre_scope(centre):
            is_first = finish_export(
                export=export,
                key=key,
                sha256=sha256,
                problem=problem,
                at=timezone.now(),
            )
    finally:
        if not is_first:
            default_storage.delete(key)
