"""The one guard around every page of a centre: who is there, what they may do, and the transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views import View
from django_htmx.http import HttpResponseClientRedirect

from centres.models import Centre, Membership
from centres.permissions import Permission, Role, allows
from centres.scoping import centre_scope
from lib.refusals import Refusal, StaleVersion

NOT_YOURS = "This page does not exist, or is not yours to see. Check the address or go home."

IN_PLACE = "X-In-Place"

OPEN_VIEWS = {
    "sign-in": "signing in comes before a centre",
    "sign-in-again": "renews a session over the page it ran out on",
    "sign-out": "leaving needs no centre",
    "front": "sends people to their centre or to the sign-in page",
    "join": "the link itself is the key; the person has no membership yet",
    "guest": "the link itself is the key; who signs by it has no account",
    "health": "says that the site answers, nothing else",
}


class _RolledBack(Exception):
    """Carries an answer out of a transaction that must not be kept."""

    def __init__(self, response: HttpResponseBase) -> None:
        self.response = response


class CentreView(View):
    """A page of one centre. Subclasses declare ``permission``; a view without one does not start.

    Inside a handler ``self.centre`` is the centre, ``self.by`` the member who asks, ``self.roles`` their
    roles and ``self.at`` the time of the request. The answer is rendered before the centre is left.
    """

    permission: ClassVar[Permission]
    centre: Centre
    by: Membership
    roles: frozenset[Role]
    at: datetime

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        if not isinstance(getattr(cls, "permission", None), Permission):
            raise ImproperlyConfigured(f"{cls.__name__} declares no permission.")
        return super().as_view(**initkwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if any("\0" in str(value) for value in kwargs.values()):
            raise Http404(NOT_YOURS)
        request.GET = _without_nul(request.GET)  # type: ignore[assignment]  # as immutable as the other
        try:
            with self.entered(request, kwargs.pop("slug")):
                return self._answer(request, *args, **kwargs)
        except _RolledBack as rolled_back:
            return rolled_back.response

    @contextmanager
    def entered(self, request: HttpRequest, slug: str) -> Iterator[None]:
        """Enter the centre as the person who asks. Raises Http404, PermissionDenied."""
        centre = Centre.objects.filter(slug=slug).first()
        if centre is None:
            raise Http404(NOT_YOURS)
        with centre_scope(centre.pk, request.user.pk):
            self._enter(request, centre)
            yield

    def _enter(self, request: HttpRequest, centre: Centre) -> None:
        membership = Membership.objects.filter(user_id=request.user.pk, ended_at__isnull=True).first()
        if membership is None:
            raise Http404(NOT_YOURS)
        self.centre, self.by, self.roles = centre, membership, membership.role_set
        self.at = timezone.now()
        request.member = membership  # type: ignore[attr-defined]
        request.centre = centre  # type: ignore[attr-defined]
        if not allows(self.roles, self.permission):
            raise PermissionDenied

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            with transaction.atomic():
                response = super().dispatch(request, *args, **kwargs)
        except Refusal as refusal:
            response = self.refused(refusal, **kwargs)
        if hasattr(response, "render") and callable(response.render):
            response = response.render()
        if response.status_code >= 500:
            raise _RolledBack(response)
        if self.is_in_place and response.status_code == 302:
            response = HttpResponseClientRedirect(response["Location"])
        # What one person may see lies in no cache, nor on the disk of a machine that others use.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    @property
    def is_part(self) -> bool:
        """Whether htmx asks, which puts the answer into a page that stands."""
        return bool(self.request.htmx)  # type: ignore[attr-defined]  # set by its middleware

    @property
    def is_in_place(self) -> bool:
        """Whether a form asks that was sent without leaving its page, which then goes where it is told."""
        return IN_PLACE in self.request.headers

    def lead_to(self, address: str) -> HttpResponse:
        """Lead to another page, from a whole page or from a part of one."""
        return HttpResponseClientRedirect(address) if self.is_part else redirect(address)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a method that the view does not have: a page that says so, with the way home."""
        bare = super().http_method_not_allowed(request, *args, **kwargs)
        page = render(request, "405.html", status=bare.status_code)
        page["Allow"] = bare["Allow"]
        return page

    def refused(self, refusal: Refusal, **kwargs: Any) -> HttpResponse:
        """Answer a refusal that the handler did not: the message on a page of its own, nothing changed."""
        status = 409 if isinstance(refusal, StaleVersion) else 422
        return render(self.request, "refused.html", {"refusal": refusal}, status=status)

    def get_or_404(self, rows: Any, pk: UUID) -> Any:
        """Return the row of that key among ``rows``. Raises Http404 for what is absent or out of sight."""
        row = rows.filter(pk=pk).first()
        if row is None:
            raise Http404(NOT_YOURS)
        return row


def _without_nul(asked: QueryDict) -> QueryDict:
    """Return what an address asks for without the one character that no text in the database can hold."""
    if not any("\0" in value for values in asked.lists() for value in values[1]):
        return asked
    cleaned = asked.copy()
    for name, values in asked.lists():
        cleaned.setlist(name, [value.replace("\0", "") for value in values])
    cleaned._mutable = False
    return cleaned


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a person without a session to the sign-in page, the same for every address."""
    if request.headers.get("HX-Request") == "true" or IN_PLACE in request.headers:
        return HttpResponse(
            "You were signed out. Sign in here; what you typed is still on this page.", status=401
        )
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
