"""The people who work in a centre, and those who were invited to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from centres.models import Invitation, Membership
from centres.permissions import Role

WORKING = [role.value for role in Role if role is not Role.LEARNER]
STAFF_ORDER = {"name": ("name", "pk"), "joined": ("joined_at", "pk")}


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """One invitation that nobody has used, and what became of its letter."""

    invitation: Invitation
    state: str
    kind: str


def staff_of_centre(*, q: str = "", role: str = "", sort: str = "name") -> QuerySet[Membership]:
    """Return the members who are more than learners, filtered by words and by a role."""
    rows: QuerySet[Membership] = Membership.objects.filter(
        ended_at__isnull=True, roles__overlap=[role] if role else WORKING
    ).select_related("user")
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(user__email__icontains=q))
    order = STAFF_ORDER[sort.lstrip("-")]
    return rows.order_by(*(f"-{name}" for name in order) if sort.startswith("-") else order)


def invitations_of_staff(at: datetime) -> list[InvitationLine]:
    """Return the invitations of staff that were neither used nor withdrawn, the latest first."""
    rows = Invitation.objects.filter(
        learner__isnull=True, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).order_by("-invited_at", "-id")
    return [line_of(row, at) for row in rows[:200]]


def line_of(invitation: Any, at: datetime) -> InvitationLine:
    """Say in words how far an invitation has come."""
    if invitation.accepted_at:
        return InvitationLine(invitation, "Used", "achieved")
    if invitation.withdrawn_at:
        return InvitationLine(invitation, "Withdrawn", "void")
    if invitation.expires_at <= at:
        return InvitationLine(invitation, "Expired", "warn")
    if invitation.sent_at is None:
        return InvitationLine(invitation, "To be sent", "waiting")
    return InvitationLine(invitation, "Sent", "info")
