"""The page that an invitation's link opens."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from centres.actions import (
    InvitationClosed,
    WrongPassword,
    accept_invitation,
    count_try,
    forgive_try,
)
from centres.actions.invite import open_invitations
from centres.forms import JoinForm
from centres.models import Centre, Invitation, User
from centres.scoping import centre_scope
from lib.ids import token_digest
from lib.refusals import Refusal


@contextmanager
def _offer(slug: str, token: str) -> Iterator[Invitation]:
    """Enter the centre of an invitation that can still be accepted. Raises InvitationClosed."""
    centre = Centre.objects.filter(slug=slug).first()
    if centre is None:
        raise InvitationClosed
    with centre_scope(centre.pk):
        invitation = (
            open_invitations(timezone.now())
            .filter(token_digest=token_digest(token), sent_at__isnull=False)
            .select_related("centre", "invited_by")
            .first()
        )
        if invitation is None:
            raise InvitationClosed
        yield invitation


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class JoinView(View):
    """Shows an invitation and accepts it; a link that opens nothing gets one and the same page."""

    def get(self, request: HttpRequest, slug: str, token: str) -> HttpResponse:
        try:
            with _offer(slug, token) as invitation:
                return self._page(request, invitation, JoinForm())
        except InvitationClosed:
            return self._closed(request)

    def post(self, request: HttpRequest, slug: str, token: str) -> HttpResponse:
        form = JoinForm(request.POST)
        try:
            with _offer(slug, token) as invitation:
                user = self._accepted(request, invitation, form) if form.is_valid() else None
                if user is None:
                    return self._page(request, invitation, form, status=422)
        except InvitationClosed:
            return self._closed(request)
        login(request, user)
        return redirect("desks:home", slug=slug)

    def _accepted(self, request: HttpRequest, invitation: Invitation, form: JoinForm) -> User | None:
        """Return the person who joined, or None with the reason beside the password."""
        address = request.META["REMOTE_ADDR"]
        try:
            count_try(email=invitation.email, address=address)
            member = accept_invitation(
                invitation=invitation, password=form.cleaned_data["password"], at=timezone.now()
            )
        except InvitationClosed:
            raise
        except ValidationError as error:
            form.add_error("password", error)
            forgive_try(email=invitation.email, address=address)
        except WrongPassword as refusal:
            form.add_error("password", refusal.message)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            forgive_try(email=invitation.email, address=address)
            return member.user
        return None

    def _page(
        self, request: HttpRequest, invitation: Invitation, form: JoinForm, *, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "invitation": invitation}
        return render(request, "registration/join.html", context, status=status)

    def _closed(self, request: HttpRequest) -> HttpResponse:
        return render(request, "registration/join_closed.html", status=404)
