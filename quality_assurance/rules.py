"""When an IQA may agree, what an overturn needs, and who may release."""

from collections.abc import Sequence
from dataclasses import dataclass

from marking.rules import Line, verdict_of


@dataclass(frozen=True, slots=True)
class Pair:
    """One part as the assessor and the IQA see it; the IQA's line is undecided where they did not look."""

    assessor: Line
    iqa: Line


def crosses_pass_line(pair: Pair) -> bool:
    """Say whether the IQA puts a part on the other side of its bar than the assessor did (section 5)."""
    return pair.iqa.is_decided and pair.iqa.is_below != pair.assessor.is_below


def what_forbids_agreeing(pairs: Sequence[Pair], *, overall_minimum: int | None) -> list[str]:
    """Return the refs whose own mark or decision crosses the pass line, so that agreeing is refused.

    Where no single part crosses but the IQA's complete marks fall on the other side of the overall
    minimum, every part is named: the total crosses it.
    """
    crossing = [pair.assessor.ref for pair in pairs if crosses_pass_line(pair)]
    if crossing or overall_minimum is None:
        return crossing
    theirs = verdict_of([_theirs_or_assessors(pair) for pair in pairs], overall_minimum=overall_minimum)
    assessors = verdict_of([pair.assessor for pair in pairs], overall_minimum=overall_minimum)
    return [] if theirs.outcome is assessors.outcome else [pair.assessor.ref for pair in pairs]


def what_overturn_lacks(pairs: Sequence[Pair], *, overall_minimum: int | None) -> list[str]:
    """Return the refs that an overturn still needs: every mark by section, none by criterion."""
    if overall_minimum is None:
        return []
    return [pair.iqa.ref for pair in pairs if not pair.iqa.is_decided]


def overturned_lines(pairs: Sequence[Pair]) -> list[Line]:
    """Return the complete sheet of an overturn: the IQA's own lines, and the assessor's adopted elsewhere."""
    return [_theirs_or_assessors(pair) for pair in pairs]


def changes_outcome(pairs: Sequence[Pair], *, overall_minimum: int | None) -> bool:
    """Say whether a complete IQA sheet ends otherwise than the assessor's, or refers other parts."""
    theirs = verdict_of(overturned_lines(pairs), overall_minimum=overall_minimum)
    assessors = verdict_of([pair.assessor for pair in pairs], overall_minimum=overall_minimum)
    return (theirs.outcome, theirs.referred) != (assessors.outcome, assessors.referred)


def what_lacks_feedback(pairs: Sequence[Pair]) -> list[str]:
    """Return the refs that an overturn refers without feedback from either judge."""
    return [
        pair.iqa.ref
        for pair in pairs
        if pair.iqa.is_decided
        and pair.iqa.is_below
        and not (pair.iqa.has_feedback or (pair.assessor.is_below and pair.assessor.has_feedback))
    ]


def has_looked(pairs: Sequence[Pair], looked_at: str) -> bool:
    """Say whether a review records anything looked at: a note, or a line that is not carried over."""
    return bool(looked_at.strip()) or any(p.iqa.is_decided and not p.iqa.is_carried for p in pairs)


def _theirs_or_assessors(pair: Pair) -> Line:
    return pair.iqa if pair.iqa.is_decided else pair.assessor
