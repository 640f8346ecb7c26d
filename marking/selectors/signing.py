"""What the signing page shows: the outcome, the parts that caused it, and what is worth another look."""

from typing import Any

from assessments.selectors import unit_refs
from lib.visible import has_visible
from marking.models import Judgement, JudgementLine
from marking.rules import Line, part_name, verdict_of
from marking.selectors.bar import Blocker, anchor_of, bar_for
from marking.selectors.lines import as_lines


def signing_page(judgement: Judgement, rows: list[JudgementLine]) -> dict[str, Any]:
    """Return what the signing page and the receipt show of a sheet."""
    lines = as_lines(rows)
    verdict = verdict_of(lines, overall_minimum=judgement.assessment.total_min)
    return {
        "judgement": judgement,
        "units": " / ".join(unit_refs(judgement.assessment_id)),
        "bar": bar_for(judgement, rows),
        "total": verdict.total,
        "referred": [_named(line) for line in lines if line.is_below],
        "hints": [_hint(row) for row in rows if _lacks_feedback(row)],
    }


def _named(line: Line) -> str:
    if line.maximum is None:
        return f"AC {line.ref} {line.heading}"
    return f"{line.ref} {line.heading} ({line.mark}, needs {line.minimum})"


def _lacks_feedback(row: JudgementLine) -> bool:
    return row.carried_from is None and not has_visible(row.feedback) and not has_visible(row.feedback_more)


def _hint(row: JudgementLine) -> Blocker:
    name = part_name(row.part_ref, is_section=row.maximum is not None)
    return Blocker(f"{name} has no feedback.", f"#{anchor_of(row)}-feedback")
