"""Changes to centres and the people in them, and the trail that every other room writes through."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from celery import current_app
from django.contrib.auth.password_validation import validate_password
from django.core.mail import send_mail
from django.db import IntegrityError, models, transaction

from centres.models import Cohort, Event, Grant, Invitation, Learner, Membership, User, Wakeup
from centres.permissions import Role
from centres.scoping import current_centre
from lib.ids import new_token, token_digest
from lib.refusals import Refusal

INVITATION_LASTS = timedelta(days=14)
RETRY_AFTER = timedelta(minutes=2)


class AlreadyInCentre(Refusal):
    default_message = "Somebody with this e-mail address is already in your centre."


class InvitationClosed(Refusal):
    default_message = (
        "This invitation has been used, withdrawn or is more than 14 days old. Ask for a new one."
    )


class WrongPassword(Refusal):
    default_message = "That password is not right for the account with this address."


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


def rest(task: str, object_id: UUID) -> None:
    """Take away the wake-up of work that is done."""
    Wakeup.objects.filter(centre_id=current_centre(), task=task, object_id=object_id).delete()


@transaction.atomic
def invite_member(
    *, email: str, name: str, roles: list[Role], by: Membership, at: datetime, learner: Learner | None = None
) -> Invitation:
    """Offer somebody a place in the centre, so that they sign in as themselves. Raises AlreadyInCentre."""
    if Membership.objects.filter(user__email__iexact=email, ended_at__isnull=True).exists():
        raise AlreadyInCentre
    invitation: Invitation = Invitation.objects.create(
        email=email.strip().lower(),
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
        message=(
            f"Dear {invitation.name},\n\n{centre.name} keeps its assessment records in Countersign and made "
            f"a place for you.\n\nJoin here within 14 days:\n{site}/c/{centre.slug}/join/{token}/\n\n"
            "If you did not expect this letter, leave it: nothing happens until the link is used.\n"
        ),
        from_email=None,
        recipient_list=[invitation.email],
    )
    rest("centres.send_invitation", invitation.pk)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, password: str, at: datetime) -> Membership:
    """Make the invited person a member, with their existing account or a new one.

    Raises InvitationClosed, WrongPassword, and ValidationError where a new password is too weak.
    """
    invitation = Invitation.locked(invitation.pk)
    if invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= at:
        raise InvitationClosed
    user = User.objects.filter(email__iexact=invitation.email).first()
    if user is None:
        validate_password(password, User(email=invitation.email))
        user = User.objects.create_user(invitation.email, password)
    elif not user.check_password(password):
        raise WrongPassword
    membership = _join(invitation, user)
    invitation.accepted_at, invitation.accepted_by = at, membership
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    if invitation.learner_id:
        Learner.objects.filter(pk=invitation.learner_id).update(membership=membership)
    record_event("centres.invitation.accepted", target=invitation, by=membership, at=at)
    return membership


def _join(invitation: Invitation, user: User) -> Membership:
    try:
        with transaction.atomic():
            membership: Membership = Membership.objects.create(
                user=user, name=invitation.name, roles=invitation.roles
            )
    except IntegrityError as error:
        raise AlreadyInCentre from error
    return membership


@transaction.atomic
def add_learner(*, name: str, email: str, born_on: date, by: Membership, at: datetime) -> Learner:
    """Add a learner to the register and invite them to sign in. Raises AlreadyInCentre."""
    if Learner.objects.filter(email__iexact=email).exists():
        raise AlreadyInCentre
    learner: Learner = Learner.objects.create(
        name=name, email=email.strip().lower(), born_on=born_on, added_at=at, added_by=by
    )
    record_event("centres.learner.added", target=learner, by=by, at=at)
    invite_member(email=email, name=name, roles=[Role.LEARNER], by=by, at=at, learner=learner)
    return learner


@transaction.atomic
def name_cohort(*, name: str, by: Membership, at: datetime) -> Cohort:
    """Return the cohort of that name, made now if the centre has none yet."""
    cohort: Cohort | None = Cohort.objects.filter(name__iexact=name).first()
    if cohort is None:
        cohort = Cohort.objects.create(name=name)
        record_event("centres.cohort.named", target=cohort, by=by, at=at)
    return cohort


def open_grant(*, membership: Membership, object_id: UUID, reason: str, at: datetime) -> None:
    """Let a person see an attempt for a reason from now on."""
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
