"""Files on their way, and how much room a registration has used."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from centres.models import Membership
from portfolios.models import Evidence, Submission, Upload


def own_uploads(by: Membership) -> QuerySet[Any]:
    """Return the files that a learner has on their way."""
    rows: QuerySet[Any] = Upload.objects.filter(submission__registration__learner__membership=by)
    return rows.select_related("submission__assessment", "submission__registration")


def uploads_by_part(submission: Submission) -> dict[str, list[Upload]]:
    """Return an attempt's files on their way, part by part."""
    found: dict[str, list[Upload]] = defaultdict(list)
    for upload in Upload.objects.filter(submission=submission).unfinished().order_by("started_at", "id"):
        found[upload.part_ref].append(upload)
    return found


def room_used(registration_id: UUID) -> int:
    """Return how many bytes a registration's files take, those on their way with them."""
    kept = Evidence.objects.filter(registration_id=registration_id, removed_at__isnull=True)
    coming = Upload.objects.filter(submission__registration=registration_id).unfinished()
    sums = (
        kept.aggregate(total=Sum("size"))["total"],
        coming.aggregate(total=Sum("length"))["total"],
    )
    return sum(total or 0 for total in sums)
