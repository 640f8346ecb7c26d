"""The attempts that were submitted with a unit's records: what is changed now is not part of them."""

from portfolios.models import Submission
from portfolios.rules import State
from qualifications.models import Registration, Unit


def submitted_with(registration: Registration, unit: Unit) -> list[Submission]:
    """Return the latest attempt at each assessment that decides a unit, but for drafts, in one query."""
    rows = Submission.objects.filter(
        registration=registration, assessment__assessment_units__unit__ref=unit.ref
    )
    latest = rows.defer("manifest").order_by("assessment", "-attempt").distinct("assessment")
    return [row for row in latest if row.state != State.DRAFT.value]
