"""What is written on forms that name criteria: it is offered for them, and stands where they are decided.

The catalogue says which criteria a form is for ("Plan", AC 1.1). One reading serves the check before
submitting, the pages that say what is missing, and what is frozen.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portfolios.models import Record
from portfolios.rules import written
from portfolios.selectors.forms import Forms
from portfolios.selectors.practice import Book

Parts = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is written for one criterion on one form: the form's title and the copies, the first one first."""

    title: str
    records: list[Record]


@dataclass(frozen=True, slots=True)
class RecordSeen:
    """A form with something written on it at a criterion that it names, as a marker's chip shows it."""

    evidence_id: UUID
    unit: str
    criterion: str
    title: str
    target: str
    is_timed: bool = False

    @property
    def chip(self) -> str:
        """What the chip says."""
        return f"{self.title}, from the records"

    @property
    def said(self) -> str:
        """What is said aloud when it is opened."""
        return self.chip

    @property
    def why(self) -> str:
        """Why it stands here."""
        return "The form is for this criterion."


def recorded_in(book: Book, forms: Forms) -> dict[str, list[Recorded]]:
    """Return by criterion what a book says on forms that name it."""
    found: dict[str, dict[str, Recorded]] = defaultdict(dict)
    for record in book.records:
        form = forms.of_record(record)
        if form and form.part.criteria and written(form.part, record.answers):
            for ref in form.part.criteria:
                row = found[ref].setdefault(form.part.title, Recorded(form.part.title, []))
                row.records.append(record)
    return {ref: list(rows.values()) for ref, rows in found.items()}


def parts_recorded(parts: Parts, recorded: Mapping[str, Collection[str]]) -> set[str]:
    """Return the parts for whose criteria something is recorded; ``recorded`` are the criteria by unit."""
    return {part for (unit, ref), part in parts.items() if ref in recorded.get(unit, ())}


def recorded_by_part(
    parts: Parts, recorded: Mapping[str, Mapping[str, list[Recorded]]]
) -> dict[str, list[Recorded]]:
    """Return by part what is recorded for its criteria."""
    found: dict[str, list[Recorded]] = defaultdict(list)
    for (unit, ref), part in parts.items():
        if rows := recorded.get(unit, {}).get(ref):
            found[part] += rows
    return dict(found)


def with_anchors(content: dict[str, Any], snapshot_id: UUID) -> dict[str, Any]:
    """Return frozen records in which every page has the id under which it stands on a page of ours."""
    for number, page in enumerate(pages_of(content), 1):
        page["anchor"] = f"record-{snapshot_id}-{number}"
    return content


def seen_by_part(parts: Parts, frozen: Iterable[tuple[UUID, dict[str, Any]]]) -> dict[str, list[RecordSeen]]:
    """Return by part the forms on which frozen records say something for it, each form once.

    Records that were frozen before forms were offered for their criteria name none.
    """
    found: dict[str, dict[tuple[str, str], RecordSeen]] = defaultdict(dict)
    for snapshot_id, content in frozen:
        for page in pages_of(with_anchors(content, snapshot_id)):
            for ref in page.get("criteria", ()):
                part = parts.get((content["unit"], ref))
                if part:
                    seen = RecordSeen(snapshot_id, content["unit"], ref, page["title"], page["anchor"])
                    found[part].setdefault((seen.unit, seen.title), seen)
    return {part: list(rows.values()) for part, rows in found.items()}


def pages_of(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every written page of frozen records, in the order in which they are shown."""
    for row in [*content["sessions"], *content["supervision"]]:
        yield from row["pages"]
    yield from content["records"]
