"""An attempt's evidence as markers and reviewers read it: part by part, each piece with how it is shown."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from assessments.selectors import parts_by_criterion, parts_of
from lib.pdf_pages import PagePicture, PageRun, page_count, page_run
from lib.visible import has_visible
from portfolios.models import Evidence, Offer, Submission
from portfolios.rules.locators import LocatorKind, Stretch, find_quote, marked
from portfolios.selectors.claims import ClaimSeen, claims_in
from portfolios.selectors.discussions import Talk, discussions_in
from portfolios.selectors.extent import paged_key, shown_as
from portfolios.selectors.frozen import RECORDS, records_as_submitted
from portfolios.selectors.papers import with_papers
from portfolios.selectors.recorded import RecordSeen, seen_by_part, with_anchors


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence under one part, with the claims on it.

    ``shown_as`` says how it can be looked at: ``text`` (``text`` holds it), ``pages`` (a PDF, ``pages`` says
    how many and ``run`` which are shown first), ``words`` (of a document, whose pages
    ``run`` shows where they could be drawn), ``picture``, ``audio``, ``video``,
    ``records`` (``records`` holds them as they were frozen), or ``file`` (to be downloaded).
    """

    id: UUID
    label: str
    kind: str
    content_type: str
    size: int
    sha256: str
    text: str
    pages: int
    run: PageRun | None
    shown_as: str
    claims: tuple[ClaimSeen, ...] = ()
    discussion: Talk | None = None
    records: dict[str, Any] | None = None

    @property
    def marked_pages(self) -> list[tuple[PagePicture, list[ClaimSeen]]]:
        """The pages that are shown, each with the claims on it."""
        return [
            (page, [row for row in self.claims if row.locator.first <= page.number <= row.locator.last])
            for page in (self.run.pages if self.run else [])
        ]

    @property
    def stretches(self) -> list[Stretch]:
        """The text, cut where claimed words begin and end."""
        return marked(self.text, [(row.id, row.locator.quote) for row in self.claims])

    @property
    def listed(self) -> list[ClaimSeen]:
        """The claims that the picture of the piece does not show: they are listed under it."""
        if self.shown_as in ("pages", "picture"):
            return []
        return [row for row in self.claims if not self._is_in_text(row)]

    def _is_in_text(self, claim: ClaimSeen) -> bool:
        is_words = claim.locator.kind is LocatorKind.WORDS
        return is_words and find_quote(self.text, claim.locator.quote) is not None


@dataclass(frozen=True, slots=True)
class PanePart:
    """One part of an attempt with its evidence; a part carried over shows that of the attempt named."""

    ref: str
    key: str
    heading: str
    is_open: bool
    attempt: int
    pieces: list[Piece]
    claims: list[ClaimSeen]
    records: list[RecordSeen] = field(default_factory=list)


def evidence_pane(submission: Submission) -> list[PanePart]:
    """Return every part of an attempt with its evidence and claims, in three queries and the parts' own."""
    held = _held_by_part(submission)
    manifests = _manifests(submission)
    claimed = {attempt: claims_in(lines) for attempt, lines in manifests.items()}
    talks = {pk: talk for _, lines in sorted(manifests.items()) for pk, talk in discussions_in(lines).items()}
    parts = parts_of(submission.assessment)
    attempts = {part.ref: _standing_attempt(submission, part.ref, held, claimed) for part in parts}
    claims = {ref: claimed[attempt][ref] for ref, attempt in attempts.items()}
    recorded = _recorded_by_part(submission)
    on_piece: dict[UUID, list[ClaimSeen]] = defaultdict(list)
    for row in (row for rows in claims.values() for row in rows):
        on_piece[row.evidence_id].append(row)
    return [
        PanePart(
            ref=part.ref,
            key=part.ref.replace(".", "-"),
            heading=part.heading,
            is_open=part.ref in submission.open_parts,
            attempt=attempts[part.ref],
            pieces=[
                as_piece(evidence, on_piece[evidence.pk], talks.get(evidence.pk))
                for evidence in _pieces_of(part.ref, attempts[part.ref], held, claims[part.ref])
            ],
            claims=claims[part.ref],
            records=recorded.get(part.ref, []) if part.ref in submission.open_parts else [],
        )
        for part in parts
    ]


def record_pieces(submission: Submission) -> list[Piece]:
    """Return the records that an attempt was submitted with, one piece a unit, in two queries at most."""
    snapshots = records_as_submitted(submission)
    contents = with_papers([row.content for row in snapshots], submission.registration_id)
    return [
        Piece(
            id=snapshot.pk,
            label=f"Records of {snapshot.unit_ref}",
            kind=RECORDS,
            content_type="application/json",
            size=0,
            sha256=snapshot.sha256,
            text="",
            pages=0,
            run=None,
            shown_as="records",
            records=with_anchors(content, snapshot.pk),
        )
        for snapshot, content in zip(snapshots, contents, strict=True)
    ]


def as_piece(evidence: Evidence, claims: Iterable[ClaimSeen] = (), discussion: Talk | None = None) -> Piece:
    """Return a piece of evidence with how it can be looked at, the claims on it and the talk it holds."""
    shown = shown_as(evidence)
    paged = paged_key(evidence)
    pages = page_count(paged) if paged else 0
    return Piece(
        id=evidence.pk,
        label=evidence.label,
        kind=evidence.kind,
        content_type=evidence.content_type,
        size=evidence.size,
        sha256=evidence.sha256,
        text=evidence.text,
        pages=pages,
        run=page_run(paged, pages) if pages else None,
        shown_as="file" if shown == "pages" and not pages else shown,
        claims=tuple(claims),
        discussion=discussion,
    )


def later_pages(evidence: Evidence, first: str) -> Piece:
    """Return a piece of evidence with the run of pages that begins at ``first``, else with its first run."""
    piece = as_piece(evidence)
    if not piece.run or not first.isdecimal() or len(first) > 6:
        return piece
    return replace(piece, run=page_run(paged_key(evidence), piece.pages, first=int(first)))


def _recorded_by_part(submission: Submission) -> dict[str, list[RecordSeen]]:
    """Return by part the forms that name its criteria, among the records that it was submitted with."""
    rows = [(row.pk, row.content) for row in records_as_submitted(submission)]
    return seen_by_part(parts_by_criterion(submission.assessment), rows) if rows else {}


def _held_by_part(submission: Submission) -> dict[str, list[Any]]:
    offers = (
        Offer.objects.filter(
            submission__registration=submission.registration_id,
            submission__assessment=submission.assessment_id,
            submission__attempt__lte=submission.attempt,
            evidence__removed_at__isnull=True,
            evidence__state=Evidence.State.CLEAN,
        )
        .select_related("evidence", "submission")
        .defer("submission__manifest")
    )
    held: dict[str, list[Any]] = defaultdict(list)
    for offer in offers.order_by("offered_at", "id"):
        held[offer.part_ref].append(offer)
    return held


def _manifests(submission: Submission) -> dict[int, list[dict[str, Any]]]:
    """Return what this attempt and the ones before it were submitted with; a first one has it at hand."""
    if submission.attempt == 1:
        return {1: submission.manifest}
    rows = Submission.objects.filter(
        registration=submission.registration_id,
        assessment=submission.assessment_id,
        attempt__lte=submission.attempt,
    )
    return dict(rows.values_list("attempt", "manifest"))


def _standing_attempt(
    submission: Submission,
    ref: str,
    held: dict[str, list[Any]],
    claimed: dict[int, dict[str, list[ClaimSeen]]],
) -> int:
    """Return the attempt whose evidence stands for a part: this one, or the last in which it was done."""
    if ref in submission.open_parts:
        return int(submission.attempt)
    offered = [offer.submission.attempt for offer in held[ref]]
    return max([*offered, *(attempt for attempt, parts in claimed.items() if parts[ref])], default=1)


def _pieces_of(ref: str, attempt: int, held: dict[str, list[Any]], claims: list[ClaimSeen]) -> list[Evidence]:
    """Return what was offered under a part, and then what is claimed for it but offered elsewhere."""
    known = {offer.evidence_id: offer.evidence for offers in held.values() for offer in offers}
    offered = [offer.evidence_id for offer in held[ref] if offer.submission.attempt == attempt]
    ids = dict.fromkeys([*offered, *(row.evidence_id for row in claims)])
    return [known[pk] for pk in ids if pk in known and _says_something(known[pk])]


def _says_something(evidence: Evidence) -> bool:
    return evidence.kind == Evidence.Kind.FILE or has_visible(evidence.text)
