"""The page that a guest's link opens: what they are asked, their draft, and their signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from centres.actions import TooManyTries
from centres.forms import name_field
from centres.models import Centre
from centres.scoping import centre_scope
from lib.ids import token_digest
from lib.refusals import Refusal
from lib.throttle import Throttle
from portfolios.actions.ask import LinkClosed, PageChanged, save_draft, sign_as_guest
from portfolios.actions.record import BoxRefused
from portfolios.models import GuestLink
from portfolios.rules import Box
from portfolios.rules.guests import Guest, Standing, Task, boxes_for
from portfolios.selectors.forms import Form, Forms
from portfolios.selectors.guests import (
    client_of,
    facts_for_guest,
    fingerprint_of_page,
    given_name,
    link_by_digest,
    shown_by,
)

TRIES = Throttle("link of a guest", limit=50, seconds=15 * 60)
SAVES = Throttle("draft of a guest", limit=900, seconds=15 * 60)
LONGEST_TEXT = 200


class NoLink(Refusal):
    """The address opens nothing."""


@dataclass(frozen=True, slots=True)
class GuestPlace:
    """One box on the page of a guest: its id, what stands in it, and what is wrong with it."""

    box: Box
    id: str
    value: str
    fault: str


class NameForm(forms.Form):
    """The name by which a guest signs."""

    name = name_field("Your full name")


@method_decorator(never_cache, name="dispatch")
class GuestView(View):
    """Shows a guest what they are asked, keeps what they write, and takes their signature once.

    An address that opens nothing gets one and the same page; whoever holds a link that was used, withdrawn or
    ran out is told so.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.at: datetime = timezone.now()
        try:
            response = self._entered(request, kwargs["slug"], kwargs["token"])
        except NoLink:
            response = render(request, "portfolios/guest_unknown.html", status=404)
        except TooManyTries as refusal:
            context = {"message": refusal.message}
            response = render(request, "portfolios/guest_unknown.html", context, status=429)
            response["Retry-After"] = str(refusal.seconds)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def _entered(self, request: HttpRequest, slug: str, token: str) -> HttpResponse:
        address = request.META["REMOTE_ADDR"]
        wait = TRIES.wait(address)
        if wait:
            raise TooManyTries(wait)
        centre = Centre.objects.filter(slug=slug).first()
        if centre is None:
            raise NoLink
        with centre_scope(centre.pk):
            known = link_by_digest(token_digest(token), at=self.at)
            if known is None:
                raise NoLink
            TRIES.forgive(address)
            return self._handled(request, *known)

    def _handled(self, request: HttpRequest, link: GuestLink, found: Standing) -> HttpResponse:
        if found is not Standing.OPEN:
            return self._closed(link, found)
        form = Forms([link.record.unit_ref]).of_record(link.record)
        if form is None:
            raise NoLink
        if _is_own(request, link):
            return render(request, "portfolios/guest_own.html", {"guest": Guest(link.guest)}, status=403)
        try:
            if request.method == "POST":
                return self._posted(request, link, form)
        except LinkClosed as closed:
            return self._closed(link, closed.standing)
        return self._page(link, form, link.draft)

    def _posted(self, request: HttpRequest, link: GuestLink, form: Form) -> HttpResponse:
        typed = _typed(request, link, form)
        # A save that is on its way when the button is pressed names the button too; it signs nothing.
        if request.POST.get("act") == "sign" and not request.htmx:  # type: ignore[attr-defined]
            return self._signed(request, link, form, typed)
        wait = SAVES.wait(link.token_digest)
        if wait:
            raise TooManyTries(wait)
        faults = save_draft(link=link, form=form, typed=typed, name=typed["name"], at=self.at)
        if faults:
            return self._page(link, form, typed, faults=faults, status=422)
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204)
        return redirect(request.path)

    def _signed(
        self, request: HttpRequest, link: GuestLink, form: Form, typed: dict[str, str]
    ) -> HttpResponse:
        name = NameForm(request.POST)
        faults = save_draft(link=link, form=form, typed=typed, name=typed["name"], at=self.at)
        if not name.is_valid() or faults:
            return self._page(link, form, typed, faults=faults, name=name, status=422)
        try:
            signature = sign_as_guest(
                link=link,
                form=form,
                typed=typed,
                name=name.cleaned_data["name"],
                seen=request.POST.get("seen", ""),
                at=self.at,
            )
        except BoxRefused as refused:
            return self._page(link, form, typed, faults=refused.faults, name=name, status=422)
        except PageChanged as changed:
            return self._page(link, form, typed, message=changed.message, status=409)
        return render(request, "portfolios/guest_signed.html", {"signature": signature, "link": link})

    def _page(
        self,
        link: GuestLink,
        form: Form,
        typed: Mapping[str, str],
        *,
        faults: Mapping[str, str] | None = None,
        name: NameForm | None = None,
        message: str = "",
        status: int = 200,
    ) -> HttpResponse:
        faults = faults or {}
        task = Task(link.task)
        shown = shown_by(link, form, facts_for_guest(link))
        places = [
            GuestPlace(box, f"g-{box.key}", typed.get(box.key, ""), faults.get(box.key, ""))
            for box in boxes_for(form.part, task)
        ]
        errors = [
            {"text": f"{place.box.label}: {place.fault}", "url": f"#{place.id}"}
            for place in places
            if place.fault
        ]
        context = {
            "link": link,
            "guest": Guest(link.guest),
            "task": task.value,
            "meaning": task.meaning,
            "learner": given_name(link),
            "client": client_of(link),
            "page": form.part,
            "shown": shown,
            "seen": fingerprint_of_page(shown),
            "places": places,
            "form": name or NameForm(initial={"name": typed.get("name", "")}),
            "errors": errors + ([{"text": message, "url": ""}] if message else []),
            "has_errors": bool(errors or message),
        }
        return render(self.request, "portfolios/guest.html", context, status=status)

    def _closed(self, link: GuestLink, found: Standing) -> HttpResponse:
        context = {"standing": found.value, "learner": given_name(link), "link": link}
        return render(self.request, "portfolios/guest_closed.html", context, status=410)


def _is_own(request: HttpRequest, link: GuestLink) -> bool:
    """Say whether the learner opened the link that they made for somebody else."""
    member = link.record.registration.learner.membership
    return bool(member and request.user.is_authenticated and member.user_id == request.user.pk)


def _typed(request: HttpRequest, link: GuestLink, form: Form) -> dict[str, str]:
    """Return what was typed into each box of the guest's, and their name, line ends made one kind."""
    keys = [box.key for box in boxes_for(form.part, Task(link.task))]
    found = {
        key: request.POST.get(key, "").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        for key in keys
    }
    return {**found, "name": request.POST.get("name", "").replace("\x00", "")[:LONGEST_TEXT]}
