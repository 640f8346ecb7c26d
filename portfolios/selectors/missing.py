"""What keeps an attempt from being submitted: the same answer on every page and in the action."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portfolios.models import Evidence, Offer, Submission
from portfolios.rules import Counter, Missing, Readiness, what_is_missing
from portfolios.selectors.claims import with_claims
from portfolios.selectors.discussions import with_discussions
from portfolios.selectors.elsewhere import what_stands_against
from portfolios.selectors.practice import counters_for, units_with_practice


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
    unclean = Offer.objects.filter(submission=submission).exclude(evidence__state=Evidence.State.CLEAN)
    states = set(unclean.values_list("evidence__state", "part_ref"))
    offered = (line["part"] for line in manifest if line["kind"] == Evidence.Kind.FILE or line["size"] > 0)
    return what_is_missing(
        Readiness(
            open_parts=submission.open_parts,
            offered_parts=frozenset(offered),
            has_declaration=has_declared,
            today=today,
            registration_ends_on=submission.registration.expires_on,
            waiting_parts=frozenset(ref for state, ref in states if state == Evidence.State.QUARANTINED),
            refused_parts=frozenset(ref for state, ref in states if state == Evidence.State.REFUSED),
            counters=counters_of_attempt(submission) if counters is None else counters,
            against=what_stands_against(submission),
        )
    )
