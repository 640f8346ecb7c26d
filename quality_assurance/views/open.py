"""Opening a review and putting it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from centres.access import CentreView
from centres.permissions import Permission
from portfolios.models import Submission
from portfolios.rules import State
from quality_assurance.actions import open_review, put_back
from quality_assurance.actions.open import ReviewClosed
from quality_assurance.forms import PutBackForm
from quality_assurance.models import Review
from quality_assurance.selectors.review import reviews_of, unit_names


class OpenReviewView(CentreView):
    """Opening a review of assessed work; pressed twice, it leads to the same review."""

    permission = Permission.REVIEW

    def post(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        submission = self.get_or_404(
            Submission.objects.in_state(State.ASSESSED, State.IN_REVIEW, State.RELEASED), submission_id
        )
        mine = Review.objects.filter(submission=submission, iqa=self.by, closed_at__isnull=True).first()
        review = mine or open_review(submission=submission, by=self.by, at=self.at)
        return redirect("quality_assurance:review", slug=self.centre.slug, review_id=review.pk)


class PutBackView(CentreView):
    """Giving up a review, so that another IQA may take it."""

    permission = Permission.REVIEW

    def get(self, request: HttpRequest, review_id: UUID) -> HttpResponse:
        return self._page(PutBackForm(), self._review(review_id))

    def post(self, request: HttpRequest, review_id: UUID) -> HttpResponse:
        review = self._review(review_id)
        form = PutBackForm(request.POST)
        if not form.is_valid():
            return self._page(form, review, status=422)
        try:
            put_back(review=review, reason=form.cleaned_data["reason"], by=self.by, at=self.at)
        except ReviewClosed:
            if review.result != Review.Result.PUT_BACK:
                raise
        messages.success(request, "You put the review back. Another IQA can take it.")
        return redirect("quality_assurance:board", slug=self.centre.slug)

    def _review(self, review_id: UUID) -> Any:
        return self.get_or_404(reviews_of(self.by), review_id)

    def _page(self, form: PutBackForm, review: Any, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "review": review, "units": unit_names(review.submission)}
        return render(self.request, "quality_assurance/put_back.html", context, status=status)
