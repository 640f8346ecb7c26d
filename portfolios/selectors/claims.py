"""Claims as pages show them: those of a draft as they stand, of a submitted one as its manifest has them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from assessments.selectors import parts_by_criterion
from portfolios.models import Claim, Submission
from portfolios.rules.locators import Locator, LocatorKind, spoken

LONGEST_ENDING = 6
SHORT_QUOTE = 40


@dataclass(frozen=True, slots=True)
class ClaimSeen:
    """One claim with where it points, as a chip or a row shows it."""

    id: str
    evidence_id: UUID
    label: str
    unit: str
    criterion: str
    locator: Locator
    why: str

    @property
    def short_label(self) -> str:
        """The piece's name without its ending."""
        path = PurePosixPath(self.label)
        return path.stem if path.suffix and len(path.suffix) <= LONGEST_ENDING else self.label

    @property
    def where(self) -> str:
        """The place, short enough for a chip; a recording is named by where it begins."""
        if self.locator.kind is LocatorKind.TIME:
            return str(Locator(LocatorKind.TIME, self.locator.first, self.locator.first))
        return shortened(self.locator)

    @property
    def chip(self) -> str:
        """The piece and the place, as a marker's chip shows them."""
        return f"{self.short_label} {self.where}"

    @property
    def said(self) -> str:
        """The claim as it is said aloud when it is opened."""
        comma = "," if self.locator.kind is LocatorKind.PAGES else ""
        return f"{self.short_label}{comma} {spoken(self.locator)}"

    @property
    def is_timed(self) -> bool:
        """Whether it points into a recording."""
        return self.locator.kind is LocatorKind.TIME

    @property
    def fragment(self) -> str:
        """What is added to a recording's address so that it begins and ends there."""
        if not self.is_timed:
            return ""
        end = f",{self.locator.last}" if self.locator.last > self.locator.first else ""
        return f"#t={self.locator.first}{end}"

    @property
    def target(self) -> str:
        """The id of the element where the place is shown."""
        if self.locator.kind is LocatorKind.TIME:
            return f"media-{self.evidence_id}"
        if self.locator.kind is LocatorKind.PAGES:
            return f"page-{self.evidence_id}-{self.locator.first}"
        return f"claim-{self.id}"


def shortened(locator: Locator) -> str:
    """Return a place in a few words."""
    said = str(locator)
    return said if len(said) <= SHORT_QUOTE else f"{said[: SHORT_QUOTE - 2].rstrip()}…”"


def locator_of(claim: Claim) -> Locator:
    """Return where a stored claim points."""
    return Locator(LocatorKind(claim.kind), claim.first, claim.last, claim.quote)


def as_seen(claim: Claim) -> ClaimSeen:
    """Return a stored claim as pages show it; its evidence must be loaded."""
    return ClaimSeen(
        id=str(claim.pk),
        evidence_id=claim.evidence_id,
        label=claim.evidence.label,
        unit=claim.unit_ref,
        criterion=claim.criterion_ref,
        locator=locator_of(claim),
        why=claim.why,
    )


def claims_in(manifest: Sequence[dict[str, Any]]) -> dict[str, list[ClaimSeen]]:
    """Return the claims that a manifest holds, by part; those of before there were claims hold none."""
    held: dict[str, list[ClaimSeen]] = defaultdict(list)
    for line in manifest:
        held[line["part"]] += [
            ClaimSeen(
                id=said["id"],
                evidence_id=UUID(line["evidence"]),
                label=line["label"],
                unit=said["unit"],
                criterion=said["criterion"],
                locator=Locator(
                    LocatorKind(said["locator"]["kind"]),
                    said["locator"]["first"],
                    said["locator"]["last"],
                    said["locator"]["quote"],
                ),
                why=said["why"],
            )
            for said in line.get("claims", [])
        ]
    return held


def standing_claims(submission: Submission) -> dict[str, list[ClaimSeen]]:
    """Return by part the claims that a submitted attempt rests on, those carried over too, in one query."""
    rows = Submission.objects.filter(
        registration=submission.registration_id,
        assessment=submission.assessment_id,
        attempt__lte=submission.attempt,
    )
    standing: dict[str, list[ClaimSeen]] = {}
    for attempt, manifest in rows.order_by("attempt").values_list("attempt", "manifest"):
        for part, claims in claims_in(manifest).items():
            if attempt == submission.attempt or part not in submission.open_parts:
                standing[part] = claims
    return standing


def claims_on(submission: Submission, offers: Sequence[Any]) -> dict[str, list[ClaimSeen]]:
    """Return the claims on what a draft holds, by part, in two queries."""
    lines = [
        {"part": offer.part_ref, "evidence": str(offer.evidence_id), "label": offer.evidence.label}
        for offer in offers
    ]
    return claims_in(with_claims(submission, lines))


def with_claims(submission: Submission, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to the lines of what is offered the claims on it for the parts that are open in the attempt.

    A claim on a piece that is offered elsewhere in the attempt makes a line of its own for its part.
    """
    by_piece = {line["evidence"]: line for line in lines}
    rows = Claim.objects.filter(evidence_id__in=by_piece, removed_at__isnull=True)
    claims = list(rows.order_by("claimed_at", "id"))
    parts = parts_by_criterion(submission.assessment) if claims else {}
    at = {(line["part"], line["evidence"]): {**line} for line in lines}
    for claim in claims:
        part, piece = parts.get((claim.unit_ref, claim.criterion_ref)), str(claim.evidence_id)
        if part in submission.open_parts:
            line = at.setdefault((part, piece), {**by_piece[piece], "part": part})
            line["claims"] = [*line.get("claims", []), _written(claim)]
    return list(at.values())


def _written(claim: Claim) -> dict[str, Any]:
    return {
        "id": str(claim.pk),
        "unit": claim.unit_ref,
        "criterion": claim.criterion_ref,
        "locator": {"kind": claim.kind, "first": claim.first, "last": claim.last, "quote": claim.quote},
        "why": claim.why,
    }
