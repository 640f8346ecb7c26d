"""What pages and documents need to know of judgements."""

from marking.selectors.lines import (
    as_lines,
    final_lines,
    improvement_label,
    judgement_lines,
    verdict_for,
)
from marking.selectors.queue import competent_refs
from marking.selectors.standing import standing_to, standings_of

__all__ = [
    "as_lines",
    "competent_refs",
    "final_lines",
    "improvement_label",
    "judgement_lines",
    "standing_to",
    "standings_of",
    "verdict_for",
]
