"""Files made of many rows: asked for, made step by step by a task, kept for a week."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from centres.actions.trail import RETRY_AFTER, record_event, rest, wake
from centres.models import Export, Membership, Wakeup
from centres.scoping import current_centre
from lib.refusals import Refusal

MAKE = "desks.make_bundle"
EXPIRE = "desks.expire_bundle"
KEPT_FOR = timedelta(days=7)
FAILED = "We could not make this file. Nothing is lost. Try again."


class NothingToExport(Refusal):
    default_message = "Choose at least one result sheet."


@transaction.atomic
def request_export(
    *, kind: str, title: str, object_ids: Sequence[UUID], by: Membership, at: datetime
) -> Export:
    """Fix what goes into a file and ask the task for it, so that later rows do not slip in.

    Whoever asks for the same again while it is being made is given the first. Raises NothingToExport.
    """
    if not object_ids:
        raise NothingToExport
    by = Membership.locked(by.pk)
    running = Export.objects.filter(
        kind=kind,
        title=title[:200],
        object_ids=list(object_ids),
        requested_by=by,
        state__in=[Export.State.PENDING, Export.State.WORKING],
    ).first()
    if running is not None:
        export: Export = running
        return export
    export = Export.objects.create(
        kind=kind, title=title[:200], object_ids=list(object_ids), requested_at=at, requested_by=by
    )
    record_event("centres.export.requested", target=export, by=by, at=at, rows=len(object_ids))
    wake(MAKE, export.pk, at=at)
    return export


@transaction.atomic
def advance_export(*, export: Export, done: int, at: datetime) -> None:
    """Say how far the file is, and put off the sweep, so that work in hand is not begun twice."""
    Export.objects.filter(pk=export.pk).exclude(state=Export.State.READY).update(
        state=Export.State.WORKING, done=done, problem=""
    )
    Wakeup.objects.filter(centre_id=current_centre(), task=MAKE, object_id=export.pk).update(
        due_at=at + RETRY_AFTER
    )


@transaction.atomic
def finish_export(*, export: Export, key: str, sha256: str, problem: str, at: datetime) -> bool:
    """Keep the file for a week; False where another run was first, and then this file is not wanted."""
    export = Export.locked(export.pk)
    rest(MAKE, export.pk)
    if export.state == Export.State.READY:
        return False
    export.state, export.done, export.problem = Export.State.READY, len(export.object_ids), problem[:200]
    export.storage_key, export.sha256, export.ready_at = key, sha256, at
    export.save(update_fields=["state", "done", "problem", "storage_key", "sha256", "ready_at"])
    Wakeup.objects.update_or_create(
        centre_id=current_centre(), task=EXPIRE, object_id=export.pk, defaults={"due_at": at + KEPT_FOR}
    )
    record_event("centres.export.made", target=export, by=None, at=at, sha256=sha256)
    return True


@transaction.atomic
def fail_export(*, export: Export, at: datetime) -> None:
    """Say that the file could not be made; its wake-up stays, so that it is tried again."""
    export = Export.locked(export.pk)
    if export.state != Export.State.READY:
        export.state, export.problem = Export.State.FAILED, FAILED
        export.save(update_fields=["state", "problem"])
        record_event("centres.export.failed", target=export, by=None, at=at)


@transaction.atomic
def retry_export(*, export: Export, by: Membership, at: datetime) -> None:
    """Ask again for a file that could not be made."""
    export = Export.locked(export.pk)
    if export.state == Export.State.FAILED:
        export.state, export.problem, export.done = Export.State.PENDING, "", 0
        export.save(update_fields=["state", "problem", "done"])
        record_event("centres.export.asked_again", target=export, by=by, at=at)
        wake(MAKE, export.pk, at=at)


@transaction.atomic
def expire_export(*, export: Export, at: datetime) -> None:
    """Delete the file of an export whose week is over, so that copies of results do not lie about."""
    export = Export.locked(export.pk)
    if not is_over(export, at=at):
        return
    rest(EXPIRE, export.pk)
    if export.storage_key:
        key, export.storage_key = export.storage_key, ""
        export.save(update_fields=["storage_key"])
        record_event("centres.export.expired", target=export, by=None, at=at)
        transaction.on_commit(lambda: default_storage.delete(key), robust=True)


def is_over(export: Export, *, at: datetime) -> bool:
    """Say whether the week in which a file is kept has passed."""
    return export.ready_at is not None and at >= export.ready_at + KEPT_FOR
