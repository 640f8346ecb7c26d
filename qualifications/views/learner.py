"""Pages of one learner: added, shown, registered again, and a registration extended."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from centres.access import CentreView
from centres.actions import AlreadyInCentre, AlreadyInvited, TooManyInvitations
from centres.models import Cohort, Learner
from centres.permissions import Permission, allows
from lib.refusals import Refusal
from qualifications.actions import (
    NotLater,
    NumberTaken,
    TooYoung,
    enrol_learner,
    extend_registration,
    register_in_cohort,
)
from qualifications.forms import ExtensionForm, LearnerForm, RegistrationForm
from qualifications.models import Registration
from qualifications.selectors import deliverable_on, learner_page

BESIDE: dict[type[Refusal], str] = {
    AlreadyInCentre: "email",
    AlreadyInvited: "email",
    TooManyInvitations: "email",
    TooYoung: "born_on",
    NumberTaken: "number",
    NotLater: "expires_on",
}


def put_beside(form: forms.Form, refusal: Refusal, otherwise: str | None) -> None:
    """Show a refusal beside the field that it is about."""
    field = BESIDE.get(type(refusal))
    form.add_error(field if field in form.fields else otherwise, refusal.message)


class RegisterForm(CentreView):
    """A page with a form that writes to the register."""

    permission = Permission.EDIT_REGISTER
    template: str

    def offered(self) -> dict[str, Any]:
        """Return what the form of a registration chooses among."""
        today = timezone.localdate(self.at)
        return {"deliverable": deliverable_on(today), "today": today}

    def page(self, form: forms.Form, *, status: int = 200, **more: Any) -> HttpResponse:
        """Show the form with the cohorts that there are."""
        cohorts = Cohort.objects.order_by("name").values_list("name", flat=True)
        context = {"form": form, "cohorts": cohorts, **more}
        return render(self.request, self.template, context, status=status)


class AddLearnerView(RegisterForm):
    """Adds a learner and, in the same step, registers them if a qualification is chosen."""

    template = "qualifications/add_learner.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(LearnerForm(**self.offered()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LearnerForm(request.POST, **self.offered())
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            learner = enrol_learner(**form.cleaned_data, by=self.by, at=self.at)
        except Refusal as refusal:
            put_beside(form, refusal, "qualification")
            return self.page(form, status=422)
        done = "added and registered" if form.cleaned_data["qualification"] else "added"
        messages.success(request, f"{learner.name} is {done}. A letter to {learner.email} is on its way.")
        return redirect("qualifications:learner", slug=self.centre.slug, learner_id=learner.pk)


class LearnerView(CentreView):
    """One learner: who they are, what they are registered on and have achieved."""

    permission = Permission.VIEW_REGISTER

    def get(self, request: HttpRequest, learner_id: UUID) -> HttpResponse:
        learner = self.get_or_404(Learner.objects.select_related("membership"), learner_id)
        today = timezone.localdate(self.at)
        context = {
            "learner": learner,
            "shown": learner_page(learner, today=today, at=self.at),
            "may_change": allows(self.roles, Permission.EDIT_REGISTER),
        }
        return render(request, "qualifications/learner.html", context)


class RegisterLearnerView(RegisterForm):
    """Puts a learner who is on the register on a qualification."""

    template = "qualifications/register_learner.html"

    def get(self, request: HttpRequest, learner_id: UUID) -> HttpResponse:
        learner = self.get_or_404(Learner.objects.all(), learner_id)
        return self.page(RegistrationForm(**self.offered()), learner=learner)

    def post(self, request: HttpRequest, learner_id: UUID) -> HttpResponse:
        learner = self.get_or_404(Learner.objects.all(), learner_id)
        form = RegistrationForm(request.POST, **self.offered())
        if not form.is_valid():
            return self.page(form, status=422, learner=learner)
        try:
            registration = register_in_cohort(learner=learner, **form.cleaned_data, by=self.by, at=self.at)
        except Refusal as refusal:
            put_beside(form, refusal, "qualification")
            return self.page(form, status=422, learner=learner)
        messages.success(request, f"{learner.name} is registered on {registration.qualification.title}.")
        return redirect("qualifications:learner", slug=self.centre.slug, learner_id=learner.pk)


class ExtendView(RegisterForm):
    """Lets a registration count for longer."""

    template = "qualifications/extend.html"

    def get(self, request: HttpRequest, registration_id: UUID) -> HttpResponse:
        return self.page(ExtensionForm(), registration=self._registration(registration_id))

    def post(self, request: HttpRequest, registration_id: UUID) -> HttpResponse:
        registration = self._registration(registration_id)
        form = ExtensionForm(request.POST)
        if form.is_valid():
            try:
                extend_registration(registration=registration, **form.cleaned_data, by=self.by, at=self.at)
            except Refusal as refusal:
                put_beside(form, refusal, None)
            else:
                until = form.cleaned_data["expires_on"]
                messages.success(request, f"Registration {registration.number} ends on {until:%d/%m/%Y} now.")
                return redirect(
                    "qualifications:learner", slug=self.centre.slug, learner_id=registration.learner_id
                )
        return self.page(form, status=422, registration=registration)

    def _registration(self, pk: UUID) -> Registration:
        rows = Registration.objects.select_related("learner", "qualification")
        found: Registration = self.get_or_404(rows.filter(expires_on__isnull=False), pk)
        return found
