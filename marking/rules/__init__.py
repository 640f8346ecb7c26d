"""The rules of marking: plain Python, no Django, no clock, no database."""

from marking.rules.lines import (
    CONFIRMATION_LASTS,
    Block,
    BlockKind,
    Line,
    is_confirmed,
    parse_mark,
    referred_refs,
    verdict_of,
    what_blocks_signing,
)
from marking.rules.outcomes import (
    RULE_VERSION,
    CriterionResult,
    Decision,
    EmptySheet,
    InvalidMark,
    Outcome,
    SectionResult,
    Verdict,
    check_mark,
    decide_by_criteria,
    decide_by_sections,
)
from marking.rules.standing import (
    Stage,
    Standing,
    why_not_judge,
    why_not_release,
)
from marking.rules.words import (
    Sentence,
    block_in_words,
    part_name,
    verdict_in_words,
)

__all__ = [
    "CONFIRMATION_LASTS",
    "RULE_VERSION",
    "Block",
    "BlockKind",
    "CriterionResult",
    "Decision",
    "EmptySheet",
    "InvalidMark",
    "Line",
    "Outcome",
    "SectionResult",
    "Sentence",
    "Stage",
    "Standing",
    "Verdict",
    "block_in_words",
    "check_mark",
    "decide_by_criteria",
    "decide_by_sections",
    "is_confirmed",
    "parse_mark",
    "part_name",
    "referred_refs",
    "verdict_in_words",
    "verdict_of",
    "what_blocks_signing",
    "why_not_judge",
    "why_not_release",
]
