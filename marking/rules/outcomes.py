"""The two outcome rules: by section with minima, and by criterion without compensation.

Sources: mark sheets of the QCF certificates (total 50 or over and the minimum in each section, no
compensation) and result sheets of 8586 (every criterion a Pass; any less refers the submission).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

RULE_VERSION = "2026.1"


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
