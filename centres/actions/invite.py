"""Invitations: made, sent, sent again, withdrawn and accepted."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from centres.actions.identity import WrongPassword
from centres.actions.trail import record_event, rest, wake
from centres.models import Invitation, Learner, Membership, User
from centres.permissions import Permission, Role, allows
from lib.addresses import canonical_email
from lib.ids import new_token, token_digest
from lib.names import plain_name
from lib.refusals import Refusal

INVITATION_LASTS = timedelta(days=14)
# Letters go out from the site's own address, so no centre can send many, nor many to one address.
INVITATIONS_A_DAY = 300
LETTERS_A_DAY = 5
LETTER = """Dear {name},

{centre} keeps its assessment records in Countersign and made a place for you.

Join here within 14 days:
{site}/c/{slug}/join/{token}/

If you did not expect this letter, leave it: nothing happens until the link is used.
"""


class AlreadyInCentre(Refusal):
    default_message = "Somebody with this e-mail address is already in your centre."


class AlreadyInvited(Refusal):
    default_message = "This e-mail address has an invitation that is still open. Send that one again."


class TooManyInvitations(Refusal):
    default_message = (
        f"Your centre invited {INVITATIONS_A_DAY} people within a day, which is the limit. Go on tomorrow."
    )


class InvitationClosed(Refusal):
    default_message = (
        "This invitation has been used, withdrawn or is more than 14 days old. Ask for a new one."
    )


@transaction.atomic
def invite_member(
    *, email: str, name: str, roles: list[Role], by: Membership, at: datetime, learner: Learner | None = None
) -> Invitation:
    """Offer somebody a place in the centre, so that they sign in as themselves.

    Raises NotAnAddress, NotAName, AlreadyInCentre, AlreadyInvited, TooManyInvitations.
    """
    email, name = canonical_email(email), plain_name(name)
    # One at a time for each inviter, so that a double press invites once.
    Membership.locked(by.pk)
    if Membership.objects.filter(user__email=email, ended_at__isnull=True).exists():
        raise AlreadyInCentre
    if open_invitations(at).filter(email=email).exists():
        raise AlreadyInvited
    _check_letters(email, at)
    invitation: Invitation = Invitation.objects.create(
        email=email,
        name=name,
        roles=[role.value for role in roles],
        learner=learner,
        expires_at=at + INVITATION_LASTS,
        invited_at=at,
        invited_by=by,
    )
    record_event("centres.invitation.made", target=invitation, by=by, at=at, roles=invitation.roles)
    wake("centres.send_invitation", invitation.id, at=at)
    return invitation


def _check_letters(email: str, at: datetime) -> None:
    lately = Invitation.objects.filter(invited_at__gt=at - timedelta(days=1))
    if lately.filter(email=email).count() >= LETTERS_A_DAY:
        raise TooManyInvitations("This address was sent several letters today. Send the next one tomorrow.")
    if lately.count() >= INVITATIONS_A_DAY:
        raise TooManyInvitations


def open_staff_invitations(membership: Membership, at: datetime) -> QuerySet[Invitation]:
    """Return the invitations to work in the centre that somebody sent and nobody has used."""
    return open_invitations(at).filter(invited_by=membership, learner__isnull=True)


def open_invitations(at: datetime) -> QuerySet[Invitation]:
    """Return the invitations that can still be accepted."""
    rows: QuerySet[Invitation] = Invitation.objects.filter(
        accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at
    )
    return rows


@transaction.atomic
def send_invitation(*, invitation: Invitation, site: str, at: datetime) -> None:
    """Send the letter with a fresh link, so that a letter sent twice leaves one link that works."""
    invitation = Invitation.locked(invitation.pk)
    if invitation.sent_at or invitation.accepted_at or invitation.withdrawn_at:
        rest("centres.send_invitation", invitation.pk)
        return
    token = new_token()
    centre = invitation.centre
    invitation.token_digest = token_digest(token)
    invitation.sent_at = at
    invitation.save(update_fields=["token_digest", "sent_at"])
    send_mail(
        subject=f"{centre.name} invites you to Countersign",
        message=LETTER.format(
            name=invitation.name, centre=centre.name, site=site, slug=centre.slug, token=token
        ),
        from_email=None,
        recipient_list=[invitation.email],
    )
    rest("centres.send_invitation", invitation.pk)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Membership, at: datetime) -> None:
    """Withdraw an invitation, so that its link stops working. Raises InvitationClosed."""
    invitation = Invitation.locked(invitation.pk)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationClosed("This invitation was used or withdrawn before. Nothing was changed.")
    invitation.withdrawn_at, invitation.withdrawn_by = at, by
    invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    rest("centres.send_invitation", invitation.pk)
    record_event("centres.invitation.withdrawn", target=invitation, by=by, at=at)


def withdraw_staff_invitations(*, membership: Membership, by: Membership, at: datetime) -> int:
    """Withdraw what somebody sent who may invite nobody any more; returns how many there were.

    Learners keep theirs, which open nothing but their own work.
    """
    rows = list(open_staff_invitations(membership, at).order_by("pk").select_for_update(of=("self",)))
    for invitation in rows:
        withdraw_invitation(invitation=invitation, by=by, at=at)
    return len(rows)


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: Membership, at: datetime) -> Invitation:
    """Replace an invitation by a new one with 14 more days, so that only the newest link works.

    Raises InvitationClosed, AlreadyInCentre, AlreadyInvited, TooManyInvitations.
    """
    withdraw_invitation(invitation=invitation, by=by, at=at)
    return invite_member(
        email=invitation.email,
        name=invitation.name,
        roles=[Role(code) for code in invitation.roles],
        by=by,
        at=at,
        learner=invitation.learner,
    )


@transaction.atomic
def accept_invitation(*, invitation: Invitation, password: str, at: datetime) -> Membership:
    """Make the invited person a member, with their existing account or a new one.

    Raises InvitationClosed, AlreadyInCentre, WrongPassword, and ValidationError where a new password is
    too weak.
    """
    invitation = Invitation.locked(invitation.pk)
    if invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= at:
        raise InvitationClosed
    if invitation.learner_id is None and not _may_still_invite(invitation):
        raise InvitationClosed
    membership = _join(invitation, _account(invitation.email, password))
    invitation.accepted_at, invitation.accepted_by = at, membership
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    if invitation.learner_id:
        Learner.objects.filter(pk=invitation.learner_id).update(membership=membership)
    record_event("centres.invitation.accepted", target=invitation, by=membership, at=at)
    return membership


def _may_still_invite(invitation: Invitation) -> bool:
    inviter: Membership = Membership.objects.get(pk=invitation.invited_by_id)
    return inviter.ended_at is None and allows(inviter.role_set, Permission.INVITE_STAFF)


def _account(email: str, password: str) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        validate_password(password, User(email=email))
        try:
            with transaction.atomic():
                return User.objects.create_user(email, password)
        except IntegrityError:
            # Another centre's invitation made the account in the same moment.
            user = User.objects.get(email=email)
    if not (user.check_password(password) and user.is_active):
        raise WrongPassword("That password is not right for the account with this address. Try again.")
    return user


def _join(invitation: Invitation, user: User) -> Membership:
    membership: Membership | None = Membership.objects.select_for_update().filter(user=user).first()
    if membership is not None:
        return _return_to_centre(membership, invitation)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=user, name=invitation.name, roles=invitation.roles)
    except IntegrityError as error:
        raise AlreadyInCentre from error
    return membership


def _return_to_centre(membership: Membership, invitation: Invitation) -> Membership:
    if membership.ended_at is None:
        raise AlreadyInCentre
    membership.ended_at = membership.ended_by = None
    membership.roles = invitation.roles
    membership.save(update_fields=["ended_at", "ended_by", "roles"])
    return membership
