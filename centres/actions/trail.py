"""The audit trail, and the wake-ups of work that a task will do."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import models, transaction

from centres.models import Event, Membership, Wakeup
from centres.scoping import current_centre

RETRY_AFTER = timedelta(minutes=2)


def record_event(
    code: str, *, target: models.Model, by: Membership | None, at: datetime, **facts: Any
) -> Event:
    """Write one line of the audit trail inside the transaction of the change it tells of."""
    event: Event = Event.objects.create(
        code=code,
        target_kind=target._meta.label_lower,
        target_id=target.pk,
        by=by,
        by_name=by.name if by else "",
        at=at,
        facts=facts,
    )
    return event


def wake(task: str, object_id: UUID, *, at: datetime) -> None:
    """Leave a row that says which task is wanted, and send the task when the transaction commits.

    The row stays until the task's own action calls ``rest``, so losing the message loses nothing.
    """
    centre_id = current_centre()
    Wakeup.objects.update_or_create(
        centre_id=centre_id, task=task, object_id=object_id, defaults={"due_at": at + RETRY_AFTER}
    )
    transaction.on_commit(
        lambda: current_app.send_task(task, args=[str(centre_id), str(object_id)], retry=False), robust=True
    )


def put_off(task: str, object_id: UUID, *, at: datetime) -> None:
    """Let the sweep wait while the work is being done, so that it is not sent again meanwhile."""
    wakeups = Wakeup.objects.filter(centre_id=current_centre(), task=task, object_id=object_id)
    wakeups.update(due_at=at + RETRY_AFTER)


def rest(task: str, object_id: UUID) -> None:
    """Take away the wake-up of work that is done."""
    Wakeup.objects.filter(centre_id=current_centre(), task=task, object_id=object_id).delete()
