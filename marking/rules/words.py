"""A sheet's verdict and what keeps it from being signed, in words that can be read aloud."""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.words import listed
from marking.rules.lines import Block, BlockKind, Line, verdict_of
from marking.rules.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Sentence:
    """A verdict in words: the reasons, one sentence each, and the sum of the marks given so far, if any."""

    outcome: Outcome
    reasons: tuple[str, ...]
    total: int | None

    @property
    def text(self) -> str:
        """The whole, to be read aloud: "Incomplete: section 4 has no mark."."""
        said = " ".join(self.reasons)
        return f"{self.outcome.value.capitalize()}: {said[0].lower() if said[:2] != 'AC' else 'A'}{said[1:]}"


def part_name(ref: str, *, is_section: bool) -> str:
    """Return what a part is called at the beginning of a sentence: "Section 1" or "AC 1.2"."""
    return f"Section {ref}" if is_section else f"AC {ref}"


def block_in_words(block: Block, *, is_section: bool) -> str:
    """Say what keeps a sheet from being signed.

    >>> block_in_words(Block(BlockKind.UNDECIDED, "4", "Skills"), is_section=True)
    'Section 4 has no mark.'
    """
    name = part_name(block.ref, is_section=is_section)
    if block.kind is BlockKind.UNDECIDED:
        return f"{name} has no mark." if is_section else f"{name} is undecided."
    reason = "below its minimum" if is_section else "referred"
    if block.kind is BlockKind.NO_WEAKNESSES:
        return f"{name} is {reason}, and “{block.column}” does not say what to improve."
    return f"{name} is {reason} and has no feedback."


def verdict_in_words(
    lines: Sequence[Line], *, overall_minimum: int | None, overall_maximum: int | None
) -> Sentence:
    """Say a sheet's verdict so that it can be read aloud. Raises InvalidMark, EmptySheet."""
    outcome = verdict_of(lines, overall_minimum=overall_minimum).outcome
    total = None if overall_minimum is None else sum(line.mark or 0 for line in lines)
    if outcome is Outcome.INCOMPLETE:
        reasons = _incomplete(lines)
    elif outcome is Outcome.REFERRAL:
        reasons = _referral(lines, total, overall_minimum)
    elif overall_minimum is None:
        reasons = [f"{len(lines)} of {len(lines)}, every criterion is passed."]
    else:
        reasons = [f"{total} of {overall_maximum}, every section reached its minimum."]
    return Sentence(outcome, tuple(reasons), total)


def _incomplete(lines: Sequence[Line]) -> list[str]:
    undecided = [line for line in lines if not line.is_decided]
    is_section = lines[0].maximum is not None
    if len(undecided) == 1:
        block = Block(BlockKind.UNDECIDED, undecided[0].ref, undecided[0].heading)
        said = block_in_words(block, is_section=is_section)
    elif is_section:
        said = f"{len(undecided)} sections have no mark."
    else:
        said = f"{len(undecided)} criteria are undecided."
    below = [part_name(line.ref, is_section=is_section) for line in lines if line.is_below]
    return [said, f"Referral so far: {', '.join(below).replace('Section', 'section')}."] if below else [said]


def _referral(lines: Sequence[Line], total: int | None, overall_minimum: int | None) -> list[str]:
    below = [line for line in lines if line.is_below]
    if overall_minimum is None:
        refs = ", ".join(f"AC {line.ref}" for line in below)
        return [f"{refs} {'is' if len(below) == 1 else 'are'} referred."]
    short = overall_minimum - (total or 0)
    if not below:
        return [f"The total of {total} is {short} below {overall_minimum}, though every section passes."]
    named = [
        f"section {line.ref} is {(line.minimum or 0) - (line.mark or 0)} below its minimum of {line.minimum}"
        for line in below
    ]
    said = listed(named)
    beside = (
        f"The total of {total} is {short} below {overall_minimum}."
        if short > 0
        else "The total does not change this."
    )
    return [f"{said[0].upper()}{said[1:]}.", beside]
