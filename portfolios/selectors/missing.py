"""What keeps an attempt from being submitted: the same answer on every page and in the action."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from assessments.selectors import parts_by_criterion_of
from portfolios.models import Claim, Evidence, Offer, Submission
from portfolios.rules import Astray, Counter, Lack, Missing, Readiness, what_is_missing
from portfolios.rules.locators import find_quote
from portfolios.selectors.claims import with_claims
from portfolios.selectors.discussions import with_discussions
from portfolios.selectors.elsewhere import what_stands_against
from portfolios.selectors.practice import counters_for, units_with_practice


@dataclass(slots=True)
class Held:
    """The parts of an attempt with something offered, those with a file that is not clean, lost claims."""

    offered: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    astray: list[Astray] = field(default_factory=list)


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
    held.astray = _astray(manifest)
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
            astray=held.astray,
        )
    )


def held_by(drafts: Sequence[Submission]) -> dict[UUID, Held]:
    """Return what each of several drafts holds, in at most five queries."""
    held = _unclean(drafts)
    offers = Offer.objects.filter(submission__in=[row.pk for row in drafts])
    pieces: dict[UUID, dict[UUID, Evidence]] = defaultdict(dict)
    for offer in offers.filter(evidence__state=Evidence.State.CLEAN).select_related("evidence"):
        pieces[offer.evidence_id][offer.submission_id] = offer.evidence
        if offer.evidence.kind == Evidence.Kind.FILE or offer.evidence.size > 0:
            held[offer.submission_id].offered.add(offer.part_ref)
    claims = list(Claim.objects.filter(evidence__in=pieces, removed_at__isnull=True))
    parts = parts_by_criterion_of([row.assessment_id for row in drafts]) if claims else {}
    by_id = {row.pk: row for row in drafts}
    for claim in claims:
        for submission_id, piece in pieces[claim.evidence_id].items():
            draft, found = by_id[submission_id], held[submission_id]
            part = parts[draft.assessment_id].get((claim.unit_ref, claim.criterion_ref), "")
            if piece.kind == Evidence.Kind.FILE or piece.size > 0:
                found.offered.add(part)
            if part in draft.open_parts and _is_lost(piece.kind, piece.text, claim.quote):
                found.astray.append(Astray(part, str(piece.pk), claim.quote))
    return held


def _astray(manifest: Sequence[dict[str, Any]]) -> list[Astray]:
    """Return the claims that a manifest has on words that are no longer in their text."""
    claimed = [line for line in manifest if line["kind"] == Evidence.Kind.TEXT and "claims" in line]
    rows = Evidence.objects.filter(pk__in={line["evidence"] for line in claimed})
    texts = dict(rows.values_list("pk", "text")) if claimed else {}
    return [
        Astray(line["part"], line["evidence"], said["locator"]["quote"])
        for line in claimed
        for said in line["claims"]
        if _is_lost(line["kind"], texts[UUID(line["evidence"])], said["locator"]["quote"])
    ]


def _is_lost(kind: str, text: str, quote: str) -> bool:
    """Say whether words are gone from a text; a file never changes, so that what it held it holds."""
    return kind == Evidence.Kind.TEXT and find_quote(text, quote) is None


def _unclean(drafts: Sequence[Submission]) -> dict[UUID, Held]:
    """Return for each draft the parts with a file that still waits for its check, or was refused."""
    held = {row.pk: Held() for row in drafts}
    offers = Offer.objects.filter(submission__in=held).exclude(evidence__state=Evidence.State.CLEAN)
    for submission_id, state, part in offers.values_list("submission", "evidence__state", "part_ref"):
        found = held[submission_id]
        (found.waiting if state == Evidence.State.QUARANTINED else found.refused).add(part)
    return held
