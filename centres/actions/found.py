"""Opening a centre with its first administrator, by the operator."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from centres.actions.trail import record_event
from centres.models import Centre, Membership, User
from centres.permissions import Role
from centres.scoping import centre_scope
from lib.addresses import canonical_email
from lib.names import plain_name
from lib.refusals import Refusal


class SlugTaken(Refusal):
    default_message = "A centre has this name in its address already, and addresses are never used again."


def open_centre(
    *, slug: str, name: str, number: str, administrator: str, email: str, password: str, at: datetime
) -> Membership:
    """Open a centre and name the administrator who invites everybody else.

    The owner writes the centre, since the serving role may only read the list. Somebody with an account keeps
    their password. Raises SlugTaken, NotAnAddress, NotAName, and ValidationError where a new password is too
    weak; then nothing is written.
    """
    email, administrator = canonical_email(email), plain_name(administrator)
    user = User.objects.filter(email=email).first()
    if user is None:
        validate_password(password, User(email=email))
    try:
        with transaction.atomic(using="owner"):
            centre = Centre.objects.using("owner").create(slug=slug, name=plain_name(name), number=number)
    except IntegrityError as error:
        raise SlugTaken from error
    with centre_scope(centre.pk):
        member: Membership = Membership.objects.create(
            centre_id=centre.pk,
            user=user or User.objects.create_user(email, password),
            name=administrator,
            roles=[Role.ADMINISTRATOR.value],
        )
        record_event("centres.centre.opened", target=member, by=None, at=at, slug=slug)
        return member
