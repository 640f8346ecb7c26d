"""Sending waiting work again until it is done."""

from datetime import datetime, timedelta

from celery import current_app
from django.db import transaction

from centres.actions import RETRY_AFTER
from centres.models import Wakeup

BATCH = 500


def send_due_wakeups(*, at: datetime) -> int:
    """Send the task of every due wake-up again and put it off; returns how many were sent."""
    with transaction.atomic():
        due = list(
            Wakeup.objects.filter(due_at__lte=at)
            .order_by("due_at")
            .select_for_update(skip_locked=True)[:BATCH]
        )
        Wakeup.objects.filter(pk__in=[row.pk for row in due]).update(
            due_at=at + RETRY_AFTER + timedelta(minutes=1)
        )
    for row in due:
        current_app.send_task(row.task, args=[str(row.centre_id), str(row.object_id)])
    return len(due)
