"""A learner's professional discussions: the list, one of them, and its confirmation."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime

from centres.access import CentreView
from centres.permissions import Permission
from lib.refusals import Refusal, StaleVersion
from portfolios.actions import DiscussionFacts, confirm_discussion, record_discussion, save_discussion
from portfolios.actions.discuss import AnothersRecording, BeforeRegistration
from portfolios.forms import DiscussionForm
from portfolios.models import Discussion
from portfolios.selectors import own_registrations
from portfolios.selectors.discussions import (
    assessors_to_choose,
    counters_of,
    own_discussions,
    pieces_to_choose,
    units_to_choose,
    was_confirmed,
    what_a_discussion_needs,
)


class DiscussionsView(CentreView):
    """The discussions of a learner, the latest first."""

    permission = Permission.MAKE_SUBMISSION

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = own_discussions(self.by).order_by("-agreed_for", "id")
        page = Paginator(rows, 25).get_page(request.GET.get("page"))
        return render(request, "portfolios/discussions.html", {"page": page})


class AddDiscussionView(CentreView):
    """What was agreed for a new discussion."""

    permission = Permission.MAKE_SUBMISSION

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._form(DiscussionForm(**self._choices()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DiscussionForm(request.POST, **self._choices())
        if not form.is_valid():
            return self._form(form, status=422)
        registration_id, _, unit_ref = form.cleaned_data["unit"].partition(" ")
        registration = self.get_or_404(own_registrations(self.by), registration_id)
        try:
            discussion = record_discussion(
                registration=registration, unit_ref=unit_ref, facts=_facts(form), by=self.by, at=self.at
            )
        except BeforeRegistration as refusal:
            form.add_error("agreed_for", refusal.message)
            return self._form(form, status=422)
        messages.success(request, "Discussion recorded. Choose its recording or notes when they are there.")
        return redirect("portfolios:discussion", slug=self.centre.slug, discussion_id=discussion.pk)

    def _choices(self) -> dict[str, Any]:
        registrations = list(own_registrations(self.by).order_by("registered_on", "id"))
        return {"assessors": assessors_to_choose(self.by), "units": units_to_choose(registrations)}

    def _form(self, form: DiscussionForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "needs": what_a_discussion_needs()}
        return render(self.request, "portfolios/discussion_add.html", context, status=status)


class DiscussionPage(CentreView):
    """A page of one discussion of a learner's own."""

    permission = Permission.MAKE_SUBMISSION

    def own(self, discussion_id: UUID) -> Discussion:
        """Return the learner's own discussion. Raises Http404 for everybody else's."""
        discussion: Discussion = self.get_or_404(own_discussions(self.by), discussion_id)
        return discussion

    def page(
        self, discussion: Discussion, form: DiscussionForm | None = None, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        """Answer the page; ``form`` holds what was typed and could not be saved."""
        context = {
            "discussion": discussion,
            "form": form or self.form(discussion),
            "needs": what_a_discussion_needs(),
            "counters": counters_of(discussion),
            "may_confirm": discussion.evidence_id and discussion.agreed_for <= self.at,
            "was_confirmed": was_confirmed(discussion),
            **more,
        }
        return render(self.request, "portfolios/discussion.html", context, status=status)

    def form(self, discussion: Discussion, data: Any = None) -> DiscussionForm:
        """Return the form of a discussion, filled with what is saved or with what was typed."""
        names = ("mode", "questions", "others", "has_live_iqa", "version")
        initial = {name: getattr(discussion, name) for name in names} | {
            "agreed_for": localtime(discussion.agreed_for),
            "assessor": str(discussion.assessor_id),
            "evidence": str(discussion.evidence_id or ""),
        }
        assessors = dict(assessors_to_choose(self.by)) | {
            str(discussion.assessor_id): discussion.assessor.name
        }
        return DiscussionForm(
            data, initial=initial, assessors=list(assessors.items()), pieces=pieces_to_choose(discussion)
        )


class DiscussionView(DiscussionPage):
    """One discussion: what was agreed, its recording or notes, and the times that matter in it."""

    def get(self, request: HttpRequest, discussion_id: UUID) -> HttpResponse:
        return self.page(self.own(discussion_id))

    def post(self, request: HttpRequest, discussion_id: UUID) -> HttpResponse:
        discussion = self.own(discussion_id)
        form = self.form(discussion, request.POST)
        if not form.is_valid():
            return self.page(discussion, form, status=422)
        try:
            save_discussion(
                discussion=discussion,
                version=form.cleaned_data["version"] or 0,
                facts=_facts(form),
                by=self.by,
                at=self.at,
            )
        except StaleVersion as refusal:
            return self._stale(discussion, form, refusal)
        except (AnothersRecording, BeforeRegistration) as refusal:
            place = "evidence" if isinstance(refusal, AnothersRecording) else "agreed_for"
            form.add_error(place, refusal.message)
            return self.page(discussion, form, status=422)
        messages.success(request, f"Saved {localtime(self.at):%H:%M}")
        return redirect("portfolios:discussion", slug=self.centre.slug, discussion_id=discussion.pk)

    def _stale(self, discussion: Discussion, form: DiscussionForm, refusal: Refusal) -> HttpResponse:
        """Show what was typed in the form and what is saved beside it; saving again keeps what was typed."""
        again = self.form(discussion, {**form.data.dict(), "version": discussion.version})  # type: ignore[attr-defined]
        again.is_valid()
        words = {name: again.fields[name].label for name in again.changed_data if name != "version"}
        saved = [(label, _in_words(discussion, name)) for name, label in words.items()]
        errors = [{"text": refusal.message, "url": "#saved-elsewhere"}]
        return self.page(discussion, again, status=409, saved=saved, errors=errors, has_errors=True)


class ConfirmDiscussionView(DiscussionPage):
    """The learner's word that a recording or notes are a true account."""

    def post(self, request: HttpRequest, discussion_id: UUID) -> HttpResponse:
        discussion = self.own(discussion_id)
        seen = request.POST.get("version", "")
        try:
            confirm_discussion(
                discussion=discussion,
                version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
                by=self.by,
                at=self.at,
            )
        except Refusal as refusal:
            status = 409 if isinstance(refusal, StaleVersion) else 422
            errors = [{"text": refusal.message, "url": "#recording"}]
            return self.page(discussion, status=status, errors=errors, has_errors=True)
        messages.success(request, "Confirmed as a true account.")
        return redirect("portfolios:discussion", slug=self.centre.slug, discussion_id=discussion.pk)


def _facts(form: DiscussionForm) -> DiscussionFacts:
    data = form.cleaned_data
    evidence = data.get("evidence") or ""
    return DiscussionFacts(
        agreed_for=data["agreed_for"],
        mode=data["mode"],
        questions=data["questions"].replace("\r\n", "\n"),
        assessor_id=UUID(data["assessor"]),
        others=data["others"],
        has_live_iqa=data["has_live_iqa"],
        evidence_id=UUID(evidence) if evidence else None,
    )


def _in_words(discussion: Discussion, name: str) -> str:
    shown = {
        "agreed_for": f"{localtime(discussion.agreed_for):%-d %b %Y, %H:%M}",
        "mode": discussion.get_mode_display(),
        "assessor": discussion.assessor.name,
        "has_live_iqa": "Yes" if discussion.has_live_iqa else "No",
        "evidence": discussion.evidence.label if discussion.evidence else "None yet",
    }
    return shown.get(name) or str(getattr(discussion, name)) or "Nothing"
