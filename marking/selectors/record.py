"""The canonical record of a judgement: what a signature is bound to."""

from typing import Any

from lib.canonical import canonical_json, fingerprint
from marking.models import Judgement, JudgementLine, OutcomeComment
from marking.rules import RULE_VERSION


def outcome_comments(judgement: Judgement) -> list[OutcomeComment]:
    """Return a judge's comments by learning outcome, in order."""
    return list(OutcomeComment.objects.filter(judgement=judgement).order_by("outcome_number"))


def sheet_version(judgement: Judgement, rows: list[JudgementLine]) -> str:
    """Return a fingerprint of everything on a sheet, so that a signing page can tell whether it is stale."""
    return fingerprint(canonical_json({"lines": _lines(rows), "comments": _comments(judgement)}))


def judgement_record(judgement: Judgement, rows: list[JudgementLine]) -> dict[str, Any]:
    """Return what a judge signs: learner, assessment, all decisions and feedback, evidence fingerprints."""
    submission = judgement.submission
    registration = submission.registration
    assessment = judgement.assessment
    return {
        "format": "countersign.judgement/1",
        "rule_version": RULE_VERSION,
        "centre": str(judgement.centre_id),
        "learner": {"name": registration.learner.name, "registration_number": registration.number},
        "assessment": {"key": assessment.key, "version": assessment.version},
        "submission": {
            "id": str(submission.pk),
            "attempt": submission.attempt,
            "manifest_sha256": submission.manifest_sha256,
            "manifest": submission.manifest,
        },
        "stage": judgement.stage,
        "revision": judgement.revision,
        "judge": {"membership": str(judgement.judge_id), "name": judgement.judge.name},
        "basis": judgement.basis,
        "reason": judgement.reason,
        "outcome": judgement.outcome,
        "total": judgement.total,
        "lines": _lines(rows),
        "comments": _comments(judgement),
        "signed_at": judgement.signed_at,
    }


def _lines(rows: list[JudgementLine]) -> list[dict[str, Any]]:
    return [
        {
            "part": row.part_ref,
            "heading": row.heading,
            "maximum": row.maximum,
            "minimum": row.minimum,
            "mark": row.mark,
            "decision": row.decision,
            "feedback": row.feedback,
            "feedback_more": row.feedback_more,
            "carried_from": row.carried_from,
            "adopted": row.is_adopted,
        }
        for row in rows
    ]


def _comments(judgement: Judgement) -> list[dict[str, Any]]:
    return [{"outcome": c.outcome_number, "text": c.text} for c in outcome_comments(judgement)]
