"""What an assessment asks for, the attempts so far, and the start of the first one."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments.models import Assessment, QualificationAssessment
from assessments.selectors import sheets
from centres.access import NOT_YOURS, CentreView
from centres.permissions import Permission
from lib.refusals import Refusal
from portfolios.actions import check_may_start, start_attempt
from portfolios.selectors import own_registrations, own_submissions
from portfolios.selectors.state import standing_of
from qualifications.models import Registration


class AssessmentView(CentreView):
    """An assessment of a learner's own registration; a post starts the first attempt."""

    permission = Permission.MAKE_SUBMISSION

    def get(self, request: HttpRequest, registration_id: UUID, key: str) -> HttpResponse:
        registration, assessment, attempts = self._found(registration_id, key)
        return self._page(registration, assessment, attempts)

    def post(self, request: HttpRequest, registration_id: UUID, key: str) -> HttpResponse:
        registration, assessment, attempts = self._found(registration_id, key)
        try:
            submission = start_attempt(
                registration=registration, assessment=assessment, by=self.by, at=self.at
            )
        except Refusal as refusal:
            return self._page(registration, assessment, attempts, refusal.message)
        return redirect("portfolios:submission", slug=self.centre.slug, submission_id=submission.pk)

    def _found(self, registration_id: UUID, key: str) -> tuple[Registration, Assessment, list[Any]]:
        """Return the registration, the version of the assessment that holds for it, and its attempts."""
        registration: Registration = self.get_or_404(own_registrations(self.by), registration_id)
        rows = own_submissions(self.by).filter(registration=registration, assessment__key=key)
        attempts = list(rows.order_by("attempt"))
        if attempts:
            return registration, attempts[-1].assessment, attempts
        pinned = (
            QualificationAssessment.objects.filter(
                qualification_id=registration.qualification_id, assessment__key=key
            )
            .select_related("assessment")
            .order_by("-assessment__version")
            .first()
        )
        if pinned is None:
            raise Http404(NOT_YOURS)
        return registration, pinned.assessment, []

    def _page(
        self, registration: Registration, assessment: Assessment, attempts: list[Any], refused: str = ""
    ) -> HttpResponse:
        context = {
            "registration": registration,
            "assessment": assessment,
            "units": sheets.units_decided_by(assessment),
            "notes": sheets.notes_of(assessment),
            "tasks": sheets.tasks_of(assessment),
            "sections": sheets.sections_of(assessment) if assessment.is_by_section else [],
            "outcomes": [] if assessment.is_by_section else sheets.outcome_lines_of(assessment),
            "attempts": [(row, standing_of(row)) for row in reversed(attempts)],
            "latest": attempts[-1] if attempts else None,
            "why_not": "" if attempts else self._why_not(registration, assessment),
            "errors": [{"text": refused, "url": ""}] if refused else [],
            "has_errors": bool(refused),
        }
        status = 422 if refused else 200
        return render(self.request, "portfolios/assessment.html", context, status=status)

    def _why_not(self, registration: Registration, assessment: Assessment) -> str:
        try:
            check_may_start(registration=registration, assessment=assessment, at=self.at)
        except Refusal as refusal:
            return refusal.message
        return ""
