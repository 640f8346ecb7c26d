"""When an IQA may agree, what an overturn needs, and what is said of work that nobody reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.visible import count_words, has_visible
from lib.words import listed
from marking.rules import Line, Verdict, verdict_of

FEWEST_WORDS_OF_A_REASON = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """One part as the assessor and the IQA see it; the IQA's line is undecided where they did not look."""

    assessor: Line
    iqa: Line


class Side(StrEnum):
    """Which decision an IQA's own view leads to."""

    AGREE = "AGREE"
    OVERTURN = "OVERTURN"


def crosses_pass_line(pair: Pair) -> bool:
    """Say whether the IQA puts a part on the other side of its bar than the assessor did."""
    return pair.iqa.is_decided and pair.iqa.is_below != pair.assessor.is_below


def overturned_lines(pairs: Sequence[Pair]) -> list[Line]:
    """Return the complete sheet of an overturn: the IQA's own lines, and the assessor's elsewhere."""
    return [pair.iqa if pair.iqa.is_decided else pair.assessor for pair in pairs]


def verdict_beside(pairs: Sequence[Pair], *, overall_minimum: int | None) -> Verdict:
    """Decide the sheet as the IQA sees it, the assessor's own standing where they did not look."""
    return verdict_of(overturned_lines(pairs), overall_minimum=overall_minimum)


def what_forbids_agreeing(pairs: Sequence[Pair], *, overall_minimum: int | None) -> list[str]:
    """Return the refs whose own mark or decision crosses the pass line, so that agreeing is refused.

    Where no single part crosses but the IQA's marks put the total on the other side of the overall minimum,
    every part that they marked is named: together they cross it.
    """
    crossing = [pair.assessor.ref for pair in pairs if crosses_pass_line(pair)]
    if crossing or not changes_outcome(pairs, overall_minimum=overall_minimum):
        return crossing
    return [pair.iqa.ref for pair in pairs if pair.iqa.is_decided and not pair.iqa.is_carried]


def side_of(pairs: Sequence[Pair], *, overall_minimum: int | None) -> Side:
    """Say which decision is left: to overturn where agreeing is refused, to agree everywhere else."""
    return Side.OVERTURN if what_forbids_agreeing(pairs, overall_minimum=overall_minimum) else Side.AGREE


def what_overturn_lacks(pairs: Sequence[Pair], *, overall_minimum: int | None) -> list[str]:
    """Return the refs that an overturn still needs: every open mark by section, none by criterion."""
    if overall_minimum is None:
        return []
    return [pair.iqa.ref for pair in pairs if not pair.iqa.is_decided and not pair.iqa.is_carried]


def changes_outcome(pairs: Sequence[Pair], *, overall_minimum: int | None) -> bool:
    """Say whether a complete IQA sheet ends otherwise than the assessor's, or refers other parts."""
    theirs = verdict_beside(pairs, overall_minimum=overall_minimum)
    assessors = verdict_of([pair.assessor for pair in pairs], overall_minimum=overall_minimum)
    return (theirs.outcome, theirs.referred) != (assessors.outcome, assessors.referred)


def what_lacks_feedback(pairs: Sequence[Pair]) -> list[str]:
    """Return the refs that an overturn refers without a judge who refers it too and says what to improve."""
    return [
        pair.iqa.ref
        for pair in pairs
        if pair.iqa.is_decided
        and pair.iqa.is_below
        and not (
            pair.iqa.says_what_to_improve or (pair.assessor.is_below and pair.assessor.says_what_to_improve)
        )
    ]


def own_total(pairs: Sequence[Pair], *, overall_minimum: int | None) -> int | None:
    """Return the total of an IQA's column, or None where an IQA marked not every section of it.

    A section carried over counts where an IQA decided it then: their mark stands in the column by name.
    """
    if overall_minimum is None or not all(pair.iqa.is_decided for pair in pairs):
        return None
    return sum(pair.iqa.mark or 0 for pair in pairs)


def has_looked(pairs: Sequence[Pair], looked_at: str) -> bool:
    """Say whether a review records anything looked at: a note, or a mark or decision of the IQA's own."""
    return has_visible(looked_at) or any(p.iqa.is_decided and not p.iqa.is_carried for p in pairs)


def named(refs: Sequence[str], *, overall_minimum: int | None) -> str:
    """Name parts in a sentence: sections where a total decides, criteria where each one does.

    >>> named(["1", "2"], overall_minimum=50), named(["2.1"], overall_minimum=None)
    ('sections 1 and 2', 'AC 2.1')
    """
    if not refs:
        return ""
    start = "AC" if overall_minimum is None else "sections" if len(refs) > 1 else "section"
    return f"{start} {listed(refs)}"


def is_reason(text: str) -> bool:
    """Say whether somebody wrote a reason that another person can follow: a few words at least.

    >>> is_reason("Low risk this month."), is_reason(". . ."), is_reason("\\u200b \\u200b \\u200b")
    (True, False, False)
    """
    return count_words(text) >= FEWEST_WORDS_OF_A_REASON


@dataclass(frozen=True, slots=True)
class PutBack:
    """A review that was opened and put back: by whom and when, and what they had recorded by then.

    ``has_looked`` says that they ever recorded anything, also what they cleared again.
    """

    name: str
    on: date
    is_own: bool
    has_looked: bool
    differs: bool


def why_not_unreviewed(reviews: Sequence[PutBack]) -> str:
    """Return why a result may not be released without review, or nothing where it may.

    A view that was recorded does not vanish by putting the review back: one that led to another result must
    be settled by a review, and whoever recorded one does not release as if nobody had looked.
    """
    for review in reviews:
        if review.differs:
            who = "You" if review.is_own else review.name
            return (
                f"{who} came to a different result and put the review back. Review it before it is released."
            )
    if any(review.is_own and review.has_looked for review in reviews):
        return (
            "You recorded your own view and put the review back. Review it, or let someone else release it."
        )
    return ""


def not_sampled_statement(*, by: str, on: date, reason: str, put_back: Sequence[PutBack] = ()) -> str:
    """Return the sentence that stands in the quality half of a sheet which nobody reviewed.

    >>> not_sampled_statement(by="Ruth Ode", on=date(2026, 11, 2), reason="Low risk. ")
    'Not sampled: released without review by Ruth Ode, 2 Nov 2026; reason: Low risk.'
    """
    why = " ".join(reason.split()).rstrip(".")
    opened = "".join(
        f" Opened for review by {review.name} and put back, {review.on:%-d %b %Y}." for review in put_back
    )
    return f"Not sampled: released without review by {by}, {on:%-d %b %Y}; reason: {why}.{opened}"
