"""The canonical record of a judgement: what a signature is bound to."""

from typing import Any

from assessments.selectors import unit_refs
from lib.canonical import canonical_json, fingerprint
from marking.models import Judgement, JudgementLine, OutcomeComment
from marking.rules import RULE_VERSION
from marking.selectors.deviations import approved_deviations
from marking.selectors.origins import Origin, origins_of
from portfolios.models import Submission


def outcome_comments(judgement: Judgement) -> list[OutcomeComment]:
    """Return a judge's comments by learning outcome, in order."""
    return list(OutcomeComment.objects.filter(judgement=judgement).order_by("outcome_number"))


def sheet_version(judgement: Judgement, rows: list[JudgementLine], *, looked_at: str = "") -> str:
    """Return a fingerprint of everything on a sheet, so that a signing page can tell whether it is stale."""
    shown = {"lines": _lines(rows), "comments": _comments(judgement), "looked_at": looked_at}
    return fingerprint(canonical_json(shown))


def judgement_record(
    judgement: Judgement, rows: list[JudgementLine], *, looked_at: str | None = None
) -> dict[str, Any]:
    """Return what a judge signs: learner, units, all decisions and feedback, evidence fingerprints.

    Parts carried over name who decided them and when. ``looked_at`` is an IQA's note of what they saw.
    """
    origins = origins_of(rows)
    submission, assessment = judgement.submission, judgement.assessment
    registration = submission.registration
    return {
        "format": "countersign.judgement/1",
        "rule_version": RULE_VERSION,
        "centre": str(judgement.centre_id),
        "learner": {"name": registration.learner.name, "registration_number": registration.number},
        "assessment": {
            "key": assessment.key,
            "version": assessment.version,
            "units": unit_refs(assessment.pk),
        },
        "submission": {
            "id": str(submission.pk),
            "attempt": submission.attempt,
            "manifest_sha256": submission.manifest_sha256,
            "manifest": submission.manifest,
            "earlier": _earlier_manifests(submission),
        },
        "deviations": approved_deviations(submission),
        "stage": judgement.stage,
        "revision": judgement.revision,
        "judge": {"membership": str(judgement.judge_id), "name": judgement.judge.name},
        "basis": judgement.basis,
        "reason": judgement.reason,
        "outcome": judgement.outcome,
        "total": judgement.total,
        "looked_at": looked_at,
        "lines": [{**line, "origin": _origin(origins.get(line["part"]))} for line in _lines(rows)],
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


def _origin(origin: Origin | None) -> dict[str, Any] | None:
    if origin is None:
        return None
    return {"judgement": str(origin.line.judgement_id), "name": origin.name, "words": origin.words}


def _earlier_manifests(submission: Submission) -> list[dict[str, Any]]:
    """Return the fingerprints of what earlier attempts submitted, since parts carried over rest on it."""
    earlier = Submission.objects.filter(
        registration=submission.registration_id,
        assessment=submission.assessment_id,
        attempt__lt=submission.attempt,
    )
    return list(earlier.order_by("attempt").values("attempt", "manifest_sha256"))


def _comments(judgement: Judgement) -> list[dict[str, Any]]:
    return [{"outcome": c.outcome_number, "text": c.text} for c in outcome_comments(judgement)]
