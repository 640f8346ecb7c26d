"""A learner's own pages signed as evidence, and their word that they read what others wrote about them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from centres.actions import TooManyTries, WrongPassword, confirm_identity
from lib.refusals import Refusal, StaleVersion
from portfolios.actions import see_observation, sign_page
from portfolios.forms.kept import PasswordForm
from portfolios.models import Record
from portfolios.rules.kept import MEANINGS, faults_before_keeping
from portfolios.rules.templates import Signer
from portfolios.selectors.forms import Form
from portfolios.selectors.frozen import lines_of
from portfolios.views.records import RecordRoom
from qualifications.models import Unit


class SignPageView(RecordRoom):
    """Shows the page that is about to be signed, asks for the password, and signs once."""

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        record, unit, form = self.own_record(record_id)
        if not _may_sign(record, form):
            return redirect(self.address("record", record))
        return self._ask(record, unit, form, PasswordForm(initial={"version": record.version}))

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        record, unit, form = self.own_record(record_id)
        if not _may_sign(record, form):
            return redirect(self.address("record", record))
        proof = PasswordForm(request.POST)
        if not proof.is_valid():
            return self._ask(record, unit, form, proof, status=422)
        try:
            confirm_identity(
                user=self.by.user,
                password=proof.cleaned_data["password"],
                session=request.session.session_key or "",
            )
            sign_page(
                record=record,
                form=form,
                version=proof.cleaned_data["version"] or 0,
                by=self.by,
                at=self.at,
            )
        except (WrongPassword, TooManyTries) as refusal:
            proof.add_error("password", str(refusal))
            return self._ask(record, unit, form, proof, status=422)
        except StaleVersion as refusal:
            again = PasswordForm(initial={"version": record.version})
            return self._ask(record, unit, form, again, message=refusal.message, status=409)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect(self.address("record", record))
        messages.success(request, f"{form.part.title} signed. It is among your evidence now.")
        return redirect(self.address("record", record))

    def _ask(
        self,
        record: Record,
        unit: Unit,
        form: Form,
        proof: PasswordForm,
        *,
        message: str = "",
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "record": record,
            "registration": record.registration,
            "unit": unit,
            "page": form.part,
            "lines": lines_of(form, record.answers),
            "is_empty": bool(faults_before_keeping(form.part, record.answers)),
            "meaning": MEANINGS[Signer.LEARNER],
            "form": proof,
            "errors": [{"text": message, "url": "#said"}] if message else [],
            "has_errors": bool(message),
        }
        return render(self.request, "portfolios/sign_record.html", context, status=status)


class SeenView(RecordRoom):
    """The learner says that they read what an assessor or tutor wrote about them."""

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        record, _, form = self.own_record(record_id)
        try:
            see_observation(record=record, by=self.by, at=self.at)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"{form.part.title}: you have read it.")
        return redirect(self.address("record", record))


def _may_sign(record: Record, form: Form) -> bool:
    is_open = record.evidence_id is None and record.removed_at is None
    return is_open and form.part.signer is Signer.LEARNER
