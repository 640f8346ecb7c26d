"""Who may see one attempt or its result sheet, for a reason, from a time until a time."""

from datetime import datetime
from uuid import UUID

from centres.models import Grant, Membership


def open_grant(*, membership: Membership, object_id: UUID, reason: str, at: datetime) -> None:
    """Let a person see an attempt or a result sheet for a reason from now on."""
    Grant.objects.get_or_create(
        membership=membership,
        object_id=object_id,
        reason=reason,
        ends_at=None,
        defaults={"starts_at": at},
    )


def close_grant(*, membership: Membership, object_id: UUID, reason: str, at: datetime) -> None:
    """End a person's sight of an attempt that they had for a reason."""
    Grant.objects.filter(
        membership=membership, object_id=object_id, reason=reason, ends_at__isnull=True
    ).update(ends_at=at)
