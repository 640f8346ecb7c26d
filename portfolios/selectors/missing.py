"""What keeps an attempt from being submitted: the same answer on every page and in the action."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from assessments.selectors import parts_by_criterion, parts_by_criterion_of
from lib.visible import has_visible
from portfolios.models import Claim, Evidence, Offer, Submission
from portfolios.rules import Astray, Counter, Lack, Missing, Readiness, what_is_missing
from portfolios.rules.locators import find_quote
from portfolios.selectors.claims import with_claims
from portfolios.selectors.discussions import with_discussions
from portfolios.selectors.elsewhere import what_stands_against
from portfolios.selectors.frozen import Frozen, counters_in, records_now
from portfolios.selectors.practice import Progress
from portfolios.selectors.recorded import Recorded, parts_recorded, recorded_by_part, recorded_in


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


def missing_from(
    submission: Submission,
    manifest: Sequence[dict[str, Any]],
    *,
    has_declared: bool,
    today: date,
    frozen: Sequence[Frozen] | None = None,
) -> list[Missing]:
    """Return what is missing from an attempt that holds what the manifest lists.

    ``frozen`` are its records, which may be given by whoever read them already.
    """
    frozen = records_now(submission) if frozen is None else frozen
    held, texts = _unclean([submission])[submission.pk], _texts_of(manifest)
    held.offered = {
        line["part"]
        for line in manifest
        if line["kind"] == Evidence.Kind.FILE or has_visible(texts.get(line.get("evidence", ""), ""))
    }
    held.astray = _astray(manifest, texts)
    held.offered |= set(recorded_for(submission, frozen))
    return missing_with(
        submission,
        held,
        counters_in(frozen),
        has_declared=has_declared,
        today=today,
        against=what_stands_against(submission),
    )


def recorded_for(submission: Submission, frozen: Sequence[Frozen]) -> dict[str, list[Recorded]]:
    """Return by part of an attempt what its records say on forms for the part's criteria."""
    recorded = {records.unit_ref: records.recorded for records in frozen}
    return recorded_by_part(parts_by_criterion(submission.assessment), recorded) if recorded else {}


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


def held_by(drafts: Sequence[Submission], progress: Mapping[tuple[UUID, str], Progress]) -> dict[UUID, Held]:
    """Return what each of several drafts holds, in at most five queries.

    ``progress`` is that of their registrations, by unit: what is recorded there is offered too.
    """
    held = _unclean(drafts)
    offers = Offer.objects.filter(submission__in=[row.pk for row in drafts])
    pieces: dict[UUID, dict[UUID, Evidence]] = defaultdict(dict)
    for offer in offers.filter(evidence__state=Evidence.State.CLEAN).select_related("evidence"):
        pieces[offer.evidence_id][offer.submission_id] = offer.evidence
        if _says_something(offer.evidence):
            held[offer.submission_id].offered.add(offer.part_ref)
    claims = list(Claim.objects.filter(evidence__in=pieces, removed_at__isnull=True))
    recorded = _recorded(drafts, progress)
    parts = parts_by_criterion_of([row.assessment_id for row in drafts]) if claims or recorded else {}
    for row in drafts if recorded else ():
        held[row.pk].offered |= parts_recorded(parts[row.assessment_id], recorded[row.registration_id])
    by_id = {row.pk: row for row in drafts}
    for claim in claims:
        for submission_id, piece in pieces[claim.evidence_id].items():
            draft = by_id[submission_id]
            part = parts[draft.assessment_id].get((claim.unit_ref, claim.criterion_ref), "")
            if part in draft.open_parts:
                _add_claim(held[submission_id], part, piece, claim.quote)
    return held


def _add_claim(held: Held, part: str, piece: Evidence, quote: str) -> None:
    """Count a part as offered by a claim, and name the claim where its words are gone."""
    if _says_something(piece):
        held.offered.add(part)
    if _is_lost(piece.kind, piece.text, quote):
        held.astray.append(Astray(part, str(piece.pk), quote))


def _says_something(piece: Evidence) -> bool:
    return piece.kind == Evidence.Kind.FILE or has_visible(piece.text)


def _texts_of(manifest: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return what is written in the texts that a manifest lists, in one query or none."""
    listed = {line["evidence"] for line in manifest if line["kind"] == Evidence.Kind.TEXT}
    rows = Evidence.objects.filter(pk__in=listed).values_list("pk", "text") if listed else ()
    return {str(pk): text for pk, text in rows}


def _astray(manifest: Sequence[dict[str, Any]], texts: Mapping[str, str]) -> list[Astray]:
    """Return the claims that a manifest has on words that are no longer in their text."""
    return [
        Astray(line["part"], line["evidence"], said["locator"]["quote"])
        for line in manifest
        if line["kind"] == Evidence.Kind.TEXT
        for said in line.get("claims", ())
        if _is_lost(line["kind"], texts[line["evidence"]], said["locator"]["quote"])
    ]


def _is_lost(kind: str, text: str, quote: str) -> bool:
    """Say whether words are gone from a text; a file never changes, so that what it held it holds."""
    return kind == Evidence.Kind.TEXT and find_quote(text, quote) is None


def _recorded(
    drafts: Sequence[Submission], progress: Mapping[tuple[UUID, str], Progress]
) -> dict[UUID, dict[str, Collection[str]]]:
    """Return by registration and unit the criteria for which something is recorded; nothing where none is."""
    wanted = {row.registration_id for row in drafts}
    found: dict[UUID, dict[str, Collection[str]]] = {pk: {} for pk in wanted}
    for (registration_id, unit_ref), row in progress.items():
        if registration_id in wanted and (criteria := recorded_in(row.book, row.forms)):
            found[registration_id][unit_ref] = criteria
    return found if any(found.values()) else {}


def _unclean(drafts: Sequence[Submission]) -> dict[UUID, Held]:
    """Return for each draft the parts with a file that still waits for its check, or was refused."""
    held = {row.pk: Held() for row in drafts}
    offers = Offer.objects.filter(submission__in=held).exclude(evidence__state=Evidence.State.CLEAN)
    for submission_id, state, part in offers.values_list("submission", "evidence__state", "part_ref"):
        found = held[submission_id]
        (found.waiting if state == Evidence.State.QUARANTINED else found.refused).add(part)
    return held
