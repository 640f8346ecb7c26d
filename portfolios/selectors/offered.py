"""What is offered for the criteria of a learner's units: pieces under their parts, and written records."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from assessments.selectors import parts_by_criterion_of
from portfolios.models import Evidence, Offer
from portfolios.selectors.forms import Forms
from portfolios.selectors.practice import books_of
from portfolios.selectors.recorded import Recorded, recorded_in

Criteria = tuple[UUID, str, str]


def pieces_offered(registrations: Iterable[UUID]) -> dict[Criteria, list[Evidence]]:
    """Return the pieces offered for each criterion, by registration, unit and ref, in three queries."""
    offers = Offer.objects.filter(
        submission__registration__in=list(registrations),
        evidence__removed_at__isnull=True,
        evidence__state=Evidence.State.CLEAN,
    ).exclude(evidence__kind=Evidence.Kind.TEXT, evidence__size=0)
    rows = list(
        offers.select_related("evidence", "submission")
        .defer("submission__manifest")
        .order_by("offered_at", "id")
    )
    parts = parts_by_criterion_of({row.submission.assessment_id for row in rows})
    found: dict[Criteria, dict[UUID, Evidence]] = defaultdict(dict)
    for row in rows:
        for (unit, ref), part in parts[row.submission.assessment_id].items():
            if part == row.part_ref:
                found[row.submission.registration_id, unit, ref][row.evidence_id] = row.evidence
    return {key: list(pieces.values()) for key, pieces in found.items()}


def records_offered(
    registrations: Iterable[UUID], unit_refs: Iterable[str]
) -> dict[Criteria, list[Recorded]]:
    """Return what is written on forms for each criterion of some units, in six queries."""
    refs = list(unit_refs)
    books, forms = books_of(registrations, refs), Forms(refs)
    return {
        (registration_id, unit_ref, criterion): rows
        for (registration_id, unit_ref), book in books.items()
        for criterion, rows in recorded_in(book, forms).items()
    }
