"""Tasks of marking: ids in, one action."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from centres.scoping import centre_scope
from marking import actions
from marking.actions.sheet import RENDER
from marking.models import ResultSheet

SOFT_LIMIT = 60
HARD_LIMIT = 90


# The limits are shorter than a wake-up waits, so that no two workers draw the same sheet.
@shared_task(name=RENDER, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def render_sheet(centre_id: str, sheet_id: str) -> None:
    """Make the file of one result sheet unless it is made; the try is counted whatever becomes of it."""
    centre = UUID(centre_id)
    with centre_scope(centre):
        sheet = ResultSheet.objects.filter(pk=sheet_id).first()
        if sheet is None or not actions.begin_sheet(sheet=sheet, at=timezone.now()):
            return
    with centre_scope(centre):
        actions.render_sheet(sheet=ResultSheet.objects.get(pk=sheet_id), at=timezone.now())
