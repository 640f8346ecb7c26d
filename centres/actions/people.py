"""Learners and members of staff: added, given roles, and let go."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from centres.actions.invite import AlreadyInCentre, invite_member, withdraw_staff_invitations
from centres.actions.trail import record_event
from centres.models import Cohort, Grant, Invitation, Learner, Membership
from centres.permissions import Permission, Role, allows
from lib.addresses import canonical_email
from lib.names import plain_name
from lib.refusals import Refusal


class LastAdministrator(Refusal):
    default_message = "Your centre needs at least one administrator. Give somebody else that role first."


class AlreadyLeft(Refusal):
    default_message = "This person has left your centre already. Nothing was changed."


class NoRole(Refusal):
    default_message = "Choose at least one role, or let the person leave the centre."


class OwnRoles(Refusal):
    default_message = "You cannot give yourself a role. Another administrator must."


@transaction.atomic
def add_learner(*, name: str, email: str, born_on: date, by: Membership, at: datetime) -> Learner:
    """Add a learner to the register and invite them to sign in.

    Raises NotAnAddress, NotAName, AlreadyInCentre, AlreadyInvited, TooManyInvitations.
    """
    try:
        with transaction.atomic():
            learner: Learner = Learner.objects.create(
                name=plain_name(name), email=canonical_email(email), born_on=born_on, added_at=at, added_by=by
            )
    except IntegrityError as error:
        raise AlreadyInCentre from error
    record_event("centres.learner.added", target=learner, by=by, at=at)
    invite_learner(learner=learner, by=by, at=at)
    return learner


@transaction.atomic
def invite_learner(*, learner: Learner, by: Membership, at: datetime) -> Invitation:
    """Invite a learner who cannot sign in yet.

    Raises AlreadyInCentre, AlreadyInvited, TooManyInvitations.
    """
    return invite_member(
        email=learner.email, name=learner.name, roles=[Role.LEARNER], by=by, at=at, learner=learner
    )


@transaction.atomic
def name_cohort(*, name: str, by: Membership, at: datetime) -> Cohort:
    """Return the cohort of that name, made now if the centre has none yet."""
    cohort: Cohort | None = Cohort.objects.filter(name__iexact=name).first()
    if cohort is None:
        cohort = Cohort.objects.create(name=name)
        record_event("centres.cohort.named", target=cohort, by=by, at=at)
    return cohort


@transaction.atomic
def change_roles(*, membership: Membership, roles: list[Role], by: Membership, at: datetime) -> int:
    """Give a member of staff other roles; a learner stays one, and nobody adds to their own.

    Whoever may invite staff no longer has their open invitations withdrawn; returns how many.

    Raises AlreadyLeft, NoRole, OwnRoles, LastAdministrator.
    """
    membership = _staying(membership)
    if Role.LEARNER in membership.role_set:
        roles = [Role.LEARNER, *roles]
    if not roles:
        raise NoRole
    if membership.pk == by.pk and not membership.role_set.issuperset(roles):
        raise OwnRoles
    if Role.ADMINISTRATOR not in roles:
        _keep_an_administrator(without=membership)
    before, membership.roles = membership.roles, [role.value for role in roles]
    membership.save(update_fields=["roles"])
    record_event(
        "centres.roles.changed", target=membership, by=by, at=at, before=before, after=membership.roles
    )
    if allows(membership.role_set, Permission.INVITE_STAFF):
        return 0
    return withdraw_staff_invitations(membership=membership, by=by, at=at)


@transaction.atomic
def end_membership(*, membership: Membership, by: Membership, at: datetime) -> int:
    """End somebody's place in the centre, so that they see nothing of it from the next request on.

    Their open invitations of staff are withdrawn with it; returns how many.

    Raises AlreadyLeft, LastAdministrator.
    """
    membership = _staying(membership)
    _keep_an_administrator(without=membership)
    membership.ended_at, membership.ended_by = at, by
    membership.save(update_fields=["ended_at", "ended_by"])
    Grant.objects.filter(membership=membership, ends_at__isnull=True).update(ends_at=at)
    record_event("centres.membership.ended", target=membership, by=by, at=at)
    return withdraw_staff_invitations(membership=membership, by=by, at=at)


def _staying(membership: Membership) -> Membership:
    # Every administrator's row is locked, in one order, so that the last two cannot let each other go.
    rows = Membership.objects.select_for_update().filter(ended_at__isnull=True)
    list(rows.filter(roles__contains=[Role.ADMINISTRATOR.value]).order_by("pk"))
    row: Membership | None = rows.filter(pk=membership.pk).first()
    if row is None:
        raise AlreadyLeft
    return row


def _keep_an_administrator(*, without: Membership) -> None:
    others = Membership.objects.filter(
        ended_at__isnull=True, roles__contains=[Role.ADMINISTRATOR.value]
    ).exclude(pk=without.pk)
    if not others.exists():
        raise LastAdministrator
