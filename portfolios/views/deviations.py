"""Approved deviations: one recorded with its letter, one withdrawn, and the letter itself."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect

from assessments.models import ApprovedDeviation
from assessments.selectors.programme import programme_of
from centres.access import NOT_YOURS, CentreView
from centres.permissions import Permission
from lib.bodies import announced_bytes, drain
from lib.refusals import Refusal
from portfolios.actions.deviate import MAX_LETTER_BYTES, record_deviation, withdraw_deviation
from portfolios.actions.practise import SessionRefused
from portfolios.forms.programme import DeviationForm, WithdrawForm
from portfolios.selectors.programme import assessments_to_choose
from portfolios.selectors.sight import readable_deviations
from portfolios.views.programme import ProgrammeRoom

BLOCK = 2**20
TOO_MUCH = "This file is more than 10 MB. Save it smaller, or choose a picture of the page that approves it."


class AddDeviationView(ProgrammeRoom):
    """What the awarding body approved, when, and its letter.

    The whole request is bounded before it is read, and who asks is known by then; so the view stands outside
    of the site's own forgery check and makes it here.
    """

    takes_files = True
    is_too_much = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return super().dispatch(request, *args, **kwargs)
        with self.entered(request, kwargs["slug"]):
            self.registration(kwargs["registration_id"])
        if announced_bytes(request) > MAX_LETTER_BYTES + BLOCK:
            drain(request, 8 * MAX_LETTER_BYTES)
            self.is_too_much = True
            return super().dispatch(request, *args, **kwargs)
        return self._checked(request, *args, **kwargs)

    @method_decorator(csrf_protect)
    def _checked(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, registration_id: UUID) -> HttpResponse:
        return self._page(registration_id, self._form(registration_id))

    def post(self, request: HttpRequest, registration_id: UUID) -> HttpResponse:
        registration = self.kept(registration_id)
        if self.is_too_much:
            form = self._form(registration_id)
            errors = [{"text": TOO_MUCH, "url": "#id_letter"}]
            return self._page(registration_id, form, errors=errors, status=413)
        form = self._form(registration_id, request.POST, request.FILES)
        if not form.is_valid():
            return self._page(registration_id, form, status=422)
        data = form.cleaned_data
        try:
            record_deviation(
                registration=registration,
                assessment_id=UUID(data["assessment"]),
                kind=data["kind"],
                text=data["text"],
                approved_on=data["approved_on"],
                name=data["letter"].name or "",
                letter=data["letter"].file,
                by=self.by,
                at=self.at,
            )
        except SessionRefused as refused:
            for fault in refused.faults:
                form.add_error(fault.field, fault.text)
            return self._page(registration_id, form, status=422)
        messages.success(request, "Approved deviation recorded. Assessor and IQA see it beside the work.")
        return self.back(registration_id, "deviations")

    def _form(self, registration_id: UUID, *data: Any) -> DeviationForm:
        registration = self.kept(registration_id)
        return DeviationForm(*data, assessments=assessments_to_choose(registration))

    def _page(
        self, registration_id: UUID, form: DeviationForm, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        registration = self.kept(registration_id)
        needs = programme_of(registration.qualification)
        context = {"registration": registration, "form": form, "asked": needs.deviations, **more}
        return render(self.request, "portfolios/deviation_add.html", context, status=status)


class WithdrawDeviationView(ProgrammeRoom):
    """Why an approval does not count."""

    def get(self, request: HttpRequest, deviation_id: UUID) -> HttpResponse:
        return self._page(self._deviation(deviation_id), WithdrawForm())

    def post(self, request: HttpRequest, deviation_id: UUID) -> HttpResponse:
        deviation = self._deviation(deviation_id)
        form = WithdrawForm(request.POST)
        if form.is_valid():
            try:
                withdraw_deviation(
                    deviation=deviation, reason=form.cleaned_data["reason"], by=self.by, at=self.at
                )
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, "The approval does not count any more. It stays readable.")
                return self.back(deviation.registration_id, "deviations")
        return self._page(deviation, form, status=422)

    def _deviation(self, deviation_id: UUID) -> ApprovedDeviation:
        rows = readable_deviations(self.by, self.roles, at=self.at)
        found: ApprovedDeviation = self.get_or_404(rows, deviation_id)
        self.kept(found.registration_id)
        return found

    def _page(self, deviation: ApprovedDeviation, form: WithdrawForm, *, status: int = 200) -> HttpResponse:
        context = {"deviation": deviation, "registration": deviation.registration, "form": form}
        return render(self.request, "portfolios/deviation_withdraw.html", context, status=status)


class DeviationLetterView(CentreView):
    """The letter that approved a deviation, as a download, for those who may see the work."""

    permission = Permission.READ_DEVIATION

    def get(self, request: HttpRequest, deviation_id: UUID) -> HttpResponseBase:
        rows = readable_deviations(self.by, self.roles, at=self.at)
        deviation: ApprovedDeviation = self.get_or_404(rows, deviation_id)
        try:
            file = default_storage.open(deviation.storage_key)
        except FileNotFoundError as error:
            raise Http404(NOT_YOURS) from error
        answer = FileResponse(
            file, as_attachment=True, filename=deviation.label, content_type=deviation.content_type
        )
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
