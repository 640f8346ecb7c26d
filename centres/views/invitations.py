"""Pages on which people are invited, invited again, or their invitation is withdrawn."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from centres.access import CentreView
from centres.actions import (
    AlreadyInCentre,
    AlreadyInvited,
    TooManyInvitations,
    invite_learner,
    invite_member,
    resend_invitation,
    withdraw_invitation,
)
from centres.forms import InviteForm
from centres.models import Invitation, Learner
from centres.permissions import Permission


class InviteView(CentreView):
    """Invites somebody to work in the centre; the answer never tells whether they have an account."""

    permission = Permission.INVITE_STAFF

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "centres/invite.html", {"form": InviteForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = InviteForm(request.POST)
        if form.is_valid():
            try:
                invitation = invite_member(**form.cleaned_data, by=self.by, at=self.at)
            except (AlreadyInCentre, AlreadyInvited, TooManyInvitations) as refusal:
                form.add_error("email", refusal.message)
            else:
                messages.success(request, f"A letter to {invitation.email} is on its way.")
                return redirect("centres:staff", slug=self.centre.slug)
        return render(request, "centres/invite.html", {"form": form}, status=422)


class OfInvitation(CentreView):
    """Something done to one invitation; the answer leads back to the page that it was asked on."""

    permission = Permission.INVITE_STAFF

    def back(self) -> HttpResponse:
        """Return to the page of ours that the form names, or to the staff."""
        wanted = self.request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(
            wanted, {self.request.get_host()}, require_https=self.request.is_secure()
        ):
            return redirect(wanted)
        return redirect("centres:staff", slug=self.centre.slug)


class ResendView(OfInvitation):
    """Replaces an invitation by a new one."""

    def post(self, request: HttpRequest, invitation_id: UUID) -> HttpResponse:
        invitation = self.get_or_404(Invitation.objects.select_related("learner"), invitation_id)
        resend_invitation(invitation=invitation, by=self.by, at=self.at)
        messages.success(
            request, f"A new letter to {invitation.email} is on its way. The link before it is closed."
        )
        return self.back()


class WithdrawView(OfInvitation):
    """Withdraws an invitation."""

    def post(self, request: HttpRequest, invitation_id: UUID) -> HttpResponse:
        invitation = self.get_or_404(Invitation.objects.all(), invitation_id)
        withdraw_invitation(invitation=invitation, by=self.by, at=self.at)
        messages.success(request, f"The invitation of {invitation.name} is withdrawn. Its link is closed.")
        return self.back()


class InviteLearnerView(OfInvitation):
    """Invites a learner who has no invitation left that works."""

    def post(self, request: HttpRequest, learner_id: UUID) -> HttpResponse:
        learner = self.get_or_404(Learner.objects.filter(membership__isnull=True), learner_id)
        invite_learner(learner=learner, by=self.by, at=self.at)
        messages.success(request, f"A letter to {learner.email} is on its way.")
        return self.back()
