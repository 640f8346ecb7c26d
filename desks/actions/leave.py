"""Somebody leaves, or is given other roles: what they have in hand goes back to the others at once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from centres.actions import change_roles, end_membership
from centres.models import Membership
from centres.permissions import Permission, Role, allows
from marking.actions import hand_back_for
from quality_assurance.actions import put_back_for


@dataclass(frozen=True, slots=True)
class WentBack:
    """What somebody gave up: invitations withdrawn, sheets handed back, reviews put back."""

    invitations: int
    sheets: int
    reviews: int


@transaction.atomic
def let_leave(*, membership: Membership, by: Membership, at: datetime) -> WentBack:
    """End somebody's place in the centre and hand back what they have in hand, so that nothing is stranded.

    Raises AlreadyLeft, LastAdministrator.
    """
    invitations = end_membership(membership=membership, by=by, at=at)
    reason = f"{membership.name} left the centre."
    return WentBack(
        invitations=invitations,
        sheets=hand_back_for(member=membership, reason=reason, by=by, at=at),
        reviews=put_back_for(member=membership, reason=reason, by=by, at=at),
    )


@transaction.atomic
def change_what_they_do(
    *, membership: Membership, roles: list[Role], by: Membership, at: datetime
) -> WentBack:
    """Give a member of staff other roles; what they have in hand and may no longer do goes back.

    Raises AlreadyLeft, NoRole, OwnRoles, LastAdministrator.
    """
    invitations = change_roles(membership=membership, roles=roles, by=by, at=at)
    held = frozenset(roles)
    sheets = reviews = 0
    if not allows(held, Permission.MARK):
        reason = f"{membership.name} no longer assesses here."
        sheets = hand_back_for(member=membership, reason=reason, by=by, at=at)
    if not allows(held, Permission.REVIEW):
        reason = f"{membership.name} no longer reviews here."
        reviews = put_back_for(member=membership, reason=reason, by=by, at=at)
    return WentBack(invitations=invitations, sheets=sheets, reviews=reviews)
