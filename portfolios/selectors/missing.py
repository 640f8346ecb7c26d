"""What keeps an attempt from being submitted: the same answer on every page and in the action."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portfolios.models import Evidence, Offer, Submission
from portfolios.rules import Counter, Missing, Readiness, what_is_missing
from portfolios.selectors.practice import counters_for, units_with_practice


def offered_lines(submission: Submission) -> list[dict[str, Any]]:
    """List the evidence that an attempt holds, a line for each piece under each part."""
    offers = Offer.objects.filter(submission=submission).select_related("evidence")
    return [
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
    offered = (line["part"] for line in manifest if line["kind"] == Evidence.Kind.FILE or line["size"] > 0)
    return what_is_missing(
        Readiness(
            open_parts=submission.open_parts,
            offered_parts=frozenset(offered),
            has_declaration=has_declared,
            today=today,
            registration_ends_on=submission.registration.expires_on,
            counters=counters_of_attempt(submission) if counters is None else counters,
        )
    )
