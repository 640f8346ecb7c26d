"""What was approved to differ in an attempt, for what is signed and printed of it."""

from typing import Any

from portfolios.models import Submission
from portfolios.selectors.programme import deviations_for


def approved_deviations(submission: Submission) -> list[dict[str, Any]]:
    """Return each approval as it stood at submission, and when it was taken back since, in one query.

    Access arrangements are not among them: why somebody has one is nobody's business on a sheet.
    """
    return [
        {
            "kind": row.get_kind_display(),
            "text": row.text,
            "approved_on": row.approved_on,
            "letter_sha256": row.sha256,
            "withdrawn_at": row.withdrawn_at,
        }
        for row in deviations_for(submission)
    ]
