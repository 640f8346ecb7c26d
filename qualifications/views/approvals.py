"""The page on which the administrator records what the awarding body approved the centre for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from centres.access import CentreView
from centres.permissions import Permission
from lib.refusals import Refusal
from qualifications.actions import record_approval
from qualifications.forms import ApprovalForm
from qualifications.selectors import approvals_of_centre
from qualifications.selectors.delivery import latest_qualifications


class ApprovalsView(CentreView):
    """Every qualification with the centre's approval, and the form that records one."""

    permission = Permission.RECORD_APPROVAL

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = latest_qualifications().filter(key=request.GET.get("for", "")[:80].replace("\0", "")).first()
        return self._page(
            ApprovalForm(qualifications=latest_qualifications(), initial={"qualification": wanted})
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ApprovalForm(request.POST, qualifications=latest_qualifications())
        if form.is_valid():
            try:
                approval = record_approval(**form.cleaned_data, by=self.by, at=self.at)
            except Refusal as refusal:
                form.add_error("approved_on", refusal.message)
            else:
                messages.success(request, f"The approval for {approval.qualification.title} is recorded.")
                return redirect("qualifications:approvals", slug=self.centre.slug)
        return self._page(form, status=422)

    def _page(self, form: ApprovalForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "lines": approvals_of_centre(timezone.localdate(self.at))}
        return render(self.request, "qualifications/approvals.html", context, status=status)
