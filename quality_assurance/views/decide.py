"""The decision on a review: what will be released, what follows, and the signature."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect

from centres.actions import TooManyTries, WrongPassword, confirm_identity
from lib.refusals import Refusal
from marking.actions.sign import ConfirmAgain, SheetChanged, meaning_of, signing_role
from marking.models import Judgement
from quality_assurance.actions import agree_and_release, overturn_and_release
from quality_assurance.actions.open import ReviewClosed
from quality_assurance.actions.release import ReasonNeeded
from quality_assurance.forms import DecisionForm
from quality_assurance.models import Release, Review
from quality_assurance.rules import Side, overturned_lines
from quality_assurance.selectors.follow import what_follows
from quality_assurance.selectors.review import ReviewPage, review_page
from quality_assurance.views.review import ReviewBase, page_context


class DecideView(ReviewBase):
    """Shows the decision that the IQA's own view leads to, asks for the password, and decides once."""

    def get(self, request: HttpRequest, review_id: UUID) -> HttpResponse:
        review = self.own_review(review_id)
        if self.is_part:
            return HttpResponseClientRedirect(request.path)
        if review.closed_at is not None:
            return self.receipt(review.submission_id)
        return self._ask(review_page(review))

    def post(self, request: HttpRequest, review_id: UUID) -> HttpResponse:
        review = self.own_review(review_id)
        if review.closed_at is not None:
            return self.receipt(review.submission_id)
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self._ask(review_page(review), form, status=422)
        try:
            confirm_identity(
                user=self.by.user,
                password=form.cleaned_data["password"],
                session=request.session.session_key or "",
            )
            release = self._decide(review, form)
        except ReviewClosed:
            return self.receipt(review.submission_id)
        except SheetChanged as refusal:
            return self._ask(review_page(review), form, status=409, problem=refusal.message)
        except Refusal as refusal:
            return self._refuse(review, form, refusal)
        messages.success(request, f"Signed and released: {release.outcome.capitalize()}.")
        return self.receipt(review.submission_id)

    def _decide(self, review: Review, form: DecisionForm) -> Release:
        given = form.cleaned_data
        signing: dict[str, Any] = {
            "review": review,
            "seen": given["seen"],
            "confirmed_at": self.at,
            "by": self.by,
            "at": self.at,
        }
        if given["side"] == Side.AGREE:
            return agree_and_release(**signing)
        return overturn_and_release(**signing, reason=given["reason"])

    def _refuse(self, review: Review, form: DecisionForm, refusal: Refusal) -> HttpResponse:
        page = review_page(review)
        if isinstance(refusal, WrongPassword | TooManyTries | ConfirmAgain):
            form.add_error("password", refusal.message)
        elif isinstance(refusal, ReasonNeeded):
            form.add_error("reason", refusal.message)
        else:
            return self._ask(page, form, status=422, problem=refusal.message)
        return self._ask(page, form, status=422)

    def _ask(
        self, page: ReviewPage, form: DecisionForm | None = None, *, status: int = 200, problem: str = ""
    ) -> HttpResponse:
        stand = page.standpoint
        lines = (
            [pair.assessor for pair in stand.pairs] if stand.is_agreeing else overturned_lines(stand.pairs)
        )
        outcome, total = (
            (stand.assessor.outcome, stand.assessor.total)
            if stand.is_agreeing
            else (stand.outcome.value, stand.total)
        )
        context = {
            **page_context(page),
            "form": form or DecisionForm(),
            "problem": problem,
            "has_errors": bool(problem),
            "follows": what_follows(page.submission, outcome=outcome, total=total, lines=lines),
            "meaning": meaning_of(Judgement.Stage.IQA, ()),
            "role": signing_role(Judgement.Stage.IQA, self.by),
        }
        return render(self.request, "quality_assurance/decide.html", context, status=status)
