"""A review as its page shows it: the assessor's side, the IQA's beside it, and which decision is left."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from assessments.selectors import feedback_labels, unit_refs
from assessments.selectors.sheet import sheet_parts
from centres.models import Membership
from lib.words import listed
from marking.models import Judgement, JudgementLine, OutcomeComment
from marking.selectors import judgement_lines
from marking.selectors.bar import anchor_of, badge_for, undecided_at
from marking.selectors.origins import Origin, origins_of
from marking.selectors.record import outcome_comments, sheet_version
from marking.selectors.workspace import Typed, stored_values
from portfolios.models import Submission
from portfolios.selectors import PanePart, Piece, record_pieces
from portfolios.selectors.claims import ClaimSeen
from portfolios.selectors.recorded import RecordSeen
from quality_assurance.models import Review
from quality_assurance.rules import Pair, crosses_pass_line, what_lacks_feedback
from quality_assurance.selectors.put_back import reviews_put_back
from quality_assurance.selectors.standpoint import Standpoint, assessors_judgement, standpoint

ONE_FEEDBACK = ["Feedback"]


@dataclass(frozen=True, slots=True)
class ReviewPart:
    """One part of the sheet with both sides; ``values`` are what the IQA's fields show.

    ``origin`` says who decided it in an earlier attempt, where it is carried over.
    """

    printed: dict[str, Any]
    assessor: JudgementLine
    iqa: JudgementLine
    pair: Pair
    lacks_feedback: bool
    values: dict[str, str]
    typed: Typed | None
    claims: Sequence[ClaimSeen | RecordSeen]
    origin: Origin | None

    @property
    def anchor(self) -> str:
        """The id of the part on the page."""
        return anchor_of(self.iqa)

    @property
    def version(self) -> int:
        """The version that the fields stand for: the newest where a clash has just been shown."""
        return (self.typed and self.typed.version) or self.iqa.version

    @property
    def form_id(self) -> str:
        """The id of the form in which the IQA's own view stands."""
        return f"{self.anchor}-form"

    @property
    def opens_feedback(self) -> bool:
        """Whether the IQA's feedback is shown unfolded: it holds something, is missing or was refused."""
        return bool(
            self.values["feedback"] or self.values["feedback_more"] or self.lacks_feedback or self.typed
        )

    @property
    def assessors_own(self) -> JudgementLine:
        """What an assessor decided: that of then where an IQA's mark or decision is carried over."""
        return (self.origin and self.origin.theirs) or self.assessor

    @property
    def assessor_badge(self) -> tuple[str, str]:
        """The kind and the words of the badge on the assessor's side."""
        return badge_for(self.assessors_own)

    @property
    def carried_badge(self) -> tuple[str, str]:
        """The kind and the words of the badge of what is carried over."""
        return badge_for(self.assessor)

    @property
    def is_carried(self) -> bool:
        """Whether an earlier attempt decided it, so that nobody judges it again."""
        return self.iqa.carried_from is not None

    @property
    def is_crossing(self) -> bool:
        """Whether the IQA's own entry crosses the pass line."""
        return crosses_pass_line(self.pair)

    @property
    def difference(self) -> str:
        """How far the IQA's mark is from the assessor's, with its sign."""
        if self.iqa.mark is None or self.assessor.mark is None:
            return ""
        gap = self.iqa.mark - self.assessor.mark
        return f"+{gap}" if gap > 0 else f"−{-gap}" if gap else "Same mark"


@dataclass(frozen=True, slots=True)
class ReviewGroup:
    """The parts under one learning outcome with both judges' comments; by section, all parts together."""

    outcome: int | None
    text: str
    parts: list[ReviewPart]
    assessor_comment: OutcomeComment | None
    iqa_comment: OutcomeComment | None

    @property
    def key(self) -> str:
        """The id of the comment's form."""
        return f"lo-{self.outcome}"


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything on a review's page but the evidence."""

    review: Review
    submission: Submission
    units: str
    labels: list[str]
    is_by_section: bool
    groups: list[ReviewGroup]
    standpoint: Standpoint
    seen: str
    put_back: list[Review]

    @property
    def first_label(self) -> str:
        """The label over the first column of feedback."""
        return self.labels[0]

    @property
    def second_label(self) -> str:
        """The label over the second column, which only mark sheets have."""
        return self.labels[1] if len(self.labels) > 1 else ""

    @property
    def level(self) -> int:
        """The level of a part's heading: under the page's own, or under its learning outcome's."""
        return 2 if self.is_by_section else 3

    def part_of(self, line: JudgementLine) -> ReviewPart:
        """Return the part that a line belongs to."""
        return next(part for group in self.groups for part in group.parts if part.iqa.pk == line.pk)


def review_page(
    review: Review,
    *,
    typed: Typed | None = None,
    claims: Mapping[str, Sequence[ClaimSeen | RecordSeen]] | None = None,
    unsaved: Collection[str] = (),
) -> ReviewPage:
    """Return a review with both sides and the claims given by part, in a fixed number of queries.

    The items at the anchors ``unsaved`` show what could not be saved, and count as undecided.
    """
    submission = review.submission
    assessor = assessors_judgement(submission)
    assessor_rows, rows = judgement_lines(assessor), judgement_lines(review.judgement)
    stand = standpoint(review, assessor, assessor_rows, undecided_at(rows, unsaved))
    labels = feedback_labels(submission.registration.qualification_id, submission.assessment_id)
    is_by_section = assessor.assessment.is_by_section
    parts = _parts(submission, assessor_rows, rows, stand, typed, claims or {})
    return ReviewPage(
        review=review,
        submission=submission,
        units=unit_names(submission),
        labels=labels if is_by_section and len(labels) == 2 else ONE_FEEDBACK,
        is_by_section=is_by_section,
        groups=_groups(parts, assessor, review.judgement),
        standpoint=stand,
        seen=sheet_version(review.judgement, rows, looked_at=review.looked_at),
        put_back=reviews_put_back(submission),
    )


def _parts(
    submission: Submission,
    assessor_rows: list[JudgementLine],
    rows: list[JudgementLine],
    stand: Standpoint,
    typed: Typed | None,
    claims: Mapping[str, Sequence[ClaimSeen | RecordSeen]],
) -> list[ReviewPart]:
    theirs = {row.part_ref: row for row in assessor_rows}
    pairs = {pair.iqa.ref: pair for pair in stand.pairs}
    printed = {part["ref"]: part for part in sheet_parts(submission.assessment)}
    lacking = set(what_lacks_feedback(stand.pairs))
    origins = origins_of(rows)
    parts = []
    for row in rows:
        own = typed if typed and typed.line_id == row.pk else None
        parts.append(
            ReviewPart(
                printed=printed[row.part_ref],
                assessor=theirs[row.part_ref],
                iqa=row,
                pair=pairs[row.part_ref],
                lacks_feedback=row.part_ref in lacking,
                values=own.values if own else stored_values(row),
                typed=own,
                claims=claims.get(row.part_ref, ()),
                origin=origins.get(row.part_ref),
            )
        )
    return parts


def _groups(parts: list[ReviewPart], assessor: Judgement, iqa: Judgement) -> list[ReviewGroup]:
    theirs = {comment.outcome_number: comment for comment in outcome_comments(assessor)}
    own = {comment.outcome_number: comment for comment in outcome_comments(iqa)}
    outcomes: dict[int | None, list[ReviewPart]] = {}
    for part in parts:
        outcomes.setdefault(part.printed.get("outcome"), []).append(part)
    return [
        ReviewGroup(
            outcome=number,
            text=held[0].printed.get("outcome_text", ""),
            parts=held,
            assessor_comment=theirs.get(number) if number else None,
            iqa_comment=own.get(number) if number else None,
        )
        for number, held in outcomes.items()
    ]


def unit_names(submission: Submission) -> str:
    """Return the refs of the units that an attempt decides, as they are said together."""
    return listed(unit_refs(submission.assessment_id))


def reviews_of(member: Membership) -> Any:
    """Return the reviews that a member opened, with what their pages need."""
    return Review.objects.filter(iqa=member).select_related(
        "submission__registration__learner", "submission__assessment", "judgement__assessment", "iqa"
    )


@dataclass(frozen=True, slots=True)
class ShelfPart:
    """The evidence of one part; what was shown under an earlier part is only pointed to."""

    pane: PanePart
    anchor: str
    pieces: list[Piece]
    repeated: list[tuple[str, str]]


def evidence_shelf(
    submission: Submission, panes: Sequence[PanePart], *, is_by_section: bool
) -> list[ShelfPart]:
    """Return an attempt's evidence part by part, each piece once, then its records, in one query at most."""
    first: dict[UUID, str] = {}
    shelf = []
    for pane in panes:
        anchor = f"evidence-{'sec' if is_by_section else 'ac'}-{pane.key}"
        new = [piece for piece in pane.pieces if piece.id not in first]
        again = [(piece.label, first[piece.id]) for piece in pane.pieces if piece.id in first]
        first.update({piece.id: anchor for piece in new})
        shelf.append(ShelfPart(pane, anchor, new, again))
    records = record_pieces(submission)
    if records:
        pane = PanePart("", "records", "Practice records", True, submission.attempt, records, [])
        shelf.append(ShelfPart(pane, "evidence-records", records, []))
    return shelf
