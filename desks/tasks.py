"""The sweep, which sends waiting work again until it is done, and the ZIP files of result sheets."""

import hashlib
import logging
from datetime import timedelta
from io import BufferedRandom
from tempfile import TemporaryFile
from uuid import UUID

from celery import current_app, shared_task
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from centres.actions import RETRY_AFTER, rest
from centres.actions.export import EXPIRE, MAKE, advance_export, expire_export, fail_export, finish_export
from centres.models import Export, Wakeup
from centres.scoping import centre_scope
from desks.selectors.bundles import index_file, index_row, missing_in_words, released_at
from lib.bundle import Bundle
from lib.canonical import fingerprint
from lib.ids import new_id
from marking.actions import begin_sheet, render_sheet
from marking.models import ResultSheet
from marking.selectors.sheets import record_of, sheet_filename

BATCH = 500
STEP = 10

logger = logging.getLogger(__name__)


@shared_task(name="desks.sweep_wakeups")
def sweep_wakeups() -> int:
    """Send the task of every due wake-up again and set its next time; returns how many were sent."""
    now = timezone.now()
    with transaction.atomic():
        due = list(
            Wakeup.objects.filter(due_at__lte=now)
            .order_by("due_at")
            .select_for_update(skip_locked=True)[:BATCH]
        )
        Wakeup.objects.filter(pk__in=[row.pk for row in due]).update(
            due_at=now + RETRY_AFTER + timedelta(minutes=1)
        )
    for row in due:
        current_app.send_task(row.task, args=[str(row.centre_id), str(row.object_id)])
    return len(due)


@shared_task(name=MAKE)
def make_bundle(centre_id: str, export_id: str) -> None:
    """Make the ZIP of an export from its beginning, unless it is made; a run cut off leaves nothing."""
    centre = UUID(centre_id)
    with centre_scope(centre):
        export = Export.objects.filter(pk=export_id).first()
        if export is None or export.state == Export.State.READY:
            rest(MAKE, UUID(export_id))
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
        with default_storage.open(sheet.storage_key) as stored:
            content = bytes(stored.read())
    except OSError:
        return None
    return content if fingerprint(content) == sheet.pdf_sha256 else None


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


@shared_task(name=EXPIRE)
def expire_bundle(centre_id: str, export_id: str) -> None:
    """Delete the file of one export when its week is over."""
    with centre_scope(UUID(centre_id)):
        export = Export.objects.filter(pk=export_id).first()
        if export is not None:
            expire_export(export=export, at=timezone.now())
