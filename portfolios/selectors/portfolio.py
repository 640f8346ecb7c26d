"""A learner's portfolio: every piece of evidence, and the matrix of what is claimed for each unit."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from assessments.models import RecordTemplate
from portfolios.models import Claim, Evidence, Offer
from portfolios.selectors.claims import ClaimSeen, as_seen
from portfolios.selectors.criteria import UnitCriteria, units_by_qualification, units_of
from portfolios.selectors.offered import pieces_offered, records_offered
from portfolios.selectors.recorded import Recorded
from qualifications.models import Registration

COLUMNS = ["Unit / AC", "Evidence title", "Reference number"]
SORTS = {"label": "label", "added": "added_at", "claims": "claim_count"}


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One criterion with the claims for it, each with the reference number of its piece.

    ``offered`` are the pieces offered for it in which no place is claimed, ``records`` what is
    written for it.
    """

    ref: str
    text: str
    claims: list[tuple[str, ClaimSeen]]
    offered: list[tuple[str, Evidence]]
    records: list[Recorded]

    @property
    def is_covered(self) -> bool:
        """Whether anything at all is offered for it."""
        return bool(self.claims or self.offered or self.records)


@dataclass(frozen=True, slots=True)
class Matrix:
    """One unit's matrix in the order that its form asks for."""

    title: str
    unit: UnitCriteria
    columns: list[str]
    sections: list[tuple[str, list[MatrixRow]]]
    footer: str

    @property
    def uncovered(self) -> list[str]:
        """The criteria for which nothing is offered yet."""
        return [row.ref for _, rows in self.sections for row in rows if not row.is_covered]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One unit of a registration with for how many of its criteria anything is offered."""

    registration: Registration
    unit: UnitCriteria
    covered: int

    @property
    def total(self) -> int:
        """How many criteria the unit has."""
        return len(self.unit.refs)


def matrix_of(registration: Registration, unit_ref: str) -> Matrix | None:
    """Return a unit's matrix in fourteen queries, or nothing for a unit that the qualification has not."""
    unit = next((unit for unit in units_of(registration) if unit.ref == unit_ref), None)
    if unit is None:
        return None
    references = references_of([registration.pk])
    rows = Claim.objects.filter(registration=registration, unit_ref=unit_ref, removed_at__isnull=True)
    claims: dict[str, list[tuple[str, ClaimSeen]]] = defaultdict(list)
    for claim in rows.select_related("evidence").order_by("evidence__added_at", "first", "claimed_at", "id"):
        claims[claim.criterion_ref].append((references[claim.evidence_id], as_seen(claim)))
    offered = _without_claims(registration, unit_ref, claims)
    records = records_offered([registration.pk], [unit_ref])

    def row_of(ref: str) -> MatrixRow:
        pieces = [(references[piece.pk], piece) for piece in offered[ref]]
        written = records.get((registration.pk, unit_ref, ref), [])
        return MatrixRow(ref, unit.texts[ref], claims[ref], pieces, written)

    return laid_out(unit, row_of)


def laid_out(unit: UnitCriteria, row_of: Callable[[str], MatrixRow]) -> Matrix:
    """Return a unit's matrix as its form lays it out, with the row of each criterion, in one query."""
    form = _form_of(unit.ref)
    columns = form.get("columns", [])
    return Matrix(
        title=form.get("title", "Evidence matrix"),
        unit=unit,
        columns=columns if len(columns) == len(COLUMNS) else COLUMNS,
        sections=[
            (heading, [row_of(ref) for ref in refs])
            for heading, refs in _sections(unit, form.get("rows_by_section", {}).get(unit.ref, {}))
        ],
        footer=form.get("footer", ""),
    )


def coverage_of(registrations: Sequence[Registration]) -> list[Coverage]:
    """Return every unit of some registrations with how much of it is covered, in twelve queries."""
    units = units_by_qualification([row.qualification_id for row in registrations])
    covered = covered_in(registrations, {unit.ref for rows in units.values() for unit in rows})
    return [
        Coverage(row, unit, sum((row.pk, unit.ref, ref) in covered for ref in unit.refs))
        for row in registrations
        for unit in units[row.qualification_id]
    ]


def covered_in(registrations: Sequence[Registration], refs: Iterable[str]) -> set[tuple[UUID, str, str]]:
    """Return the criteria for which anything is offered, by registration, unit and ref, in ten queries."""
    ids = [row.pk for row in registrations]
    claims = Claim.objects.filter(registration__in=ids, removed_at__isnull=True)
    claimed = claims.values_list("registration_id", "unit_ref", "criterion_ref")
    return {*claimed, *pieces_offered(ids), *records_offered(ids, refs)}


def references_of(registrations: Sequence[UUID]) -> dict[UUID, str]:
    """Return the reference number of every piece: its place in the order of keys, which never changes.

    A copy of a text for the next attempt is dated like the text, but its key comes after all others.
    """
    rows = Evidence.objects.filter(registration__in=registrations).order_by("id")
    numbers: dict[UUID, int] = defaultdict(int)
    references = {}
    for pk, registration_id in rows.values_list("pk", "registration_id"):
        numbers[registration_id] += 1
        references[pk] = f"E{numbers[registration_id]}"
    return references


def evidence_rows(
    registrations: Sequence[Registration], *, q: str = "", claimed: str = "", sort: str = ""
) -> QuerySet[Any]:
    """Return the pieces that say something, narrowed and sorted, each with its number of claims."""
    rows = Evidence.objects.filter(registration__in=registrations, removed_at__isnull=True).exclude(
        kind=Evidence.Kind.TEXT, size=0
    )
    standing = Count("claims", filter=Q(claims__removed_at__isnull=True))
    rows = rows.annotate(claim_count=standing).select_related("registration__qualification")
    if q:
        rows = rows.filter(label__icontains=q)
    if claimed:
        rows = rows.filter(claim_count__gt=0) if claimed == "yes" else rows.filter(claim_count=0)
    key = SORTS[sort.removeprefix("-")] if sort else "added_at"
    found: QuerySet[Any] = rows.order_by(f"-{key}" if sort.startswith("-") or not sort else key, "id")
    return found


def offered_in(pieces: Iterable[Evidence]) -> dict[UUID, list[str]]:
    """Return the attempts in which pieces are offered, in words and by piece, in one query."""
    rows = Offer.objects.filter(evidence__in=pieces).order_by("submission__started_at")
    titles: dict[UUID, list[str]] = defaultdict(list)
    names = ("evidence_id", "submission__assessment__title", "submission__attempt")
    for pk, title, attempt in rows.values_list(*names):
        words = f"{title}, attempt {attempt}"
        if words not in titles[pk]:
            titles[pk].append(words)
    return titles


def _without_claims(
    registration: Registration, unit_ref: str, claims: Mapping[str, Sequence[tuple[str, ClaimSeen]]]
) -> dict[str, list[Evidence]]:
    """Return by criterion the pieces offered for it in which no place is claimed for it."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for (_, unit, ref), pieces in pieces_offered([registration.pk]).items():
        if unit == unit_ref:
            claimed = {claim.evidence_id for _, claim in claims.get(ref, ())}
            found[ref] = [piece for piece in pieces if piece.pk not in claimed]
    return found


def _form_of(unit_ref: str) -> dict[str, Any]:
    """Return the record template that lays out the unit's matrix, or nothing where there is none."""
    rows = RecordTemplate.objects.filter(
        unit_refs__contains=[unit_ref], body__rows_by_section__has_key=unit_ref
    )
    row = rows.order_by("-version", "key").first()
    return {**row.body, "title": row.title} if row else {}


def _sections(unit: UnitCriteria, laid_out: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    """Return the form's sections, or the unit's outcomes; no criterion is left out."""
    if not laid_out:
        return [(f"LO {number} {text}", [ref for ref, _ in rows]) for number, text, rows in unit.outcomes]
    known = set(unit.refs)
    sections = [(heading, [ref for ref in refs if ref in known]) for heading, refs in laid_out.items()]
    placed = {ref for _, refs in sections for ref in refs}
    rest = [ref for ref in unit.refs if ref not in placed]
    return [*sections, *([("Other criteria", rest)] if rest else [])]
