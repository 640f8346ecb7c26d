"""The record of a result sheet: everything that its page prints, and nothing that changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.selectors import feedback_labels
from assessments.selectors.sheet import sheet_parts
from assessments.selectors.sheets import units_decided_by
from lib.visible import has_visible
from marking.models import Judgement, JudgementLine, OutcomeComment, Signature
from marking.rules import RULE_VERSION, Line, referred_refs
from marking.selectors.counters import time_counters
from marking.selectors.deviations import approved_deviations
from marking.selectors.lines import as_lines, final_lines, judgement_lines
from marking.selectors.origins import Origin, origins_of, words_beside
from marking.selectors.record import outcome_comments
from portfolios.models import Submission
from portfolios.selectors.frozen import RECORDS


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What a release says: the final outcome, whether it was reviewed, by whom and when.

    ``basis`` is REVIEWED or NOT_SAMPLED; ``statement`` is printed in the quality half when unsampled.
    """

    outcome: str
    total: int | None
    basis: str
    statement: str
    looked_at: str
    released_by: str
    released_at: datetime


def sheet_record(
    submission: Submission, release: ReleaseFacts, *, code: str, revision: int
) -> dict[str, Any]:
    """Return the record of a released attempt's sheet, in the terms of the awarding body's form."""
    signed = {
        judgement.stage: judgement
        for judgement in Judgement.objects.filter(submission=submission, state=Judgement.State.SIGNED)
        .select_related("assessment")
        .order_by("revision")
    }
    assessor = signed[Judgement.Stage.ASSESSOR]
    iqa = signed.get(Judgement.Stage.IQA)
    by_assessor = {row.part_ref: row for row in judgement_lines(assessor)}
    by_iqa = {row.part_ref: row for row in judgement_lines(iqa)} if iqa else {}
    final = as_lines(final_lines(submission))
    return {
        "format": "countersign.result-sheet/1",
        "code": code,
        "revision": revision,
        "rule_version": RULE_VERSION,
        **_heads(submission),
        "parts": _parts(submission, by_assessor, by_iqa),
        "outcome_comments": _comments(assessor, iqa),
        "time_counters": time_counters(submission),
        "deviations": approved_deviations(submission),
        "assessor": _judge(assessor, by_assessor.values()),
        "qa": _judge(iqa, by_iqa.values()) if iqa else None,
        "final": {
            "outcome": release.outcome,
            "total": release.total,
            "referred": referred_refs(final, overall_minimum=submission.assessment.total_min),
        },
        "release": {
            "basis": release.basis,
            "statement": release.statement,
            "looked_at": release.looked_at,
            "released_by": release.released_by,
            "released_at": release.released_at,
        },
    }


def _heads(submission: Submission) -> dict[str, Any]:
    registration = submission.registration
    assessment = submission.assessment
    qualification = registration.qualification
    centre = submission.centre
    units = units_decided_by(assessment)
    return {
        "centre": {"name": centre.name, "number": centre.number},
        "learner": {"name": registration.learner.name, "registration_number": registration.number},
        "qualification": {
            "key": qualification.key,
            "version": qualification.version,
            "title": qualification.title,
        },
        "assessment": {
            "key": assessment.key,
            "version": assessment.version,
            "title": assessment.title,
            "rule": assessment.rule,
            "total_max": assessment.total_max,
            "total_min": assessment.total_min,
            "units": [{"ref": unit.ref, "title": unit.title} for unit in units],
        },
        "feedback_labels": feedback_labels(qualification.pk, assessment.pk),
        "attempt": submission.attempt,
        "open_parts": list(submission.open_parts),
        "declaration": {
            "text": submission.declaration,
            "made_at": submission.submitted_at,
            "manifest_sha256": submission.manifest_sha256,
            **_declared(submission.manifest),
        },
        "has_refused_standardisation": submission.has_refused_standardisation,
    }


def _declared(manifest: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many pieces of evidence, and the records of how many units, a declaration speaks of."""
    pieces = {line["evidence"] for line in manifest if "evidence" in line}
    return {"pieces": len(pieces), "records": sum(line["kind"] == RECORDS for line in manifest)}


def _parts(
    submission: Submission, by_assessor: dict[str, JudgementLine], by_iqa: dict[str, JudgementLine]
) -> list[dict[str, Any]]:
    origins = origins_of(by_assessor.values())
    return [
        {
            **part,
            "origin": _origin(origins.get(part["ref"])),
            "assessor": _line(by_assessor[part["ref"]]),
            "qa": _iqas_line(by_iqa[part["ref"]], origins.get(part["ref"])) if by_iqa else None,
        }
        for part in sheet_parts(submission.assessment)
    ]


def _origin(origin: Origin | None) -> dict[str, Any] | None:
    """Return who decided a part that is carried over, with an IQA's own words apart from the assessor's."""
    if origin is None:
        return None
    return {
        "attempt": origin.attempt,
        "name": origin.name,
        "words": origin.words,
        "iqa_feedback": origin.iqas_words,
    }


def _line(row: JudgementLine) -> dict[str, Any]:
    return {
        "mark": row.mark,
        "decision": row.decision,
        "feedback": row.feedback,
        "feedback_more": row.feedback_more,
        "carried_from": row.carried_from,
        "adopted": row.is_adopted,
    }


def _iqas_line(row: JudgementLine, origin: Origin | None) -> dict[str, Any]:
    return {**_line(row), "words": words_beside(row, origin)}


def _comments(assessor: Judgement, iqa: Judgement | None) -> list[dict[str, Any]]:
    qa = {comment.outcome_number: comment.text for comment in outcome_comments(iqa)} if iqa else {}
    earlier = _earlier_comments(assessor.submission)
    return [
        {
            "outcome": comment.outcome_number,
            "assessor": comment.text,
            "earlier": None if has_visible(comment.text) else earlier.get(comment.outcome_number),
            "qa": qa.get(comment.outcome_number, ""),
        }
        for comment in outcome_comments(assessor)
    ]


def _earlier_comments(submission: Submission) -> dict[int, dict[str, Any]]:
    """Return the last comment of an earlier attempt's assessor on each outcome, with attempt and name."""
    said = OutcomeComment.objects.filter(
        judgement__registration=submission.registration_id,
        judgement__assessment=submission.assessment_id,
        judgement__stage=Judgement.Stage.ASSESSOR,
        judgement__state=Judgement.State.SIGNED,
        judgement__submission__attempt__lt=submission.attempt,
    ).exclude(text="")
    names = dict(
        Signature.objects.filter(judgement__in=said.values("judgement")).values_list(
            "judgement_id", "printed_name"
        )
    )
    return {
        row.outcome_number: {
            "attempt": row.judgement.submission.attempt,
            "name": names[row.judgement_id],
            "text": row.text,
        }
        for row in said.select_related("judgement__submission").order_by("judgement__submission__attempt")
        if has_visible(row.text)
    }


def _judge(judgement: Judgement, rows: Iterable[JudgementLine]) -> dict[str, Any]:
    signature = Signature.objects.get(judgement=judgement)
    return {
        "outcome": judgement.outcome,
        "total": judgement.total,
        "basis": judgement.basis,
        "reason": judgement.reason,
        "referred": _referred(as_lines(rows), overall_minimum=judgement.assessment.total_min),
        "name": signature.printed_name,
        "role": signature.role,
        "meaning": signature.meaning,
        "signed_at": signature.signed_at,
        "method": signature.method,
        "record_sha256": signature.record_sha256,
    }


def _referred(lines: Sequence[Line], *, overall_minimum: int | None) -> list[str]:
    """Return the refs that a judge refers; of an IQA who left lines blank, those of their own."""
    if all(line.is_decided for line in lines):
        return referred_refs(lines, overall_minimum=overall_minimum)
    return [line.ref for line in lines if line.is_below]
