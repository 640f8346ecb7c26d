"""The doors that are open before a centre is entered: the front, signing in, out, and in again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from centres.actions import TooManyTries, WrongPassword, recognise
from centres.forms import SignInAgainForm, SignInForm
from centres.models import User
from centres.scoping import user_scope
from centres.selectors import centres_of
from centres.views.join import JoinView
from lib.refusals import Refusal

__all__ = ["FrontView", "HealthView", "JoinView", "SignInAgainView", "SignInView", "SignOutView"]


class HealthView(View):
    """Says that the site answers, nothing else."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok", content_type="text/plain")


@method_decorator(never_cache, name="dispatch")
class FrontView(View):
    """Sends people to their centre; those in several, or in none, get a page that says so."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect("sign-in")
        with user_scope(request.user.pk):
            centres = centres_of(request.user.pk)
        if len(centres) == 1:
            return redirect("desks:home", slug=centres[0].slug)
        return render(request, "registration/front.html", {"centres": centres})


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class SignInView(View):
    """Signs a person in and sends them to where they were going."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(wanted_page(request))
        return self._page(request, SignInForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SignInForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            user = recognise(**form.cleaned_data, address=request.META["REMOTE_ADDR"])
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self._page(request, form, refusal=refusal)
        login(request, user)
        return redirect(wanted_page(request))

    def _page(
        self, request: HttpRequest, form: SignInForm, *, status: int = 200, refusal: Refusal | None = None
    ) -> HttpResponse:
        if refusal is not None:
            status = 429 if isinstance(refusal, TooManyTries) else 422
        context = {"form": form, "next": wanted_page(request)}
        response = render(request, "registration/sign_in.html", context, status=status)
        if isinstance(refusal, TooManyTries):
            response["Retry-After"] = str(refusal.seconds)
        return response


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class SignInAgainView(View):
    """Renews a session over the page it ran out on, for the person whose page it is and no other."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Give a page a new token; 204 says that its person is signed in, 401 nobody, 409 somebody else."""
        is_theirs = request.GET.get("person") == str(request.user.pk)
        status = (204 if is_theirs else 409) if request.user.is_authenticated else 401
        return HttpResponse(status=status, headers={"X-CSRFToken": get_token(request)})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SignInAgainForm(request.POST)
        if not form.is_valid():
            return self._refused(WrongPassword())
        user = User.objects.filter(pk=form.cleaned_data["person"]).first()
        try:
            again = recognise(
                email=user.email if user else str(form.cleaned_data["person"]),
                password=form.cleaned_data["password"],
                address=request.META["REMOTE_ADDR"],
            )
        except TooManyTries as refusal:
            return self._refused(refusal)
        except WrongPassword:
            return self._refused(WrongPassword())
        login(request, again)
        return HttpResponse(status=204, headers={"X-CSRFToken": get_token(request)})

    def _refused(self, refusal: Refusal) -> HttpResponse:
        return HttpResponse(refusal.message, status=422, content_type="text/plain; charset=utf-8")


class SignOutView(View):
    """Signs a person out."""

    def post(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        messages.info(request, "You are signed out.")
        return redirect("sign-in")


def refuse_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is of an earlier session, marked so that an open page can renew its own."""
    page = render(request, "403_csrf.html", status=403)
    page["X-CSRF-Refused"] = "1"
    return page


def wanted_page(request: HttpRequest) -> str:
    """Return the page of ours that the person was going to, or the front."""
    data: Any = request.POST if request.method == "POST" else request.GET
    wanted = str(data.get("next", ""))
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and ours else reverse("front")
