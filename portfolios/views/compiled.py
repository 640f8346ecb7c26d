"""A portfolio as one document: on screen, and as a PDF that is made in the background."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django_htmx.http import HTMX_STOP_POLLING

from centres.access import NOT_YOURS, CentreView
from centres.permissions import Permission
from lib.canonical import canonical_json, fingerprint
from portfolios.actions.compiled import request_compilation
from portfolios.models import Compilation, Submission
from portfolios.selectors.compiled import compiled_record
from portfolios.selectors.printed import compilation_file, compilation_filename
from portfolios.selectors.sight import readable_attempts


class PortfolioPage(CentreView):
    """A page of one attempt's portfolio, for those who may read it; for others it does not exist."""

    permission = Permission.READ_PORTFOLIO

    def attempt(self, submission_id: UUID) -> Submission:
        """Return the attempt when this person may read its portfolio. Raises Http404."""
        rows = readable_attempts(self.by, self.roles, at=self.at)
        found: Submission = self.get_or_404(rows, submission_id)
        return found

    def latest(self, submission: Submission) -> Compilation | None:
        """Return what was asked for last of the state that the attempt is in."""
        rows = Compilation.objects.filter(
            submission=submission, is_draft=submission.submitted_at is None
        ).order_by("-requested_at", "-id")
        if submission.submitted_at is not None:
            rows = rows.filter(requested_at__gte=submission.submitted_at)
        found: Compilation | None = rows.first()
        return found


class PortfolioView(PortfolioPage):
    """The whole portfolio to be read; a post asks for it as a PDF, and the page says how that goes."""

    def get(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        submission = self.attempt(submission_id)
        compilation = self.latest(submission)
        context: dict[str, Any] = {"submission": submission, "compilation": compilation}
        if self.is_part:
            is_coming = compilation is not None and compilation.state == Compilation.State.PENDING
            status = 200 if is_coming else HTMX_STOP_POLLING
            return render(request, "portfolios/compiled_state.html", context, status=status)
        record = compiled_record(submission, at=self.at)
        context["record"] = record
        context["is_own"] = submission.registration.learner.membership_id == self.by.pk
        context["is_changed"] = bool(record["is_draft"] and compilation and _is_changed(record, compilation))
        return render(request, "portfolios/compiled.html", context)

    def post(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        submission = self.attempt(submission_id)
        request_compilation(submission=submission, by=self.by, at=self.at)
        return redirect("portfolios:compiled", slug=self.centre.slug, submission_id=submission.pk)


class PortfolioPdfView(PortfolioPage):
    """The PDF that was asked for last, to keep."""

    def get(self, request: HttpRequest, submission_id: UUID) -> HttpResponseBase:
        compilation = self.latest(self.attempt(submission_id))
        if compilation is None or compilation.state != Compilation.State.READY:
            raise Http404(NOT_YOURS)
        try:
            content = compilation_file(compilation)
        except OSError as error:
            raise Http404(NOT_YOURS) from error
        answer = HttpResponse(content, content_type="application/pdf")
        name = compilation_filename(compilation)
        answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer["Cache-Control"] = "private, no-store"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


def _is_changed(record: dict[str, Any], compilation: Compilation) -> bool:
    """Say whether the portfolio reads otherwise than the document that was made of it, the date apart."""
    asked_as = {**record, "as_of": compilation.requested_at.replace(second=0, microsecond=0)}
    return fingerprint(canonical_json(asked_as)) != compilation.record_sha256
