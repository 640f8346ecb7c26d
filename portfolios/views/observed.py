"""What assessors and tutors write about learners: whom they may observe, what there is, and a new page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from centres.access import NOT_YOURS, CentreView
from centres.actions import TooManyTries, WrongPassword, confirm_identity
from centres.permissions import Permission
from lib.refusals import Refusal
from portfolios.actions import write_observation
from portfolios.actions.record import BoxRefused
from portfolios.forms.kept import LearnerFilter, PasswordForm
from portfolios.models import Record
from portfolios.rules.kept import MEANINGS
from portfolios.rules.templates import Signer
from portfolios.selectors.forms import Form, Forms
from portfolios.selectors.guests import NOTHING, Asked
from portfolios.selectors.observed import (
    learners_to_observe,
    observations_of,
    role_of,
    units_of_registration,
)
from portfolios.selectors.records import Sheet, Typed, sheet_of
from portfolios.selectors.unit import unit_of
from portfolios.views.records import typed_boxes
from qualifications.models import Registration, Unit

NOBODY_ASKED = Asked((), [], NOTHING)


class ObservedRoom(CentreView):
    """What the pages about observations share."""

    permission = Permission.OBSERVE

    def registration(self, registration_id: UUID) -> Registration:
        """Return the registration of a learner whom this person may observe. Raises Http404."""
        rows: QuerySet[Any] = learners_to_observe(self.by)
        found: Registration = self.get_or_404(rows, registration_id)
        return found


class ObserveView(ObservedRoom):
    """The learners whom somebody may observe, by name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = LearnerFilter(request.GET)
        q = asked.cleaned_data["q"].strip() if asked.is_valid() else ""
        rows = learners_to_observe(self.by).order_by("learner__name", "registered_on", "id")
        if q:
            rows = rows.filter(learner__name__icontains=q)
        page = Paginator(rows, 25).get_page(request.GET.get("page"))
        return render(request, "portfolios/observe.html", {"page": page, "q": q})


class ObservationsView(ObservedRoom):
    """What was written about a learner, and what may be."""

    def get(self, request: HttpRequest, registration_id: UUID) -> HttpResponse:
        registration = self.registration(registration_id)
        units = units_of_registration(registration)
        forms = Forms(unit.ref for unit in units)
        rows = observations_of(registration.pk)
        context = {
            "registration": registration,
            "units": [(unit, forms.for_assessors(unit.ref)) for unit in units],
            "page": Paginator(rows, 25).get_page(request.GET.get("page")),
        }
        return render(request, "portfolios/observations.html", context)


class WriteObservationView(ObservedRoom):
    """One page about a learner: written and signed in one step, with the password again."""

    def get(
        self, request: HttpRequest, registration_id: UUID, unit_ref: str, template_key: str
    ) -> HttpResponse:
        registration, unit, form = self._place(registration_id, unit_ref, template_key)
        return self._page(registration, unit, form, PasswordForm())

    def post(
        self, request: HttpRequest, registration_id: UUID, unit_ref: str, template_key: str
    ) -> HttpResponse:
        registration, unit, form = self._place(registration_id, unit_ref, template_key)
        typed = typed_boxes(request, form)
        proof = PasswordForm(request.POST)
        if not proof.is_valid():
            return self._page(registration, unit, form, proof, Typed(typed))
        try:
            confirm_identity(
                user=self.by.user,
                password=proof.cleaned_data["password"],
                session=request.session.session_key or "",
            )
            record = write_observation(
                registration=registration,
                unit_ref=unit.ref,
                form=form,
                typed=typed,
                by=self.by,
                at=self.at,
            )
        except (WrongPassword, TooManyTries) as refusal:
            proof.add_error("password", str(refusal))
            return self._page(registration, unit, form, proof, Typed(typed))
        except BoxRefused as refused:
            return self._page(registration, unit, form, proof, Typed(typed, faults=refused.faults))
        except Refusal as refusal:
            return self._page(registration, unit, form, proof, Typed(typed, message=refusal.message))
        messages.success(
            request, f"Signed: {record.evidence.label}. {registration.learner.name} can read it."
        )
        return redirect("portfolios:observations", slug=self.centre.slug, registration_id=registration.pk)

    def _place(
        self, registration_id: UUID, unit_ref: str, template_key: str
    ) -> tuple[Registration, Unit, Form]:
        registration = self.registration(registration_id)
        unit = unit_of(registration, unit_ref)
        forms = Forms([unit_ref]).for_assessors(unit_ref) if unit else []
        form = next((form for form in forms if form.key == template_key), None)
        if unit is None or form is None:
            raise Http404(NOT_YOURS)
        return registration, unit, form

    def _page(
        self,
        registration: Registration,
        unit: Unit,
        form: Form,
        proof: PasswordForm,
        typed: Typed | None = None,
    ) -> HttpResponse:
        sheet = self._sheet(registration, unit, form, typed)
        context = {
            "registration": registration,
            "unit": unit,
            "sheet": sheet,
            "form": proof,
            "meaning": MEANINGS[Signer.ASSESSOR],
            "role": role_of(self.by).label.lower(),
            "errors": sheet.errors,
            "has_errors": bool(sheet.errors),
        }
        return render(
            self.request, "portfolios/observation_add.html", context, status=422 if typed is not None else 200
        )

    def _sheet(self, registration: Registration, unit: Unit, form: Form, typed: Typed | None) -> Sheet:
        """Return an empty page of the form; nothing is kept before it is signed."""
        record = Record(
            registration=registration,
            unit_ref=unit.ref,
            template_key=form.key,
            template_version=form.version,
            part=form.part.key,
        )
        return sheet_of(record, form, unit=unit, asked=NOBODY_ASKED, typed=typed)
