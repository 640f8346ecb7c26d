"""Releasing without review, and what a released attempt looks like afterwards."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from centres.access import CentreView
from centres.actions import TooManyTries, WrongPassword, confirm_identity
from centres.models import Grant
from centres.permissions import Permission
from lib.refusals import Refusal
from marking.actions.sign import ConfirmAgain
from marking.selectors import as_lines, judgement_lines
from marking.selectors.sheets import visible_sheets
from portfolios.models import Submission
from portfolios.rules import State
from quality_assurance.actions import release_unreviewed
from quality_assurance.actions.release import NotAssessed, ReasonNeeded, check_may_release_unreviewed
from quality_assurance.forms import ReleaseForm
from quality_assurance.models import Release
from quality_assurance.selectors.follow import receipt_of, what_follows
from quality_assurance.selectors.review import unit_names
from quality_assurance.selectors.standpoint import assessors_judgement
from quality_assurance.views.review import to_receipt


class ReleaseView(CentreView):
    """Shows what a release without review does, asks why and who, and releases once."""

    permission = Permission.RELEASE

    def get(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        submission = self._submission(submission_id)
        if submission.state == State.RELEASED.value:
            return self._receipt(submission)
        return self._ask(submission, ReleaseForm())

    def post(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        submission = self._submission(submission_id)
        if submission.state == State.RELEASED.value:
            return self._receipt(submission)
        form = ReleaseForm(request.POST)
        if not form.is_valid():
            return self._ask(submission, form, status=422)
        given = form.cleaned_data
        try:
            confirm_identity(
                user=self.by.user,
                password=given["password"],
                session=request.session.session_key or "",
            )
            release = release_unreviewed(
                submission=submission,
                reason=given["reason"],
                confirmed_at=self.at,
                by=self.by,
                at=self.at,
            )
        except (WrongPassword, TooManyTries, ConfirmAgain) as refusal:
            form.add_error("password", refusal.message)
        except ReasonNeeded as refusal:
            form.add_error("reason", refusal.message)
        except NotAssessed as refusal:
            return self._moved_on(submission, form, refusal)
        except Refusal:
            return self._ask(submission, form, status=422)
        else:
            messages.success(request, f"Released: {release.outcome.capitalize()}.")
            return self._receipt(submission)
        return self._ask(submission, form, status=422)

    def _submission(self, submission_id: UUID) -> Submission:
        rows = Submission.objects.in_state(State.ASSESSED, State.IN_REVIEW, State.RELEASED)
        submission: Submission = self.get_or_404(
            rows.select_related("registration__learner", "assessment"), submission_id
        )
        return submission

    def _receipt(self, submission: Submission) -> HttpResponse:
        return to_receipt(self, submission.pk)

    def _moved_on(self, submission: Submission, form: ReleaseForm, refusal: Refusal) -> HttpResponse:
        submission.refresh_from_db(fields=["state"])
        if submission.state == State.RELEASED.value:
            return self._receipt(submission)
        return self._ask(submission, form, status=422)

    def _ask(self, submission: Submission, form: ReleaseForm, *, status: int = 200) -> HttpResponse:
        judgement = assessors_judgement(submission)
        context = {
            "submission": submission,
            "judgement": judgement,
            "units": unit_names(submission),
            "follows": what_follows(
                submission,
                outcome=judgement.outcome,
                total=judgement.total,
                lines=as_lines(judgement_lines(judgement)),
            ),
            "why_not": self._why_not(submission),
            "form": form,
        }
        return render(self.request, "quality_assurance/release.html", context, status=status)

    def _why_not(self, submission: Submission) -> str:
        if submission.state == State.IN_REVIEW.value:
            return "This is being reviewed, so the review decides."
        try:
            check_may_release_unreviewed(submission, by=self.by, at=self.at)
        except Refusal as refusal:
            return refusal.message
        return ""


class ReceiptView(CentreView):
    """A released attempt: both sides, the signatures, and what followed; the same however often asked for."""

    permission = Permission.VIEW_REVIEWS

    def get(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        rows = Release.objects.filter(submission=submission_id).select_related(
            "submission__registration__learner", "submission__assessment", "released_by", "review__judgement"
        )
        release: Release = self.get_or_404(rows, rows.values_list("pk", flat=True).first() or submission_id)
        sight = Grant.objects.current_at(self.at).filter(membership=self.by, object_id=submission_id)
        receipt = receipt_of(release)
        sheets = visible_sheets(self.by, self.roles, at=self.at)
        context = {
            "receipt": receipt,
            "has_sight": sight.exists(),
            "sees_sheet": receipt.sheet is not None and sheets.filter(pk=receipt.sheet.pk).exists(),
        }
        return render(request, "quality_assurance/receipt.html", context)
