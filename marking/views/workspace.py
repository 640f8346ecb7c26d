"""The marking page, or the same sheet as read-only paper; and the way to the next piece of work."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import trigger_client_event

from centres.access import CentreView
from centres.permissions import Permission
from marking.models import Judgement, Signature
from marking.selectors.mine import own_drafts, own_judgements, readable_judgements
from marking.selectors.standing import in_hand
from marking.selectors.workspace import Typed, Workspace, workspace_for
from portfolios.rules import State
from portfolios.selectors.programme import arrangements_for


class WorkspacePage(CentreView):
    """What every answer with the whole marking page shares."""

    def filled(self, shown: Workspace) -> dict[str, Any]:
        """Return what the marking page needs besides the work itself: where in one's own queue it lies."""
        drafts = own_drafts(self.by)
        place = drafts.index(shown.judgement.pk)
        return {
            **_evidence(self.request, shown),
            "in_hand": in_hand(shown.judgement.submission, by=self.by, at=self.at, units=shown.units),
            "place": place + 1,
            "drafts": len(drafts),
            "arranged": arrangements_for(shown.judgement.submission),
            "before": drafts[place - 1] if place else None,
            "after": drafts[place + 1] if place + 1 < len(drafts) else None,
        }

    def page_again(self, judgement_id: UUID, typed: Typed, *, status: int) -> HttpResponse:
        """Show the marking page with what was typed and why it was not saved."""
        judgement = self.get_or_404(readable_judgements(self.by, at=self.at), judgement_id)
        if judgement.state != Judgement.State.DRAFT:
            return redirect("marking:workspace", slug=self.centre.slug, judgement_id=judgement_id)
        context = {**self.filled(workspace_for(judgement, typed=typed)), "has_errors": True, "refused": typed}
        return render(self.request, "marking/workspace.html", context, status=status)


class WorkspaceView(WorkspacePage):
    """One judgement: the judge's own draft to fill in, anything else that the person may see as paper."""

    permission = Permission.READ_JUDGEMENT

    def get(self, request: HttpRequest, judgement_id: UUID) -> HttpResponse:
        judgement = self.get_or_404(readable_judgements(self.by, at=self.at), judgement_id)
        shown = workspace_for(judgement)
        if request.htmx.target == "evidence":  # type: ignore[attr-defined]
            return render(request, "marking/evidence.html", _evidence(request, shown))
        if judgement.state != Judgement.State.DRAFT or judgement.judge_id != self.by.pk:
            return self._paper(shown)
        answer = render(request, "marking/workspace.html", self.filled(shown))
        if self.is_part:
            learner = judgement.submission.registration.learner
            trigger_client_event(answer, "focus-on", {"value": "#learner"}, after="settle")
            trigger_client_event(answer, "say", {"value": f"{learner.name}, {shown.unit_refs}"})
        return answer

    def _paper(self, shown: Workspace) -> HttpResponse:
        signature = Signature.objects.filter(judgement=shown.judgement).first()
        is_released = shown.judgement.submission.state == State.RELEASED.value
        context = {
            **_evidence(self.request, shown),
            "arranged": arrangements_for(shown.judgement.submission),
            "signature": signature,
            "is_released": is_released,
            "is_provisional": signature is not None and not is_released,
        }
        return render(self.request, "marking/paper.html", context)


class NextView(CentreView):
    """Goes on to the next piece of work in hand; after the last one, to the queue to choose from."""

    permission = Permission.MARK

    def post(self, request: HttpRequest, judgement_id: UUID) -> HttpResponse:
        current = self.get_or_404(own_judgements(self.by), judgement_id)
        drafts = own_drafts(self.by)
        place = drafts.index(current.pk) if current.pk in drafts else -1
        if not drafts[place + 1 :]:
            return self._to_queue()
        return redirect("marking:workspace", slug=self.centre.slug, judgement_id=drafts[place + 1])

    def _to_queue(self) -> HttpResponse:
        messages.info(self.request, "You have no further sheet in hand. Choose the next one from the queue.")
        return self.lead_to(reverse("marking:queue", kwargs={"slug": self.centre.slug}))


def _evidence(request: HttpRequest, shown: Workspace) -> dict[str, Any]:
    """Return the piece of evidence that the address asks for, or the first of the first part to do."""
    wanted = request.GET.get("evidence", "")
    items = [item for group in shown.groups for item in group.items]
    first = [piece for item in items if item.is_first_to_do for piece in item.pieces]
    piece = next((piece for piece in shown.pieces if str(piece.id) == wanted), None)
    claims = piece.claims if piece else ()
    opened = next((claim for claim in claims if claim.id == request.GET.get("claim")), None)
    return {"work": shown, "piece": piece or next(iter(first or shown.pieces), None), "opened": opened}
