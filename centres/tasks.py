"""Tasks of the ground floor: ids in, one action."""

from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from centres import actions
from centres.models import Invitation
from centres.scoping import centre_scope


@shared_task(name="centres.send_invitation")
def send_invitation(centre_id: str, invitation_id: str) -> None:
    """Send one invitation unless it was sent before."""
    with centre_scope(UUID(centre_id)):
        invitation = Invitation.objects.filter(pk=invitation_id).first()
        if invitation is not None:
            actions.send_invitation(invitation=invitation, site=settings.SITE_ADDRESS, at=timezone.now())
