"""The sweep: work that waits in a row is sent again until it is done."""

from datetime import timedelta

from celery import current_app, shared_task
from django.db import transaction
from django.utils import timezone

from centres.actions import RETRY_AFTER
from centres.models import Wakeup

BATCH = 500


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
