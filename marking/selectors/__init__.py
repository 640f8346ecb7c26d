"""What pages and documents need to know of judgements."""

from marking.selectors.lines import as_lines, final_lines, judgement_lines, verdict_for
from marking.selectors.queue import competent_refs, why_not_judge

__all__ = ["as_lines", "competent_refs", "final_lines", "judgement_lines", "verdict_for", "why_not_judge"]
