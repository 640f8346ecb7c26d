"""What keeps an attempt from being submitted: the same answer on every page and in the action."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portfolios.models import Evidence, Offer, Submission
from portfolios.rules import Missing, Readiness, what_is_missing


def missing_from(
    submission: Submission, manifest: Sequence[dict[str, Any]], *, has_declared: bool, today: date
) -> list[Missing]:
    """Return what is missing from an attempt that holds what the manifest lists."""
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
        )
    )
