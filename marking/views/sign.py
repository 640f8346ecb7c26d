"""Checking and signing a sheet, and the receipt."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django_htmx.http import trigger_client_event

from centres.access import CentreView
from centres.actions import TooManyTries, WrongPassword, confirm_identity
from centres.permissions import Permission
from marking.actions import sign_assessment
from marking.actions.judge import NotForYou
from marking.actions.mark import AlreadySigned
from marking.actions.sign import ConfirmAgain, NotReadyToSign, SheetChanged, meaning_of, signing_role
from marking.forms import SignForm
from marking.models import Judgement, JudgementLine, Signature
from marking.selectors import judgement_lines
from marking.selectors.bar import Bar, bar_for
from marking.selectors.mine import own_judgements
from marking.selectors.record import outcome_comments, sheet_version
from marking.selectors.signing import signing_page
from marking.selectors.standing import in_hand
from portfolios.rules import State


class SignView(CentreView):
    """Shows what is about to be signed, asks for the password, and signs once."""

    permission = Permission.MARK

    def get(self, request: HttpRequest, judgement_id: UUID) -> HttpResponse:
        judgement = self.get_or_404(own_judgements(self.by), judgement_id)
        if judgement.state == Judgement.State.SIGNED:
            return self._to_receipt(judgement)
        rows = judgement_lines(judgement)
        bar = self._bar(judgement, rows)
        if bar.blockers:
            return self._blocked(judgement, bar)
        return self._ask(judgement, rows, SignForm(initial={"seen": sheet_version(judgement, rows)}))

    def post(self, request: HttpRequest, judgement_id: UUID) -> HttpResponse:
        judgement = self.get_or_404(own_judgements(self.by), judgement_id)
        if judgement.state == Judgement.State.SIGNED:
            return self._to_receipt(judgement)
        rows = judgement_lines(judgement)
        form = SignForm(request.POST)
        if not form.is_valid():
            return self._ask(judgement, rows, form, status=422)
        try:
            confirm_identity(
                user=self.by.user,
                password=form.cleaned_data["password"],
                session=request.session.session_key or "",
            )
            sign_assessment(
                judgement=judgement,
                seen=form.cleaned_data["seen"],
                confirmed_at=self.at,
                by=self.by,
                at=self.at,
            )
        except (WrongPassword, TooManyTries, ConfirmAgain) as refusal:
            form.add_error("password", str(refusal))
            return self._ask(judgement, rows, form, status=422)
        except SheetChanged:
            return self._changed(judgement, rows)
        except (NotForYou, NotReadyToSign):
            return self._blocked(judgement, self._bar(judgement, judgement_lines(judgement)))
        except AlreadySigned:
            return self._to_receipt(judgement)
        return self._to_receipt(judgement)

    def _bar(self, judgement: Judgement, rows: list[JudgementLine]) -> Bar:
        forbidden = in_hand(judgement.submission, by=self.by, at=self.at).reason
        return bar_for(judgement, rows, forbidden=forbidden)

    def _ask(
        self, judgement: Judgement, rows: list[JudgementLine], form: SignForm, *, status: int = 200
    ) -> HttpResponse:
        stage = Judgement.Stage.ASSESSOR
        context = {
            **signing_page(judgement, rows),
            "form": form,
            "meaning": meaning_of(stage, rows),
            "role": signing_role(stage, self.by),
        }
        return self._show("sign", context, status=status)

    def _changed(self, judgement: Judgement, rows: list[JudgementLine]) -> HttpResponse:
        changed_at = last_saved_at(judgement, rows)
        when = f" at {localtime(changed_at):%H:%M}" if changed_at else ""
        text = f"This sheet changed{when}. Look at the change before you sign."
        return self._show("sign_changed", {"judgement": judgement, "text": text}, status=409)

    def _blocked(self, judgement: Judgement, bar: Bar) -> HttpResponse:
        said = f"You cannot sign yet: {bar.blockers[0].text}"
        answer = self._show("sign_blocked", {"judgement": judgement, "bar": bar, "said": said}, status=422)
        if self.is_part:
            trigger_client_event(answer, "say", {"value": said})
            trigger_client_event(answer, "focus-on", {"value": bar.blockers[0].url}, after="settle")
        return answer

    def _show(self, name: str, context: dict[str, Any], *, status: int) -> HttpResponse:
        page = "dialog" if self.is_part else "page"
        return render(self.request, f"marking/{name}_{page}.html", context, status=status)

    def _to_receipt(self, judgement: Judgement) -> HttpResponse:
        address = reverse("marking:receipt", kwargs={"slug": self.centre.slug, "judgement_id": judgement.pk})
        return self.lead_to(address)


def last_saved_at(judgement: Judgement, rows: list[JudgementLine]) -> datetime | None:
    """Return when anything on a sheet was last saved."""
    saved = [row.saved_at for row in rows] + [row.saved_at for row in outcome_comments(judgement)]
    return max((at for at in saved if at), default=None)


class ReceiptView(CentreView):
    """Says what was signed, when, and what happens next; the same however often it is asked for."""

    permission = Permission.MARK

    def get(self, request: HttpRequest, judgement_id: UUID) -> HttpResponse:
        signed = own_judgements(self.by).filter(state=Judgement.State.SIGNED)
        judgement = self.get_or_404(signed, judgement_id)
        context = {
            **signing_page(judgement, judgement_lines(judgement)),
            "signature": Signature.objects.get(judgement=judgement),
            "is_released": judgement.submission.state == State.RELEASED.value,
        }
        return render(request, "marking/receipt.html", context)
