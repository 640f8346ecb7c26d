"""What came of an attempt, for its learner: provisional until it is released."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from centres.access import CentreView
from centres.permissions import Permission
from desks.selectors.results import feedback_on, later_attempts, result_of, standing_with
from portfolios.selectors import own_submissions


class FeedbackView(CentreView):
    """The result in words, what to do next, then the detail."""

    permission = Permission.MAKE_SUBMISSION

    def get(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        submission = self.get_or_404(own_submissions(self.by), submission_id)
        result = result_of(submission)
        rows = own_submissions(self.by).filter(
            registration=submission.registration_id, assessment__key=submission.assessment.key
        )
        attempts = list(rows.order_by("attempt"))
        following = later_attempts(attempts).get(submission.pk)
        context = {
            "submission": submission,
            "assessment": submission.assessment,
            "registration": submission.registration,
            "standing": standing_with(submission, result, following),
            "feedback": feedback_on(submission, result) if result else None,
            "following": following,
            "others": [row for row in attempts if row.pk != submission.pk and row.submitted_at],
        }
        return render(request, "desks/feedback.html", context)


class BeforeView(CentreView):
    """What the attempt before said of each part, swapped in beside the parts of a draft."""

    permission = Permission.MAKE_SUBMISSION

    def get(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        rows = own_submissions(self.by).filter(previous__isnull=False)
        submission = self.get_or_404(rows, submission_id)
        previous = own_submissions(self.by).get(pk=submission.previous_id)
        result = result_of(previous)
        if not self.is_part or result is None:
            return redirect("desks:feedback", slug=self.centre.slug, submission_id=previous.pk)
        context = {
            "submission": submission,
            "previous": previous,
            "feedback": feedback_on(previous, result),
        }
        return render(request, "desks/before.html", context)
