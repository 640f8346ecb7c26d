"""What was taken back from a part of an attempt, and may come back there."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from centres.models import Event
from portfolios.models import Evidence, Submission


def taken_back(submission: Submission, part_ref: str) -> QuerySet[Any]:
    """Return the evidence that was at some time taken back from this part of this attempt."""
    events = Event.objects.filter(
        target_id=submission.pk, code="portfolios.offer.withdrawn", facts__part=part_ref
    )
    ids = [UUID(text) for text in events.values_list("facts__evidence", flat=True)]
    rows: QuerySet[Any] = Evidence.objects.filter(pk__in=ids, removed_at__isnull=True)
    return rows
