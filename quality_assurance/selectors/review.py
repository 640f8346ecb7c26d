"""A review as its page shows it: the assessor's side, the IQA's beside it, and which decision is left."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from assessments.models import AssessmentUnit
from assessments.selectors import feedback_labels
from assessments.selectors.sheet import sheet_parts
from centres.models import Membership
from marking.models import Judgement, JudgementLine, OutcomeComment
from marking.rules import Outcome
from marking.selectors import as_lines, judgement_lines
from marking.selectors.bar import anchor_of, badge_for
from marking.selectors.record import outcome_comments, sheet_version
from marking.selectors.workspace import Typed, stored_values
from portfolios.models import Submission
from portfolios.selectors import PanePart, Piece, evidence_pane
from quality_assurance.models import Review
from quality_assurance.rules import (
    Pair,
    Side,
    crosses_pass_line,
    has_looked,
    named,
    side_of,
    verdict_beside,
    what_forbids_agreeing,
    what_lacks_feedback,
    what_overturn_lacks,
)

ONE_FEEDBACK = ["Feedback"]


def assessors_judgement(submission: Submission) -> Judgement:
    """Return the assessor's signed judgement that quality assurance looks at."""
    judgement: Judgement = (
        Judgement.objects.filter(
            submission=submission, stage=Judgement.Stage.ASSESSOR, state=Judgement.State.SIGNED
        )
        .select_related("assessment", "judge")
        .latest("revision")
    )
    return judgement


def pair_up(assessor_rows: list[JudgementLine], rows: list[JudgementLine]) -> list[Pair]:
    """Return the assessor's and the IQA's lines side by side, in the order of the sheet."""
    theirs = {line.ref: line for line in as_lines(rows)}
    return [Pair(line, theirs[line.ref]) for line in as_lines(assessor_rows)]


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing between a review and its decision, and where on the page it is mended."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Both outcomes as they stand now, which decision that leaves, and what it still needs."""

    assessor: Judgement
    pairs: list[Pair]
    outcome: Outcome
    total: int | None
    side: Side
    crossing: str
    is_partial: bool
    has_decided: bool
    todo: list[Todo]

    @property
    def is_agreeing(self) -> bool:
        """Whether the IQA may only agree."""
        return self.side is Side.AGREE

    @property
    def words(self) -> str:
        """Both outcomes and what they leave open, in a few words to be shown and read aloud."""
        theirs = self.assessor_said
        if not self.has_decided:
            return f"Assessor: {theirs}. You have entered nothing of your own yet."
        own = self.own_said
        elsewhere = " with the assessor's marks elsewhere" if self.is_partial else ""
        return f"Assessor: {theirs}. You: {own}{elsewhere}. {self.meaning}".strip()

    @property
    def assessor_said(self) -> str:
        """The assessor's outcome with its total."""
        return said(self.assessor.outcome, self.assessor.total)

    @property
    def own_said(self) -> str:
        """The IQA's outcome with its total, the assessor's marks counting elsewhere."""
        return said(self.outcome.value, self.total)

    @property
    def meaning(self) -> str:
        """Why only one decision is left."""
        if self.is_agreeing:
            return ""
        if any(crosses_pass_line(pair) for pair in self.pairs):
            return f"You cross the pass line in {self.crossing}, so you can only overturn."
        return f"Your marks in {self.crossing} put the total across the pass line, so you can only overturn."


def said(outcome: str, total: int | None) -> str:
    """Say an outcome with its total, where it has one.

    >>> said("REFERRAL", 87)
    'Referral 87'
    """
    return outcome.capitalize() if total is None else f"{outcome.capitalize()} {total}"


def standpoint_of(review: Review) -> Standpoint:
    """Return which decision a review leads to as it is stored, in three queries."""
    assessor = assessors_judgement(review.submission)
    return standpoint(review, assessor, judgement_lines(assessor), judgement_lines(review.judgement))


def standpoint(
    review: Review, assessor: Judgement, assessor_rows: list[JudgementLine], rows: list[JudgementLine]
) -> Standpoint:
    """Work out which decision an IQA's own lines lead to, without asking the database."""
    minimum = assessor.assessment.total_min
    pairs = pair_up(assessor_rows, rows)
    verdict = verdict_beside(pairs, overall_minimum=minimum)
    side = side_of(pairs, overall_minimum=minimum)
    return Standpoint(
        assessor=assessor,
        pairs=pairs,
        outcome=verdict.outcome,
        total=verdict.total,
        side=side,
        crossing=named(what_forbids_agreeing(pairs, overall_minimum=minimum), overall_minimum=minimum),
        is_partial=minimum is not None and any(not pair.iqa.is_decided for pair in pairs),
        has_decided=any(pair.iqa.is_decided for pair in pairs),
        todo=_to_agree(pairs, review.looked_at) if side is Side.AGREE else _to_overturn(pairs, rows, minimum),
    )


def _to_agree(pairs: list[Pair], looked_at: str) -> list[Todo]:
    if has_looked(pairs, looked_at):
        return []
    return [Todo("Record what you looked at: a mark or decision of your own, or a note.", "#looked-at")]


def _to_overturn(pairs: list[Pair], rows: list[JudgementLine], minimum: int | None) -> list[Todo]:
    anchors = {row.part_ref: anchor_of(row) for row in rows}
    lacking = what_overturn_lacks(pairs, overall_minimum=minimum)
    unexplained = what_lacks_feedback(pairs)
    return [
        *(Todo(f"Section {ref} needs a mark of your own.", f"#{anchors[ref]}-mark") for ref in lacking),
        *(
            Todo(
                f"You refer {named([ref], overall_minimum=minimum)}: write feedback there.",
                f"#{anchors[ref]}-feedback",
            )
            for ref in unexplained
        ),
    ]


@dataclass(frozen=True, slots=True)
class ReviewPart:
    """One part of the sheet with both sides; ``values`` are what the IQA's fields show."""

    printed: dict[str, Any]
    assessor: JudgementLine
    iqa: JudgementLine
    pair: Pair
    lacks_feedback: bool
    values: dict[str, str]
    typed: Typed | None

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
    def assessor_badge(self) -> tuple[str, str]:
        """The kind and the words of the badge on the assessor's side."""
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


def review_page(review: Review, *, typed: Typed | None = None) -> ReviewPage:
    """Return a review with both sides, in a fixed number of queries."""
    submission = review.submission
    assessor = assessors_judgement(submission)
    assessor_rows, rows = judgement_lines(assessor), judgement_lines(review.judgement)
    stand = standpoint(review, assessor, assessor_rows, rows)
    labels = feedback_labels(submission.registration.qualification_id, submission.assessment_id)
    is_by_section = assessor.assessment.is_by_section
    parts = _parts(submission, assessor_rows, rows, stand, typed)
    return ReviewPage(
        review=review,
        submission=submission,
        units=unit_names(submission),
        labels=labels if is_by_section and len(labels) == 2 else ONE_FEEDBACK,
        is_by_section=is_by_section,
        groups=_groups(parts, assessor, review.judgement),
        standpoint=stand,
        seen=sheet_version(review.judgement, rows),
        put_back=_put_back(submission),
    )


def _parts(
    submission: Submission,
    assessor_rows: list[JudgementLine],
    rows: list[JudgementLine],
    stand: Standpoint,
    typed: Typed | None,
) -> list[ReviewPart]:
    theirs = {row.part_ref: row for row in assessor_rows}
    pairs = {pair.iqa.ref: pair for pair in stand.pairs}
    printed = {part["ref"]: part for part in sheet_parts(submission.assessment)}
    lacking = set(what_lacks_feedback(stand.pairs))
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


def _put_back(submission: Submission) -> list[Review]:
    rows = Review.objects.filter(submission=submission, result=Review.Result.PUT_BACK)
    return list(rows.select_related("iqa", "judgement").order_by("closed_at"))


def unit_names(submission: Submission) -> str:
    """Return the refs of the units that an attempt decides, as they are said together."""
    refs = AssessmentUnit.objects.filter(assessment_id=submission.assessment_id).order_by("position")
    return " and ".join(refs.values_list("unit__ref", flat=True))


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


def evidence_shelf(submission: Submission, *, is_by_section: bool) -> list[ShelfPart]:
    """Return an attempt's evidence part by part, each piece once, in two queries."""
    first: dict[UUID, str] = {}
    shelf = []
    for pane in evidence_pane(submission):
        anchor = f"evidence-{'sec' if is_by_section else 'ac'}-{pane.key}"
        new = [piece for piece in pane.pieces if piece.id not in first]
        again = [(piece.label, first[piece.id]) for piece in pane.pieces if piece.id in first]
        first.update({piece.id: anchor for piece in new})
        shelf.append(ShelfPart(pane, anchor, new, again))
    return shelf
