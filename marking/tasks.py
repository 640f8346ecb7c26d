"""Tasks of marking: ids in, one action."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from centres.scoping import centre_scope
from marking import actions
from marking.actions.sheet import RENDER
from marking.models import ResultSheet


@shared_task(name=RENDER)
def render_sheet(centre_id: str, sheet_id: str) -> None:
    """Make the file of one result sheet unless it is made."""
    with centre_scope(UUID(centre_id)):
        sheet = ResultSheet.objects.filter(pk=sheet_id).first()
        if sheet is not None:
            actions.render_sheet(sheet=sheet, at=timezone.now())
