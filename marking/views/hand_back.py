"""Putting work back in the queue, with the reason."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from centres.access import CentreView
from centres.permissions import Permission
from marking.actions import hand_back
from marking.forms import HandBackForm
from marking.models import Judgement
from marking.selectors.mine import own_judgements


class HandBackView(CentreView):
    """Asks for the reason, then lets the work go."""

    permission = Permission.MARK

    def get(self, request: HttpRequest, judgement_id: UUID) -> HttpResponse:
        return self._ask(self._draft(judgement_id), HandBackForm())

    def post(self, request: HttpRequest, judgement_id: UUID) -> HttpResponse:
        judgement = self._draft(judgement_id)
        form = HandBackForm(request.POST)
        if not form.is_valid():
            return self._ask(judgement, form, status=422)
        hand_back(judgement=judgement, reason=form.cleaned_data["reason"], by=self.by, at=self.at)
        learner = judgement.submission.registration.learner
        messages.success(request, f"{learner.name}’s work waits in the queue again, with your reason.")
        address = reverse("marking:queue", kwargs={"slug": self.centre.slug})
        return self.lead_to(address)

    def _draft(self, judgement_id: UUID) -> Judgement:
        drafts = own_judgements(self.by).filter(state=Judgement.State.DRAFT)
        judgement: Judgement = self.get_or_404(drafts, judgement_id)
        return judgement

    def _ask(self, judgement: Judgement, form: HandBackForm, *, status: int = 200) -> HttpResponse:
        page = "dialog" if self.is_part else "page"
        context = {"judgement": judgement, "form": form}
        return render(self.request, f"marking/hand_back_{page}.html", context, status=status)
