"""The records of a programme, for tests that need some."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

from assessments.models import ApprovedDeviation, Assessment
from centres.models import Membership
from portfolios.actions import EntryFacts, record_entry
from portfolios.actions.deviate import record_deviation
from portfolios.models import ProgrammeEntry
from portfolios.rules import ProgrammeKind
from qualifications.models import Registration
from tests.makers import AT
from tests.portfolios.samples import pdf

DAY = AT.date()


def record(
    registration: Registration,
    kind: str,
    *,
    by: Membership,
    day: date = DAY,
    at: datetime = AT,
    note: str = "Talked it through.",
    **facts: Any,
) -> ProgrammeEntry:
    """Record an event of a programme; what takes time takes an hour."""
    if ProgrammeKind(kind).is_timed:
        facts.setdefault("minutes", 60)
    return record_entry(
        registration=registration,
        kind=ProgrammeKind(kind),
        facts=EntryFacts(held_on=day, note=note, **facts),
        by=by,
        at=at,
    )


def deviate(
    registration: Registration,
    key: str,
    *,
    by: Membership,
    day: date = DAY,
    at: datetime = AT,
    kind: str = "METHOD",
    text: str = "A presentation instead of the diary.",
) -> ApprovedDeviation:
    """Record an approved deviation with its letter."""
    return record_deviation(
        registration=registration,
        assessment_id=Assessment.objects.get(key=key).pk,
        kind=kind,
        text=text,
        approved_on=day,
        name="approval.pdf",
        letter=BytesIO(pdf()),
        by=by,
        at=at,
    )
