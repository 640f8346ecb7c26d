"""The review page: evidence, the assessor's side, the IQA's own, and the decision that is left."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from centres.access import CentreView
from centres.permissions import Permission
from marking.selectors.workspace import Typed
from portfolios.selectors import evidence_pane
from portfolios.selectors.programme import arrangements_for
from quality_assurance.actions.review import note_version
from quality_assurance.models import Review
from quality_assurance.selectors.review import ReviewPage, evidence_shelf, review_page, reviews_of


class ReviewBase(CentreView):
    """What the review page and the parts of it share: whose review it is, and what they are drawn with."""

    permission = Permission.REVIEW

    def own_review(self, review_id: UUID) -> Review:
        """Return a review of this member's that was not put back. Raises Http404."""
        rows = reviews_of(self.by).exclude(result=Review.Result.PUT_BACK)
        review: Review = self.get_or_404(rows, review_id)
        return review

    def whole_page(
        self, review: Review, *, typed: Typed | None = None, status: int = 200, **more: Any
    ) -> HttpResponse:
        """Render the whole page, with what was typed where that could not be saved."""
        panes = evidence_pane(review.submission)
        page = review_page(
            review, typed=typed, claims={pane.ref: [*pane.claims, *pane.records] for pane in panes}
        )
        context = {
            **page_context(page),
            "shelf": evidence_shelf(review.submission, panes, is_by_section=page.is_by_section),
            "arranged": arrangements_for(review.submission),
            "note": review.looked_at,
            "note_version": note_version(review.looked_at),
            **more,
        }
        return render(self.request, "quality_assurance/review.html", context, status=status)

    def back(self, review: Review, anchor: str = "") -> HttpResponse:
        """Lead back to the page, to a place on it."""
        answer = redirect("quality_assurance:review", slug=self.centre.slug, review_id=review.pk)
        if anchor:
            answer["Location"] += f"#{anchor}"
        return answer

    def receipt(self, submission_id: UUID) -> HttpResponse:
        """Lead to the receipt of what was decided."""
        return to_receipt(self, submission_id)


class ReviewView(ReviewBase):
    """The page of an open review; a decided one leads to what was decided."""

    def get(self, request: HttpRequest, review_id: UUID) -> HttpResponse:
        review = self.own_review(review_id)
        if review.closed_at is not None:
            return self.receipt(review.submission_id)
        return self.whole_page(review)


def to_receipt(view: CentreView, submission_id: UUID) -> HttpResponse:
    """Lead to a receipt, from a whole page or from a part of one."""
    kwargs = {"slug": view.centre.slug, "submission_id": submission_id}
    address = reverse("quality_assurance:receipt", kwargs=kwargs)
    return view.lead_to(address)


def page_context(page: ReviewPage) -> dict[str, Any]:
    """Return what a review's page and every part of it are drawn with."""
    return {"page": page, "review": page.review, "stand": page.standpoint}
