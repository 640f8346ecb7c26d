"""What keeps an attempt from being submitted: the same answer on every page and in the action."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from assessments.selectors import parts_by_criterion_of
from portfolios.models import Claim, Evidence, Offer, Submission
from portfolios.rules import Counter, Lack, Missing, Readiness, what_is_missing
from portfolios.selectors.claims import with_claims
from portfolios.selectors.discussions import with_discussions
from portfolios.selectors.elsewhere import what_stands_against
from portfolios.selectors.practice import counters_for, units_with_practice


@dataclass(slots=True)
class Held:
    """The parts of an attempt for which something is offered, and those with a file that is not clean."""

    offered: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


def offered_lines(submission: Submission) -> list[dict[str, Any]]:
    """List the evidence that an attempt holds, a line for each clean piece under each part.

    A line with claims on it has them under ``claims``, and that of a discussion's recording or notes has what
    was agreed for it under ``discussion``; other lines have no such keys.
    """
    offers = Offer.objects.filter(submission=submission, evidence__state=Evidence.State.CLEAN).select_related(
        "evidence"
    )
    lines = [
        {
            "part": offer.part_ref,
            "evidence": str(offer.evidence_id),
            "label": offer.evidence.label,
            "kind": offer.evidence.kind,
            "size": offer.evidence.size,
            "sha256": offer.evidence.sha256,
        }
        for offer in offers.order_by("part_ref", "offered_at", "id")
    ]
    return with_discussions(with_claims(submission, lines))


def counters_of_attempt(submission: Submission) -> list[Counter]:
    """Return the counters of the units that an attempt decides, unit by unit."""
    units = units_with_practice(submission.assessment_id)
    found = counters_for(units, [submission.registration_id])
    return [counter for unit in units for counter in found[submission.registration_id, unit.ref]]


def missing_from(
    submission: Submission,
    manifest: Sequence[dict[str, Any]],
    *,
    has_declared: bool,
    today: date,
    counters: Sequence[Counter] | None = None,
) -> list[Missing]:
    """Return what is missing from an attempt that holds what the manifest lists.

    ``counters`` may be given by whoever counted already.
    """
    held = _unclean([submission])[submission.pk]
    held.offered = {
        line["part"] for line in manifest if line["kind"] == Evidence.Kind.FILE or line["size"] > 0
    }
    return missing_with(
        submission,
        held,
        counters_of_attempt(submission) if counters is None else counters,
        has_declared=has_declared,
        today=today,
        against=what_stands_against(submission),
    )


def missing_with(
    submission: Submission,
    held: Held,
    counters: Sequence[Counter],
    *,
    has_declared: bool,
    today: date,
    against: Lack | None,
) -> list[Missing]:
    """Return what is missing from an attempt of which everything is known already, without a query."""
    return what_is_missing(
        Readiness(
            open_parts=submission.open_parts,
            offered_parts=frozenset(held.offered),
            has_declaration=has_declared,
            today=today,
            registration_ends_on=submission.registration.expires_on,
            waiting_parts=frozenset(held.waiting),
            refused_parts=frozenset(held.refused),
            counters=counters,
            against=against,
        )
    )


def held_by(drafts: Sequence[Submission]) -> dict[UUID, Held]:
    """Return what each of several drafts holds, in at most five queries."""
    held = _unclean(drafts)
    offers = Offer.objects.filter(submission__in=[row.pk for row in drafts])
    clean = offers.filter(evidence__state=Evidence.State.CLEAN).select_related("evidence")
    pieces: dict[UUID, list[UUID]] = defaultdict(list)
    for offer in clean:
        if offer.evidence.kind == Evidence.Kind.FILE or offer.evidence.size > 0:
            held[offer.submission_id].offered.add(offer.part_ref)
            pieces[offer.evidence_id].append(offer.submission_id)
    claims = list(Claim.objects.filter(evidence__in=pieces, removed_at__isnull=True))
    parts = parts_by_criterion_of([row.assessment_id for row in drafts]) if claims else {}
    by_id = {row.pk: row for row in drafts}
    for claim in claims:
        for submission_id in pieces[claim.evidence_id]:
            draft = by_id[submission_id]
            part = parts[draft.assessment_id].get((claim.unit_ref, claim.criterion_ref), "")
            held[submission_id].offered.add(part)
    return held


def _unclean(drafts: Sequence[Submission]) -> dict[UUID, Held]:
    """Return for each draft the parts with a file that still waits for its check, or was refused."""
    held = {row.pk: Held() for row in drafts}
    offers = Offer.objects.filter(submission__in=held).exclude(evidence__state=Evidence.State.CLEAN)
    for submission_id, state, part in offers.values_list("submission", "evidence__state", "part_ref"):
        found = held[submission_id]
        (found.waiting if state == Evidence.State.QUARANTINED else found.refused).add(part)
    return held
