"""Signing a judgement: who, as whom, what it means, and the fingerprint of the record."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from centres.actions import record_event
from centres.models import Membership
from centres.permissions import Role
from lib.canonical import canonical_json, fingerprint
from lib.refusals import Refusal
from marking.actions.judge import NotForYou
from marking.actions.mark import own_draft
from marking.actions.take import end_allocation
from marking.models import Judgement, JudgementLine, Signature
from marking.rules import RULE_VERSION, Block, is_confirmed, what_blocks_signing
from marking.selectors.lines import judgement_lines, lines_to_sign, verdict_for
from marking.selectors.record import judgement_record, sheet_version
from marking.selectors.standing import in_hand
from portfolios.actions import move_submission
from portfolios.models import Submission
from portfolios.rules import State

MEANING = {
    Judgement.Stage.ASSESSOR: (
        "I have assessed this work against its criteria. The marks and feedback are my own judgement."
    ),
    Judgement.Stage.IQA: (
        "I have reviewed this assessment. What is recorded here is what I looked at and what I decided."
    ),
}
MEANING_OF_A_LATER_ATTEMPT = (
    "I have assessed the parts of this work that are not carried over from an earlier attempt. "
    "The marks and feedback on them are my own judgement."
)
# Who holds several signs as the first that they hold.
SIGNING_ROLES = {
    Judgement.Stage.ASSESSOR: (Role.ASSESSOR,),
    Judgement.Stage.IQA: (Role.IQA, Role.LEAD_IQA),
}


def meaning_of(stage: Judgement.Stage, rows: Iterable[JudgementLine]) -> str:
    """Return what a signature at a stage means, on a sheet with these lines."""
    if stage == Judgement.Stage.ASSESSOR and any(row.carried_from is not None for row in rows):
        return MEANING_OF_A_LATER_ATTEMPT
    return MEANING[stage]


def signing_role(stage: Judgement.Stage, by: Membership) -> str:
    """Return the role in which a person signs at a stage, as it is printed."""
    roles = SIGNING_ROLES[stage]
    return next((role for role in roles if role in by.role_set), roles[0]).label


class NotReadyToSign(Refusal):
    """Something blocks the signature; ``blocks`` says what and where."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        super().__init__("You cannot sign yet.")


class ConfirmAgain(Refusal):
    default_message = "You confirmed it was you more than 5 minutes ago. Confirm again to sign."


class SheetChanged(Refusal):
    default_message = (
        "This sheet changed after you opened the signing page. Look at the change before you sign."
    )


@transaction.atomic
def sign_assessment(
    *, judgement: Judgement, seen: str, confirmed_at: datetime, by: Membership, at: datetime
) -> Signature:
    """Sign an assessor's sheet, so that its outcome stands (provisionally) and goes to quality assurance.

    ``seen`` is the version of the sheet that the signing page showed. Raises NotYourJudgement, AlreadySigned,
    HandedBack, NotForYou, SheetChanged, NotReadyToSign, ConfirmAgain.
    """
    submission = Submission.locked(judgement.submission_id)
    judgement = own_draft_to_sign(judgement, by)
    reason = in_hand(submission, by=by, at=at).reason
    if reason:
        raise NotForYou(reason)
    rows = judgement_lines(judgement)
    if sheet_version(judgement, rows) != seen:
        raise SheetChanged
    blocks = what_blocks_signing(lines_to_sign(judgement, rows))
    if blocks:
        raise NotReadyToSign(blocks)
    signature = seal_judgement(judgement=judgement, rows=rows, confirmed_at=confirmed_at, by=by, at=at)
    move_submission(submission=submission, to=State.ASSESSED, at=at)
    end_allocation(submission=submission, by=by, at=at)
    return signature


def own_draft_to_sign(judgement: Judgement, by: Membership) -> Judgement:
    """Return the signer's own judgement, locked, while it may be signed. Raises as own_draft does."""
    return own_draft(judgement.pk, by)


def seal_judgement(
    *,
    judgement: Judgement,
    rows: list[JudgementLine],
    confirmed_at: datetime,
    by: Membership,
    at: datetime,
    outcome: str = "",
    total: int | None = None,
    looked_at: str | None = None,
) -> Signature:
    """Write the outcome and the signature of a locked judgement; without an outcome its own lines decide.

    ``looked_at`` is an IQA's note of what they saw, which they sign too. Raises ConfirmAgain.
    """
    if not is_confirmed(confirmed_at=confirmed_at, at=at):
        raise ConfirmAgain
    if not outcome:
        verdict = verdict_for(judgement, rows)
        outcome, total = verdict.outcome.value, verdict.total
    judgement.outcome, judgement.total = outcome, total
    judgement.signed_at, judgement.signed_by = at, by
    record = canonical_json(judgement_record(judgement, rows, looked_at=looked_at))
    judgement.state = Judgement.State.SIGNED
    judgement.save(update_fields=["state", "basis", "reason", "outcome", "total", "signed_at", "signed_by"])
    signature = _write_signature(judgement, rows, record, by=by, at=at)
    record_event(
        "marking.judgement.signed",
        target=judgement,
        by=by,
        at=at,
        stage=judgement.stage,
        outcome=outcome,
        sha256=signature.record_sha256,
    )
    return signature


def _write_signature(
    judgement: Judgement, rows: list[JudgementLine], record: bytes, *, by: Membership, at: datetime
) -> Signature:
    stage = Judgement.Stage(judgement.stage)
    signature: Signature = Signature.objects.create(
        judgement=judgement,
        user_id=by.user_id,
        printed_name=by.name,
        role=signing_role(stage, by),
        meaning=meaning_of(stage, rows),
        method="PASSWORD",
        signed_at=at,
        signed_by=by,
        rule_version=RULE_VERSION,
        record=record.decode(),
        record_sha256=fingerprint(record),
    )
    return signature
