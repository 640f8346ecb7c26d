"""Tasks across rooms: ids in, one action."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from centres.actions.export import EXPIRE, MAKE, expire_export
from centres.models import Export
from centres.scoping import centre_scope
from desks import actions


@shared_task(name="desks.sweep_wakeups")
def sweep_wakeups() -> int:
    """Send the task of every due wake-up again; returns how many were sent."""
    return actions.send_due_wakeups(at=timezone.now())


@shared_task(name=MAKE)
def make_bundle(centre_id: str, export_id: str) -> None:
    """Make the ZIP of an export unless it is made."""
    actions.make_sheets_zip(centre=UUID(centre_id), export_id=UUID(export_id))


@shared_task(name=EXPIRE)
def expire_bundle(centre_id: str, export_id: str) -> None:
    """Delete the file of one export when its week is over."""
    with centre_scope(UUID(centre_id)):
        export = Export.objects.filter(pk=export_id).first()
        if export is not None:
            expire_export(export=export, at=timezone.now())
