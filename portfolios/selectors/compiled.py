"""A portfolio as one document, in the order that its specification asks: as it stands, or as submitted."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import chain
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime

from assessments.models import RecordTemplate
from assessments.selectors import parts_of, unit_refs
from portfolios.models import Evidence, Submission
from portfolios.rules import DECLARATION, State
from portfolios.rules.compiled import (
    Entry,
    entry,
    in_words,
    is_bare,
    practice_of,
    records_of,
    supervision_of,
    table,
)
from portfolios.rules.contents import Item, order_of
from portfolios.rules.locators import LocatorKind
from portfolios.selectors.claims import ClaimSeen, claims_in
from portfolios.selectors.criteria import UnitCriteria, units_of
from portfolios.selectors.discussions import discussions_in
from portfolios.selectors.extent import extent_of
from portfolios.selectors.frozen import RECORDS, records_as_submitted, records_now
from portfolios.selectors.missing import offered_lines
from portfolios.selectors.observed import kept_pages
from portfolios.selectors.portfolio import Matrix, MatrixRow, laid_out, references_of

NOT_YET = "Not submitted yet"
NOTHING, NOTHING_YET = "Nothing is here.", "Nothing yet."

Line = dict[str, Any]


def compiled_record(submission: Submission, *, at: datetime) -> dict[str, Any]:
    """Return the whole portfolio of an attempt as values: a draft as it stands, else what was submitted.

    A draft is dated by the minute in which it is put together, a submitted one by its submission.
    """
    binder = _Binder(submission)
    as_of = at.replace(second=0, microsecond=0) if binder.is_draft else submission.submitted_at
    centre = submission.centre
    return {
        "kind": "portfolio",
        "version": 1,
        "is_draft": binder.is_draft,
        "as_of": as_of,
        "title": submission.assessment.title,
        "attempt": submission.attempt,
        "centre": {"name": centre.name, "number": centre.number},
        "learner": {
            "name": submission.registration.learner.name,
            "registration_number": submission.registration.number,
        },
        "qualification": submission.registration.qualification.title,
        "units": [{"ref": unit.ref, "title": unit.title} for unit in binder.units],
        "parts": binder.parts,
    }


class _Binder:
    """Puts one attempt's portfolio together, part by part; what several parts need is read once."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.is_draft = submission.state == State.DRAFT.value
        refs = unit_refs(submission.assessment_id)
        known = {unit.ref: unit for unit in units_of(submission.registration)}
        self.units: list[UnitCriteria] = [known[ref] for ref in refs if ref in known]
        self.lines, self.attempts = _standing_lines(submission, self.is_draft)
        self.pieces = Evidence.objects.in_bulk({UUID(line["evidence"]) for line in self.lines})
        self.kept = kept_pages(self.pieces)
        self.references = references_of([submission.registration_id])
        self.order = _order(refs)
        self.placed = frozenset(key for item in self.order for key in item.templates)
        self.told: set[UUID] = set()

    def part(self, item: Item) -> Entry:
        """Return one part of the document; one that holds nothing says so."""
        makers: dict[str, Callable[[Item], Entry]] = {
            "authentication": self._authentication,
            "matrix": self._matrix,
            "sections": self._sections,
            "practice": lambda item: self._of_units(item, practice_of),
            "supervision": lambda item: self._of_units(item, supervision_of),
            "records": self._records,
            "discussions": self._discussions,
            "files": self._files,
        }
        made = makers[item.of](item)
        return {**made, "notes": [self.nothing]} if is_bare(made) else made

    @property
    def parts(self) -> list[Entry]:
        """Every part in its order; in the plain order what holds nothing is left out."""
        pairs = [(item, self.part(item)) for item in self.order]
        return [part for item, part in pairs if not item.is_optional or part["notes"] != [self.nothing]]

    @property
    def nothing(self) -> str:
        """What a part says that holds nothing."""
        return NOTHING_YET if self.is_draft else NOTHING

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The records of the units: as they stand, or as they were frozen."""
        if self.is_draft:
            return [frozen.content for frozen in records_now(self.submission)]
        return [snapshot.content for snapshot in records_as_submitted(self.submission)]

    @cached_property
    def claims(self) -> list[ClaimSeen]:
        """Every claim that stands, part by part."""
        return [row for rows in claims_in(self.lines).values() for row in rows]

    @cached_property
    def matrices(self) -> list[Matrix]:
        """The matrix of every unit."""
        found: dict[tuple[str, str], list[tuple[str, ClaimSeen]]] = defaultdict(list)
        for row in self.claims:
            found[row.unit, row.criterion].append((self.references[row.evidence_id], row))

        def row_of(unit: UnitCriteria, ref: str) -> MatrixRow:
            return MatrixRow(ref, unit.texts[ref], found[unit.ref, ref], self._without_claims(ref), [])

        return [laid_out(unit, partial(row_of, unit)) for unit in self.units]

    def _without_claims(self, ref: str) -> list[tuple[str, Evidence]]:
        """Return the pieces offered for a criterion in which no place is claimed, with their references."""
        if self.submission.assessment.is_by_section:
            return []
        keys = [
            UUID(line["evidence"]) for line in self.lines if line["part"] == ref and not line.get("claims")
        ]
        return [(self.references[key], self.pieces[key]) for key in keys if key in self.pieces]

    def _recorded(self, unit_ref: str, ref: str) -> list[str]:
        """Return the titles of the forms that name a criterion and on which something is written."""
        content: dict[str, Any] = next((row for row in self.records if row["unit"] == unit_ref), {})
        meetings = [*content.get("sessions", ()), *content.get("supervision", ())]
        pages = chain(content.get("records", ()), *(meeting["pages"] for meeting in meetings))
        return list(dict.fromkeys(page["title"] for page in pages if ref in page.get("criteria", ())))

    def _offered_in_words(self, unit_ref: str, row: MatrixRow) -> str:
        said = [f"{number} {claim.label}, {claim.locator}: {claim.why}" for number, claim in row.claims]
        said += [f"{number} {piece.label}: offered, no place claimed" for number, piece in row.offered]
        said += [f"{title}: in the records" for title in self._recorded(unit_ref, row.ref)]
        return "\n".join(said) or "Nothing offered"

    @property
    def signed(self) -> list[tuple[str, str]]:
        """Who signed by declaring, and when."""
        if self.is_draft:
            return [("Signature", NOT_YET), ("Date completed", NOT_YET)]
        by, at = self.submission.submitted_by, localtime(self.submission.submitted_at, UTC)
        return [
            ("Signature", f"{by.name}, by declaring it while signed in"),
            ("Date completed", f"{at:%-d %b %Y, %H:%M} UTC"),
        ]

    def _authentication(self, item: Item) -> Entry:
        registration = self.submission.registration
        standardisation = "Refused" if self.submission.has_refused_standardisation else "Not refused"
        facts = [
            ("Learner", registration.learner.name),
            ("Registration", registration.number),
            ("Qualification", registration.qualification.title),
            *(("Unit", f"{unit.ref} {unit.title}") for unit in self.units),
            ("Attempt", str(self.submission.attempt)),
            *self.signed,
        ]
        if not self.is_draft:
            facts += [
                ("Use for standardisation", standardisation),
                ("Fingerprint of what was declared", self.submission.manifest_sha256),
            ]
        words = "To be declared" if self.is_draft else "Declared"
        return entry(item.heading, facts=facts, words=[(words, self.submission.declaration or DECLARATION)])

    def _matrix(self, item: Item) -> Entry:
        return entry(item.heading, entries=[self._matrix_of(matrix) for matrix in self.matrices])

    def _matrix_of(self, matrix: Matrix) -> Entry:
        groups = [
            (
                heading,
                [
                    [
                        f"AC {row.ref} {row.text}",
                        self._offered_in_words(matrix.unit.ref, row),
                        "\n".join(dict.fromkeys(reference for reference, _ in (*row.claims, *row.offered)))
                        or "–",
                    ]
                    for row in rows
                ],
            )
            for heading, rows in matrix.sections
        ]
        return entry(
            f"{matrix.unit.ref} {matrix.unit.title}",
            facts=[("Name of learner", self.submission.registration.learner.name), *self.signed],
            table=table(matrix.columns, groups),
        )

    def _sections(self, item: Item) -> Entry:
        parts = parts_of(self.submission.assessment)
        word = "Section" if self.submission.assessment.is_by_section else "AC"
        made = {part.ref: self._section(part.ref, f"{word} {part.ref} {part.heading}") for part in parts}
        groups = self.matrices[0].sections if word == "AC" and len(self.matrices) == 1 else []
        entries = [
            entry(heading, entries=[made.pop(row.ref) for row in rows if row.ref in made])
            for heading, rows in groups
        ]
        return entry(item.heading, entries=[*(row for row in entries if row["entries"]), *made.values()])

    def _section(self, ref: str, title: str) -> Entry:
        lines = [line for line in self.lines if line["part"] == ref]
        attempt = self.attempts.get(ref, self.submission.attempt)
        notes = []
        if attempt != self.submission.attempt:
            notes.append(f"Carried over from attempt {attempt}.")
        shown = [self._piece(line) for line in lines if line["size"]]
        return entry(title, notes=[*notes, *([] if shown else [self.nothing])], entries=shown)

    def _piece(self, line: Line) -> Entry:
        """Return one piece: a text in full where it comes first, a file by its number in the list."""
        pk = UUID(line["evidence"])
        piece, reference = self.pieces[pk], self.references[pk]
        claims = [
            (f"For {row.unit} AC {row.criterion}, {row.locator}", row.why)
            for row in claims_in([line])[line["part"]]
        ]
        notes, words = [], []
        if pk in self.told:
            notes.append(f"{reference} stands in full further up.")
        elif piece.kind == Evidence.Kind.TEXT or pk in self.kept:
            words.append(("", piece.text or extent_of(piece).text or ""))
            self.told.add(pk)
        else:
            notes.append(f"{in_words(piece.content_type)}: file {reference} in the list of attached files.")
        return entry(f"{reference} {line['label']}", notes=notes, words=[*words, *claims])

    def _of_units(self, item: Item, make: Callable[[dict[str, Any]], Entry]) -> Entry:
        made = [make(content) for content in self.records]
        return entry(item.heading, entries=[row for row in made if row["entries"] or row["facts"]])

    def _records(self, item: Item) -> Entry:
        return self._of_units(item, lambda content: records_of(content, only=item.templates, but=self.placed))

    def _discussions(self, item: Item) -> Entry:
        labels = {UUID(line["evidence"]): line["label"] for line in self.lines}
        entries = []
        for pk, talk in discussions_in(self.lines).items():
            times = [row for row in self.claims if row.evidence_id == pk and row.is_timed]
            facts = [
                ("Held", f"{talk.held:%-d %b %Y, %H:%M}, {talk.mode.lower()}"),
                ("Assessor", talk.assessor),
                *([("Also there", talk.others)] if talk.others else []),
                ("Recording or notes", f"{self.references[pk]} {labels[pk]}"),
                ("Confirmed by the learner", "Yes" if talk.is_confirmed else "No"),
                *((row.where, f"{row.unit} AC {row.criterion}: {row.why}") for row in _by_time(times)),
            ]
            title = f"Discussion of {talk.held:%-d %b %Y}"
            entries.append(entry(title, facts=facts, words=[("Agreed questions", talk.questions)]))
        return entry(item.heading, entries=entries)

    def _files(self, item: Item) -> Entry:
        places: dict[UUID, list[str]] = defaultdict(list)
        for line in self.lines:
            if line["part"] not in places[UUID(line["evidence"])]:
                places[UUID(line["evidence"])].append(line["part"])
        files = [pk for pk in places if self.pieces[pk].kind == Evidence.Kind.FILE]
        rows = [
            [
                self.references[pk],
                self.pieces[pk].label,
                f"{in_words(self.pieces[pk].content_type)}, {self.pieces[pk].size:,} bytes",
                ", ".join(places[pk]),
                self.pieces[pk].sha256,
            ]
            for pk in sorted(files, key=lambda pk: int(self.references[pk][1:]))
        ]
        columns = ["Number", "File", "Kind and size", "Offered under", "SHA-256"]
        return entry(item.heading, table=table(columns, [("", rows)]) if rows else None)


def _order(refs: Sequence[str]) -> tuple[Item, ...]:
    """Return the order that the newest template of the first unit with one asks."""
    rows = RecordTemplate.objects.filter(unit_refs__overlap=list(refs), body__has_key="contents")
    found = list(rows.order_by("-version", "key"))
    return order_of(row.body for ref in refs for row in found if ref in row.unit_refs)


def _standing_lines(submission: Submission, is_draft: bool) -> tuple[list[Line], dict[str, int]]:
    """Return the lines that an attempt rests on, and for each part the attempt in which it was done last."""
    rows = Submission.objects.filter(
        registration=submission.registration_id,
        assessment=submission.assessment_id,
        attempt__lt=submission.attempt,
    )
    held = list(rows.order_by("attempt").values_list("attempt", "open_parts", "manifest"))
    own = offered_lines(submission) if is_draft else submission.manifest
    held.append((submission.attempt, submission.open_parts, own))
    attempts = {ref: attempt for attempt, parts, _ in held for ref in parts}
    lines = [
        line
        for attempt, _, manifest in held
        for line in manifest
        if line["kind"] != RECORDS and attempts.get(line["part"]) == attempt
    ]
    return lines, attempts


def _by_time(claims: Sequence[ClaimSeen]) -> list[ClaimSeen]:
    timed = [row for row in claims if row.locator.kind is LocatorKind.TIME]
    return sorted(timed, key=lambda row: (row.locator.first, row.unit, row.criterion))
