"""An attempt's evidence as markers and reviewers read it: part by part, each piece with how it is shown."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from assessments.selectors import parts_of
from lib.pdf_pages import PageRun, page_count, page_run
from portfolios.models import Evidence, Offer, Submission
from portfolios.selectors.frozen import RECORDS, records_as_submitted

SHOWN_AS = {"application/pdf": "pages", "text/plain": "file", "audio": "audio", "video": "video"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence under one part.

    ``shown_as`` says how it can be looked at: ``text`` (``text`` holds it), ``pages`` (a PDF, ``pages`` says
    how many and ``run`` which are shown first), ``picture``, ``audio``, ``video``, ``records`` (``records``
    holds them as they were frozen), or ``file`` (to be opened by itself).
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
    records: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PanePart:
    """One part of an attempt with its evidence; a part carried over shows that of the attempt named."""

    ref: str
    key: str
    heading: str
    is_open: bool
    attempt: int
    pieces: list[Piece]


def evidence_pane(submission: Submission) -> list[PanePart]:
    """Return every part of an attempt with its evidence, in two queries and the assessment's own."""
    held = _held_by_part(submission)
    panes = []
    for part in parts_of(submission.assessment):
        attempt, offers = _latest(held[part.ref], submission, part.ref)
        panes.append(
            PanePart(
                ref=part.ref,
                key=part.ref.replace(".", "-"),
                heading=part.heading,
                is_open=part.ref in submission.open_parts,
                attempt=attempt,
                pieces=[as_piece(offer.evidence) for offer in offers if _says_something(offer.evidence)],
            )
        )
    return panes


def record_pieces(submission: Submission) -> list[Piece]:
    """Return the records that an attempt was submitted with, a piece for each unit, in one query at most."""
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
            records=snapshot.content,
        )
        for snapshot in records_as_submitted(submission)
    ]


def as_piece(evidence: Evidence) -> Piece:
    """Return a piece of evidence with how it can be looked at."""
    shown_as = _shown_as(evidence)
    pages = page_count(evidence.storage_key) if shown_as == "pages" else 0
    return Piece(
        id=evidence.pk,
        label=evidence.label,
        kind=evidence.kind,
        content_type=evidence.content_type,
        size=evidence.size,
        sha256=evidence.sha256,
        text=evidence.text,
        pages=pages,
        run=page_run(evidence.storage_key, pages) if pages else None,
        shown_as="file" if shown_as == "pages" and not pages else shown_as,
    )


def later_pages(evidence: Evidence, first: str) -> Piece:
    """Return a piece of evidence with the run of pages that begins at ``first``, else with its first run."""
    piece = as_piece(evidence)
    if not piece.run or not first.isdecimal() or len(first) > 6:
        return piece
    return replace(piece, run=page_run(evidence.storage_key, piece.pages, first=int(first)))


def _held_by_part(submission: Submission) -> dict[str, list[Any]]:
    offers = Offer.objects.filter(
        submission__registration=submission.registration_id,
        submission__assessment=submission.assessment_id,
        submission__attempt__lte=submission.attempt,
        evidence__removed_at__isnull=True,
    ).select_related("evidence", "submission")
    held: dict[str, list[Any]] = defaultdict(list)
    for offer in offers.order_by("offered_at", "id"):
        held[offer.part_ref].append(offer)
    return held


def _latest(offers: list[Any], submission: Submission, ref: str) -> tuple[int, list[Any]]:
    """Return the attempt whose evidence stands for a part, and that evidence."""
    if ref in submission.open_parts:
        attempt = submission.attempt
    else:
        attempt = max((offer.submission.attempt for offer in offers), default=1)
    return attempt, [offer for offer in offers if offer.submission.attempt == attempt]


def _says_something(evidence: Evidence) -> bool:
    return evidence.kind == Evidence.Kind.FILE or evidence.size > 0


def _shown_as(evidence: Evidence) -> str:
    if evidence.kind == Evidence.Kind.TEXT:
        return "text"
    family = evidence.content_type.split("/")[0]
    if family == "image":
        return "picture"
    return SHOWN_AS.get(evidence.content_type) or SHOWN_AS.get(family, "file")
