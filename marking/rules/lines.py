"""A judge's sheet line by line: its verdict, what a referral reopens, what blocks signing, a typed mark."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from marking.rules.outcomes import (
    CriterionResult,
    Decision,
    InvalidMark,
    Outcome,
    SectionResult,
    Verdict,
    decide_by_criteria,
    decide_by_sections,
)

CONFIRMATION_LASTS = timedelta(minutes=5)
WHOLE_MARK = re.compile(r"[0-9]{1,4}")
HALF_MARK = re.compile(r"[0-9]{0,3}[.,][0-9]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a judge's sheet, of either kind, as far as the rules ask about it.

    ``maximum`` and ``minimum`` are None by criterion. ``is_carried`` says that an earlier attempt decided it.
    ``empty_column`` is the label of the second column, for what to improve, where nothing stands in it; it is
    empty where the sheet has no such column.
    """

    ref: str
    heading: str
    maximum: int | None
    minimum: int | None
    mark: int | None
    decision: Decision | None
    has_feedback: bool
    is_carried: bool = False
    empty_column: str = ""

    @property
    def is_decided(self) -> bool:
        """Whether the judge gave it a mark or a decision."""
        return self.mark is not None or self.decision is not None

    @property
    def is_below(self) -> bool:
        """Whether it is decided and does not reach what it must."""
        if self.mark is not None:
            return self.mark < (self.minimum or 0)
        return self.decision == Decision.REFERRAL

    @property
    def says_what_to_improve(self) -> bool:
        """Whether its feedback is enough for a referral: of two columns, the second counts."""
        return self.has_feedback and not self.empty_column


class BlockKind(StrEnum):
    """Why a sheet cannot be signed yet."""

    UNDECIDED = "UNDECIDED"
    NO_FEEDBACK = "NO_FEEDBACK"
    NO_WEAKNESSES = "NO_WEAKNESSES"


@dataclass(frozen=True, slots=True)
class Block:
    """One thing between a sheet and its signature, and the line (and column) where it is mended."""

    kind: BlockKind
    ref: str
    heading: str
    column: str = ""


def verdict_of(lines: Sequence[Line], *, overall_minimum: int | None) -> Verdict:
    """Decide a sheet of either kind; by criterion there is no minimum. Raises InvalidMark, EmptySheet."""
    if overall_minimum is None:
        return decide_by_criteria([CriterionResult(line.ref, line.decision) for line in lines])
    return decide_by_sections(
        [SectionResult(line.heading, line.maximum or 0, line.minimum or 0, line.mark) for line in lines],
        overall_minimum=overall_minimum,
    )


def referred_refs(lines: Sequence[Line], *, overall_minimum: int | None) -> list[str]:
    """Return the refs that a referral reopens: those below their bar, or all where only the total fails."""
    if verdict_of(lines, overall_minimum=overall_minimum).outcome is not Outcome.REFERRAL:
        return []
    return [line.ref for line in lines if line.is_below] or [line.ref for line in lines]


def what_blocks_signing(lines: Sequence[Line]) -> list[Block]:
    """List what is undecided, and which referred lines do not say what to improve.

    Every referral needs feedback, and praise alone is not enough.
    """
    blocks = []
    for line in lines:
        if not line.is_decided:
            blocks.append(Block(BlockKind.UNDECIDED, line.ref, line.heading))
        elif line.is_below and not line.has_feedback:
            blocks.append(Block(BlockKind.NO_FEEDBACK, line.ref, line.heading))
        elif line.is_below and not line.says_what_to_improve:
            blocks.append(Block(BlockKind.NO_WEAKNESSES, line.ref, line.heading, line.empty_column))
    return blocks


def is_confirmed(*, confirmed_at: datetime, at: datetime) -> bool:
    """Say whether somebody proved who they are recently enough to sign (five minutes)."""
    return timedelta(0) <= at - confirmed_at <= CONFIRMATION_LASTS


def parse_mark(typed: str, *, maximum: int) -> int | None:
    """Read a mark as it was typed: None for blank. Raises InvalidMark with the words for the person.

    >>> parse_mark(" 11 ", maximum=24)
    11
    """
    text = typed.strip()
    if not text:
        return None
    if HALF_MARK.fullmatch(text):
        below = int(text.replace(",", ".").split(".")[0] or 0)
        raise InvalidMark(
            f"Half marks are not used. Enter {min(below, maximum)} or {min(below + 1, maximum)}."
        )
    if not WHOLE_MARK.fullmatch(text):
        raise InvalidMark(f"Enter a whole number from 0 to {maximum}.")
    mark = int(text)
    if mark > maximum:
        raise InvalidMark(f"{mark} is more than the maximum of {maximum}. Enter 0 to {maximum}.")
    return mark
