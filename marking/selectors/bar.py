"""What a sheet says of itself while it is filled in: badges, the verdict, what blocks signing."""

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass

from marking.models import Judgement, JudgementLine
from marking.rules import Block, BlockKind, Sentence, block_in_words, verdict_in_words, what_blocks_signing
from marking.selectors.lines import as_lines, lines_to_sign

SHOWN_BLOCKERS = 3
MENDED_AT = {
    BlockKind.UNDECIDED: "",
    BlockKind.NO_FEEDBACK: "-feedback",
    BlockKind.NO_WEAKNESSES: "-feedback_more",
}


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that keeps a sheet from being signed, and where on the page it is mended."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Bar:
    """The verdict bar: ``words`` are shown, ``spoken`` is read aloud; ``blockers`` are all there are.

    ``shown_blockers`` are those that the bar has room for: the next undecided part, and what lacks feedback.
    """

    outcome: str
    total: int | None
    maximum: int | None
    words: str
    spoken: str
    blockers: list[Blocker]
    shown_blockers: list[Blocker]


def anchor_of(row: JudgementLine) -> str:
    """Return the id of a line's item on the page."""
    return _anchor(row.part_ref, is_section=row.maximum is not None)


def _anchor(ref: str, *, is_section: bool) -> str:
    return f"{'sec' if is_section else 'ac'}-{ref.replace('.', '-')}"


def undecided_at(rows: Sequence[JudgementLine], anchors: Collection[str]) -> list[JudgementLine]:
    """Return rows as they count while the items at ``anchors`` show what could not be saved: undecided."""
    return [_undecided(row) if anchor_of(row) in anchors else row for row in rows]


def _undecided(row: JudgementLine) -> JudgementLine:
    """Return a copy, because nothing of it is to be saved."""
    row = copy(row)
    row.mark, row.decision = None, ""
    return row


def badge_for(row: JudgementLine) -> tuple[str, str]:
    """Return the kind and the words of the badge beside a line."""
    if row.maximum is None:
        return {"PASS": ("pass", "Pass"), "REFERRAL": ("referral", "Referral")}.get(
            row.decision, ("incomplete", "Undecided")
        )
    if row.mark is None:
        return "incomplete", "No mark"
    if row.mark < (row.minimum or 0):
        return "referral", f"Below {row.minimum}"
    return "pass", f"Min {row.minimum}"


def bar_for(judgement: Judgement, rows: Sequence[JudgementLine], *, forbidden: str = "") -> Bar:
    """Return the verdict bar of a judgement as its rows stand; ``forbidden`` keeps the judge from signing."""
    sentence = sentence_for(judgement, rows)
    blocks = what_blocks_signing(lines_to_sign(judgement, rows))
    is_section = judgement.assessment.is_by_section
    first = [Blocker(forbidden, "#learner")] if forbidden else []
    return Bar(
        outcome=sentence.outcome.value,
        total=sentence.total,
        maximum=judgement.assessment.total_max,
        words=_shown(sentence, blocks),
        spoken=sentence.text,
        blockers=first + [_blocker(block, is_section=is_section) for block in blocks],
        shown_blockers=first + [_blocker(block, is_section=is_section) for block in _foremost(blocks)],
    )


def sentence_for(judgement: Judgement, rows: Sequence[JudgementLine]) -> Sentence:
    """Return a judgement's verdict in words as its rows stand."""
    assessment = judgement.assessment
    return verdict_in_words(
        as_lines(rows), overall_minimum=assessment.total_min, overall_maximum=assessment.total_max
    )


def _shown(sentence: Sentence, blocks: Sequence[Block]) -> str:
    """Leave out the one undecided part, which stands beside its link among the blockers."""
    undecided = [block for block in blocks if block.kind is BlockKind.UNDECIDED]
    reasons = sentence.reasons[1:] if len(undecided) == 1 else sentence.reasons
    return " ".join(reasons)


def _foremost(blocks: Sequence[Block]) -> list[Block]:
    undecided = [block for block in blocks if block.kind is BlockKind.UNDECIDED]
    others = [block for block in blocks if block.kind is not BlockKind.UNDECIDED]
    return [*undecided[:1], *others][:SHOWN_BLOCKERS]


def _blocker(block: Block, *, is_section: bool) -> Blocker:
    anchor = _anchor(block.ref, is_section=is_section)
    return Blocker(block_in_words(block, is_section=is_section), f"#{anchor}{MENDED_AT[block.kind]}")
