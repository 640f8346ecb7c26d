"""Which judgements a person may see, and their own work in its order."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from centres.models import Grant, Membership
from marking.models import Allocation, Judgement, JudgementLine, OutcomeComment
from portfolios.models import Submission

ASSESSOR = Judgement.Stage.ASSESSOR


def readable_judgements(by: Membership, *, at: datetime) -> Any:
    """Return the assessors' judgements that are a person's own, or of attempts that a grant lets them see."""
    granted = Grant.objects.current_at(at).filter(membership=by, object_id=OuterRef("submission_id"))
    return (
        Judgement.objects.filter(stage=ASSESSOR)
        .exclude(state=Judgement.State.WITHDRAWN)
        .filter(Q(judge=by) | Exists(granted))
        .select_related("judge", "assessment", "submission__assessment", "submission__registration__learner")
    )


def own_judgements(by: Membership) -> Any:
    """Return what a person assesses or assessed, but for what they handed back."""
    return (
        Judgement.objects.filter(stage=ASSESSOR, judge=by)
        .exclude(state=Judgement.State.WITHDRAWN)
        .select_related("assessment", "submission__registration__learner")
    )


def own_lines(by: Membership) -> Any:
    """Return the lines of a person's own sheets."""
    return JudgementLine.objects.filter(judgement__stage=ASSESSOR, judgement__judge=by).select_related(
        "judgement__assessment", "judgement__submission"
    )


def own_comments(by: Membership) -> Any:
    """Return the comments on outcomes of a person's own sheets."""
    return OutcomeComment.objects.filter(judgement__stage=ASSESSOR, judgement__judge=by).select_related(
        "judgement__assessment"
    )


def own_drafts(by: Membership) -> list[UUID]:
    """Return the judgements that a person has in hand, in the order they took them."""
    drafts = Judgement.objects.filter(stage=ASSESSOR, judge=by, state=Judgement.State.DRAFT)
    return list(drafts.order_by("started_at", "id").values_list("id", flat=True))


def last_handed_back(submission: Submission) -> Allocation | None:
    """Return who last put an attempt back in the queue, with the reason."""
    ended = Allocation.objects.filter(submission=submission).exclude(reason="").select_related("assessor")
    handed_back: Allocation | None = ended.order_by("-ended_at").first()
    return handed_back
