"""Opening and withdrawing a judgement, at whichever stage."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from assessments.rules import Part
from assessments.selectors import parts_of, unit_refs
from centres.actions import record_event
from centres.models import Membership
from lib.refusals import Refusal
from marking.models import Judgement, JudgementLine, OutcomeComment
from marking.rules import Stage, why_not_judge
from marking.selectors.lines import assessors_lines, final_lines
from marking.selectors.standing import standing_to
from portfolios.models import Submission


class NotForYou(Refusal):
    """A judge whom the rules keep from this work; the message says why."""


class AlreadyJudging(Refusal):
    default_message = "Someone else has this work already."


def open_judgement(
    *, submission: Submission, stage: Judgement.Stage, by: Membership, at: datetime
) -> Judgement:
    """Open a judge's sheet on a locked submission, a line for each part, what is carried over filled in.

    Raises NotForYou, AlreadyJudging.
    """
    units = unit_refs(submission.assessment_id)
    standing = standing_to(submission, by=by, units=units, today=localdate(at))
    reason = why_not_judge(standing, Stage(stage))
    if reason:
        raise NotForYou(reason)
    try:
        with transaction.atomic():
            judgement: Judgement = Judgement.objects.create(
                submission=submission,
                registration_id=submission.registration_id,
                assessment_id=submission.assessment_id,
                stage=stage,
                judge=by,
                started_at=at,
            )
    except IntegrityError as error:
        raise AlreadyJudging from error
    _draw_lines(judgement, submission)
    return judgement


def _draw_lines(judgement: Judgement, submission: Submission) -> None:
    parts = parts_of(submission.assessment)
    before = _Before.of(submission.previous) if submission.previous else None
    lines = []
    for position, part in enumerate(parts, start=1):
        line = _blank_line(judgement, part, position)
        if before is not None and part.ref not in submission.open_parts:
            before.carry(line)
        lines.append(line)
    JudgementLine.objects.bulk_create(lines)
    numbers = sorted({part.outcome for part in parts if part.outcome is not None})
    OutcomeComment.objects.bulk_create(
        OutcomeComment(judgement=judgement, outcome_number=number) for number in numbers
    )


def _blank_line(judgement: Judgement, part: Part, position: int) -> JudgementLine:
    return JudgementLine(
        judgement=judgement,
        part_ref=part.ref,
        position=position,
        heading=part.heading,
        maximum=part.maximum,
        minimum=part.minimum,
    )


@dataclass(frozen=True, slots=True)
class _Before:
    """What the attempt before decided: the lines that stand for it, and its assessor's own.

    ``by_iqas`` are the lines, of whichever attempt, that an IQA decided.
    """

    attempt: int
    final: dict[str, JudgementLine]
    assessors: dict[str, JudgementLine]
    by_iqas: frozenset[UUID]

    @classmethod
    def of(cls, submission: Submission) -> "_Before":
        return cls(
            attempt=submission.attempt,
            final={line.part_ref: line for line in final_lines(submission)},
            assessors={line.part_ref: line for line in assessors_lines(submission)},
            by_iqas=_iqas_lines(submission),
        )

    def carry(self, line: JudgementLine) -> None:
        """Let what was decided of a part stand on a new sheet, with whoever decided it."""
        final, theirs = self.final[line.part_ref], self.assessors[line.part_ref]
        # What an IQA adopted was decided by the assessor, and what was carried before, by whoever did then.
        decided = theirs if final.is_adopted else final
        line.carried_from = decided.carried_from or self.attempt
        line.carried_line_id = decided.carried_line_id or decided.pk
        is_iqas = line.judgement.stage == Judgement.Stage.IQA
        # An IQA's column stays blank where no IQA decided.
        if not is_iqas or line.carried_line_id in self.by_iqas:
            line.mark, line.decision = final.mark, final.decision
        if not is_iqas:
            line.feedback, line.feedback_more = theirs.feedback, theirs.feedback_more


def _iqas_lines(submission: Submission) -> frozenset[UUID]:
    """Return the lines that IQAs decided themselves, over all attempts at the same work."""
    rows = JudgementLine.objects.filter(
        judgement__registration=submission.registration_id,
        judgement__assessment=submission.assessment_id,
        judgement__stage=Judgement.Stage.IQA,
        judgement__state=Judgement.State.SIGNED,
        carried_line__isnull=True,
        is_adopted=False,
    )
    return frozenset(rows.values_list("pk", flat=True))


def record_writing(judgement: Judgement) -> None:
    """Remember that the judge of a locked judgement wrote on it, even if it is cleared again."""
    if not judgement.is_written_on:
        judgement.is_written_on = True
        judgement.save(update_fields=["is_written_on"])


@transaction.atomic
def withdraw_judgement(*, judgement: Judgement, by: Membership, at: datetime) -> None:
    """Set aside an unsigned judgement, so that somebody else may judge the work."""
    judgement.state = Judgement.State.WITHDRAWN
    judgement.save(update_fields=["state"])
    record_event("marking.judgement.withdrawn", target=judgement, by=by, at=at, stage=judgement.stage)
