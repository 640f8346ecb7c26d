"""The two outcome rules: by section with minima, and by criterion without compensation.

Sources: mark sheets of the QCF certificates (total 50 or over and the minimum in each section, no
compensation) and result sheets of 8586 (every criterion a Pass; any less refers the submission).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

RULE_VERSION = "2026.1"
CONFIRMATION_LASTS = timedelta(minutes=5)
WHOLE_MARK = re.compile(r"[0-9]{1,4}")
HALF_MARK = re.compile(r"[0-9]{0,3}[.,][0-9]+")


class Outcome(StrEnum):
    """What a whole sheet says."""

    PASS = "PASS"
    REFERRAL = "REFERRAL"
    INCOMPLETE = "INCOMPLETE"


class Decision(StrEnum):
    """What is decided of one criterion."""

    PASS = "PASS"
    REFERRAL = "REFERRAL"


class InvalidMark(ValueError):
    """A mark that is not a whole number from 0 to the section's maximum."""


class EmptySheet(ValueError):
    """A sheet with nothing on it to decide."""


@dataclass(frozen=True, slots=True)
class SectionResult:
    """One section of a mark sheet; ``mark`` is None while undecided."""

    heading: str
    maximum: int
    minimum: int
    mark: int | None


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion of a result sheet; ``decision`` is None while undecided."""

    ref: str
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome that follows from a sheet, with the headings or refs that caused it."""

    outcome: Outcome
    total: int | None
    referred: tuple[str, ...]
    undecided: tuple[str, ...]


def check_mark(section: SectionResult) -> None:
    """Raise InvalidMark, naming the section and the allowed range, unless its mark may stand."""
    mark = section.mark
    if mark is None:
        return
    if type(mark) is not int or not 0 <= mark <= section.maximum:
        raise InvalidMark(
            f"{section.heading}: enter a whole number from 0 to {section.maximum}, not {mark!r}."
        )


def decide_by_sections(sections: Sequence[SectionResult], *, overall_minimum: int) -> Verdict:
    """Decide a mark sheet: PASS needs the overall minimum and every section's own minimum.

    When only the total fails, ``referred`` is empty and every section reopens.

    Raises InvalidMark, EmptySheet.

    >>> sheet = [SectionResult("Practice", 24, 12, 11), SectionResult("Skills", 76, 38, 76)]
    >>> decide_by_sections(sheet, overall_minimum=50)
    Verdict(outcome=<Outcome.REFERRAL: 'REFERRAL'>, total=87, referred=('Practice',), undecided=())
    """
    if not sections:
        raise EmptySheet("A mark sheet needs at least one section.")
    for section in sections:
        check_mark(section)
    undecided = tuple(section.heading for section in sections if section.mark is None)
    referred = tuple(s.heading for s in sections if s.mark is not None and s.mark < s.minimum)
    if undecided:
        return Verdict(Outcome.INCOMPLETE, None, referred, undecided)
    total = sum(section.mark or 0 for section in sections)
    passed = not referred and total >= overall_minimum
    return Verdict(Outcome.PASS if passed else Outcome.REFERRAL, total, referred, ())


def decide_by_criteria(criteria: Sequence[CriterionResult]) -> Verdict:
    """Decide a result sheet: one referred criterion refers the unit. Raises EmptySheet.

    >>> decide_by_criteria([CriterionResult("1.1", Decision.PASS), CriterionResult("1.2", Decision.REFERRAL)])
    Verdict(outcome=<Outcome.REFERRAL: 'REFERRAL'>, total=None, referred=('1.2',), undecided=())
    """
    if not criteria:
        raise EmptySheet("A result sheet needs at least one criterion.")
    undecided = tuple(criterion.ref for criterion in criteria if criterion.decision is None)
    referred = tuple(criterion.ref for criterion in criteria if criterion.decision == Decision.REFERRAL)
    if undecided:
        return Verdict(Outcome.INCOMPLETE, None, referred, undecided)
    return Verdict(Outcome.REFERRAL if referred else Outcome.PASS, None, referred, ())


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a judge's sheet, of either kind, as far as the rules ask about it.

    ``maximum`` and ``minimum`` are None by criterion. ``is_carried`` says that an earlier attempt decided it.
    """

    ref: str
    heading: str
    maximum: int | None
    minimum: int | None
    mark: int | None
    decision: Decision | None
    has_feedback: bool
    is_carried: bool = False

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


class BlockKind(StrEnum):
    """Why a sheet cannot be signed yet."""

    UNDECIDED = "UNDECIDED"
    NO_FEEDBACK = "NO_FEEDBACK"


@dataclass(frozen=True, slots=True)
class Block:
    """One thing between a sheet and its signature, and the line where it is mended."""

    kind: BlockKind
    ref: str
    heading: str


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
    """List what is undecided, and which referred lines lack feedback (section 5: each needs some)."""
    blocks = []
    for line in lines:
        if not line.is_decided:
            blocks.append(Block(BlockKind.UNDECIDED, line.ref, line.heading))
        elif line.is_below and not line.has_feedback:
            blocks.append(Block(BlockKind.NO_FEEDBACK, line.ref, line.heading))
    return blocks


def is_confirmed(*, confirmed_at: datetime, at: datetime) -> bool:
    """Say whether somebody proved who they are recently enough to sign (section 8: five minutes)."""
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
    listed = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    beside = (
        f"The total of {total} is {short} below {overall_minimum}."
        if short > 0
        else "The total does not change this."
    )
    return [f"{listed[0].upper()}{listed[1:]}.", beside]
