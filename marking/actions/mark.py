"""Saving a line or a comment of an unsigned sheet, with the version that the page showed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from centres.models import Membership
from lib.refusals import Refusal, StaleVersion
from marking.actions.judge import record_writing
from marking.actions.take import NotYourJudgement
from marking.models import Judgement, JudgementLine, OutcomeComment
from marking.rules import Decision, SectionResult, check_mark


class AlreadySigned(Refusal):
    default_message = "This sheet is signed, so it no longer changes."


class HandedBack(Refusal):
    default_message = "This sheet was handed back, so it no longer changes. Nothing was saved or signed."


class CarriedOver(Refusal):
    default_message = "This was decided in an earlier attempt and is carried over."


class WrongKind(Refusal):
    default_message = "A section takes a mark; a criterion takes Pass or Referral."


class LineChanged(StaleVersion):
    """Another tab saved this line; ``line`` holds what is stored, to be shown beside what was typed."""

    def __init__(self, line: JudgementLine) -> None:
        self.line = line
        super().__init__()


class CommentChanged(StaleVersion):
    """Another tab saved this comment; ``comment`` holds what is stored."""

    def __init__(self, comment: OutcomeComment) -> None:
        self.comment = comment
        super().__init__()


@transaction.atomic
def save_line(
    *,
    line: JudgementLine,
    version: int,
    mark: int | None,
    decision: Decision | None,
    feedback: str,
    feedback_more: str,
    by: Membership,
    at: datetime,
) -> JudgementLine:
    """Save one section's mark or one criterion's decision with its feedback, unless another tab was faster.

    What is stored already is not written again, and keeps its version.

    Raises NotYourJudgement, AlreadySigned, HandedBack, CarriedOver, WrongKind, LineChanged, and InvalidMark.
    """
    judgement = own_draft(line.judgement_id, by)
    line = JudgementLine.locked(line.pk)
    if line.carried_from is not None:
        raise CarriedOver
    if line.version != version:
        raise LineChanged(line)
    _check_kind(line, mark, decision)
    before = (line.mark, line.decision, line.feedback, line.feedback_more)
    line.mark, line.decision = mark, decision.value if decision else ""
    line.feedback, line.feedback_more = feedback, feedback_more
    if before == (line.mark, line.decision, line.feedback, line.feedback_more):
        return line
    record_writing(judgement)
    line.version += 1
    line.saved_at = at
    line.save(update_fields=["mark", "decision", "feedback", "feedback_more", "version", "saved_at"])
    return line


def _check_kind(line: JudgementLine, mark: int | None, decision: Decision | None) -> None:
    if line.maximum is None:
        if mark is not None:
            raise WrongKind
        return
    if decision is not None:
        raise WrongKind
    check_mark(SectionResult(line.heading, line.maximum, line.minimum or 0, mark))


@transaction.atomic
def save_outcome_comment(
    *, judgement: Judgement, number: int, text: str, version: int, by: Membership, at: datetime
) -> OutcomeComment:
    """Save a comment on one learning outcome.

    Raises NotYourJudgement, AlreadySigned, HandedBack, CommentChanged.
    """
    judgement = own_draft(judgement.pk, by)
    comment: OutcomeComment = OutcomeComment.objects.select_for_update(of=("self",)).get(
        judgement=judgement, outcome_number=number
    )
    if comment.version != version:
        raise CommentChanged(comment)
    if comment.text == text:
        return comment
    record_writing(judgement)
    comment.text = text
    comment.version += 1
    comment.saved_at = at
    comment.save(update_fields=["text", "version", "saved_at"])
    return comment


def own_draft(judgement_id: UUID, by: Membership) -> Judgement:
    """Return the judge's own draft, locked. Raises NotYourJudgement, AlreadySigned, HandedBack."""
    judgement = Judgement.locked(judgement_id)
    if judgement.judge_id != by.pk:
        raise NotYourJudgement
    if judgement.state == Judgement.State.WITHDRAWN:
        raise HandedBack
    if judgement.state != Judgement.State.DRAFT:
        raise AlreadySigned
    return judgement
