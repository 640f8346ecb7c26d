"""The time counters of recordings, for the result sheet: which second shows which criteria."""

from itertools import groupby
from typing import Any

from portfolios.models import Submission
from portfolios.selectors.claims import standing_claims


def time_counters(submission: Submission) -> list[dict[str, Any]]:
    """Return each recording's claimed times in their order, as they were submitted, in one query."""
    claims = [row for rows in standing_claims(submission).values() for row in rows if row.is_timed]
    claims.sort(key=lambda row: (row.label, str(row.evidence_id), row.locator.first))
    return [
        {
            "recording": label,
            "counters": [
                {"second": second, "criteria": sorted({f"{row.unit} {row.criterion}" for row in group})}
                for second, group in groupby(rows, key=lambda row: row.locator.first)
            ],
        }
        for (label, _), rows in groupby(claims, key=lambda row: (row.label, row.evidence_id))
    ]
