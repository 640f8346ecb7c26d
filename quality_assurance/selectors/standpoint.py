"""Which decision an IQA's own view leads to, beside the assessor's, and what it still needs."""

from dataclasses import dataclass

from marking.models import Judgement, JudgementLine
from marking.rules import Outcome
from marking.selectors import as_lines, improvement_label, judgement_lines
from marking.selectors.bar import anchor_of
from marking.selectors.record import sheet_version
from portfolios.models import Submission
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


def pair_up(assessor_rows: list[JudgementLine], rows: list[JudgementLine], *, column: str) -> list[Pair]:
    """Return the assessor's and the IQA's lines side by side, in the order of the sheet.

    ``column`` is the label of the column for what to improve, or empty where the sheet has none.
    """
    theirs = {line.ref: line for line in as_lines(rows, second_column=column)}
    return [Pair(line, theirs[line.ref]) for line in as_lines(assessor_rows, second_column=column)]


def review_version(review: Review) -> str:
    """Return the fingerprint of all that an IQA signs of a review, as it is stored now."""
    stored = Review.objects.select_related("judgement").get(pk=review.pk)
    return sheet_version(stored.judgement, judgement_lines(stored.judgement), looked_at=stored.looked_at)


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
        return f"Assessor: {theirs}. You: {self.own_said}. {self.meaning}".strip()

    @property
    def assessor_said(self) -> str:
        """The assessor's outcome with its total."""
        return said(self.assessor.outcome, self.assessor.total)

    @property
    def own_said(self) -> str:
        """The IQA's outcome with its total, and how much of it is the assessor's."""
        outcome = said(self.outcome.value, self.total)
        return f"{self.seen}: {outcome}" if self.seen else outcome

    @property
    def seen(self) -> str:
        """How much of the outcome the IQA decided, or nothing where all of it is their own."""
        own = [pair.iqa.is_decided for pair in self.pairs if not pair.iqa.is_carried]
        if all(own):
            return ""
        by_section = self.assessor.assessment.is_by_section
        parts, decided = ("sections", "marks") if by_section else ("criteria", "decisions")
        return f"{sum(own)} of {len(own)} {parts} seen; with the assessor's other {decided}"

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


def column_of(pairs: list[Pair]) -> str:
    """Return the label of the column for what to improve that an IQA left empty where they refer, if any."""
    lacking = what_lacks_feedback(pairs)
    return next((pair.iqa.empty_column for pair in pairs if pair.iqa.ref in lacking), "")


def where_to_explain(column: str) -> str:
    """Say what a referral lacks: ``column`` is the label of the column for what to improve, if there is one.

    >>> where_to_explain("Weaknesses"), where_to_explain("")
    ('write under “Weaknesses” what to improve', 'write feedback there')
    """
    return f"write under “{column}” what to improve" if column else "write feedback there"


def standpoint_of(review: Review) -> Standpoint:
    """Return which decision a review leads to as it is stored, in four queries."""
    assessor = assessors_judgement(review.submission)
    return standpoint(review, assessor, judgement_lines(assessor), judgement_lines(review.judgement))


def standpoint(
    review: Review, assessor: Judgement, assessor_rows: list[JudgementLine], rows: list[JudgementLine]
) -> Standpoint:
    """Work out which decision an IQA's own lines lead to, in one query."""
    minimum = assessor.assessment.total_min
    pairs = pair_up(assessor_rows, rows, column=improvement_label(assessor))
    verdict = verdict_beside(pairs, overall_minimum=minimum)
    side = side_of(pairs, overall_minimum=minimum)
    return Standpoint(
        assessor=assessor,
        pairs=pairs,
        outcome=verdict.outcome,
        total=verdict.total,
        side=side,
        crossing=named(what_forbids_agreeing(pairs, overall_minimum=minimum), overall_minimum=minimum),
        has_decided=any(pair.iqa.is_decided and not pair.iqa.is_carried for pair in pairs),
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
    column = column_of(pairs)
    return [
        *(Todo(f"Section {ref} needs a mark of your own.", f"#{anchors[ref]}-mark") for ref in lacking),
        *(
            Todo(
                f"You refer {named([ref], overall_minimum=minimum)}: {where_to_explain(column)}.",
                f"#{anchors[ref]}-{'feedback_more' if column else 'feedback'}",
            )
            for ref in unexplained
        ),
    ]
