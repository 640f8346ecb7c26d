"""The records of a submission's units: as they would be frozen now, and as they were frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.utils.timezone import localtime

from lib.canonical import canonical_json, fingerprint
from portfolios.models import (
    GuestSignature,
    PracticeSession,
    Record,
    Snapshot,
    Submission,
    SupervisionSession,
)
from portfolios.rules import Counter, counters_of, in_hours, parse_day, text_in, written
from portfolios.rules.kept import BY_PASSWORD, Signed
from portfolios.rules.templates import Box, Kind
from portfolios.selectors.forms import Form, Forms
from portfolios.selectors.guests import NOTHING, Heard, signatory
from portfolios.selectors.practice import (
    Book,
    books_of,
    practice_in,
    requirement_of,
    units_with_practice,
)
from portfolios.selectors.recorded import Recorded, recorded_in
from qualifications.models import Unit

RECORDS = "RECORDS"


class NotAsFrozen(Exception):
    """What is kept of an attempt's records is not what its fingerprint says, or is not there at all."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """The records of one unit with their fingerprint and length in bytes, and what they count to.

    ``recorded`` is what is written for each criterion that a form names.
    """

    unit_ref: str
    counters: list[Counter]
    recorded: dict[str, list[Recorded]]
    content: dict[str, Any]
    sha256: str
    size: int

    @property
    def line(self) -> dict[str, Any]:
        """The line of the manifest that stands for them."""
        return {
            "part": "",
            "unit": self.unit_ref,
            "label": f"Records of {self.unit_ref}",
            "kind": RECORDS,
            "size": self.size,
            "sha256": self.sha256,
        }


def records_now(submission: Submission) -> list[Frozen]:
    """Return the records of the units that an attempt decides, as they stand now, in ten queries."""
    units = units_with_practice(submission.assessment_id)
    if not units:
        return []
    refs = [unit.ref for unit in units]
    books, forms = books_of([submission.registration_id], refs), Forms(refs)
    return [_frozen(unit, books[submission.registration_id, unit.ref], forms) for unit in units]


def counters_in(frozen: Sequence[Frozen]) -> list[Counter]:
    """Return what the records of an attempt's units count to, unit by unit."""
    return [counter for records in frozen for counter in records.counters]


def records_as_submitted(submission: Submission) -> list[Snapshot]:
    """Return the records that an attempt was submitted with, in the order of its manifest.

    Raises NotAsFrozen where one is missing or was not what its fingerprint says.
    """
    wanted = [(row["unit"], row["sha256"]) for row in submission.manifest if row["kind"] == RECORDS]
    if not wanted:
        return []
    rows = Snapshot.objects.filter(submission=submission)
    known = {(row.unit_ref, row.sha256): row for row in rows}
    lost = [ref for ref, sha256 in wanted if (ref, sha256) not in known]
    if lost:
        raise NotAsFrozen(f"the records of {', '.join(lost)} are not there in {submission.pk}")
    return [check_frozen(known[pair]) for pair in wanted]


def check_frozen(snapshot: Snapshot) -> Snapshot:
    """Return frozen records whose content has the fingerprint they are kept under. Raises NotAsFrozen."""
    if fingerprint(canonical_json(snapshot.content)) != snapshot.sha256:
        raise NotAsFrozen(f"the records {snapshot.pk} do not have their fingerprint")
    return snapshot


def _frozen(unit: Unit, book: Book, forms: Forms) -> Frozen:
    requirement = requirement_of(unit)
    counters = counters_of(requirement, practice_in(book, forms, requirement))
    content = {
        "unit": unit.ref,
        "title": unit.title,
        "counters": [_counter(counter) for counter in counters],
        "exceptions": [
            {
                "client": f"Client {row.client.number}",
                "reason": row.reason,
                "options": row.options_considered,
            }
            for row in book.exceptions
        ],
        "sessions": [_session(session, book, forms) for session in _by_time(book.sessions)],
        "supervision": [_supervision(row, book, forms) for row in book.supervisions],
        "records": _unit_records(book, forms),
    }
    data = canonical_json(content)
    return Frozen(
        unit_ref=unit.ref,
        counters=counters,
        recorded=recorded_in(book, forms),
        content=content,
        sha256=fingerprint(data),
        size=len(data),
    )


def _counter(counter: Counter) -> dict[str, Any]:
    return {
        "name": counter.name,
        "shown": counter.shown,
        "have": counter.have,
        "need": counter.need,
        "is_met": counter.is_met,
        "is_minimum": counter.is_minimum,
    }


def _by_time(sessions: Sequence[PracticeSession]) -> list[PracticeSession]:
    return sorted(sessions, key=lambda session: (session.starts_at, session.number))


def _session(session: PracticeSession, book: Book, forms: Forms) -> dict[str, Any]:
    starts = localtime(session.starts_at)
    return {
        "number": session.number,
        "client": f"Client {session.client.number}",
        "date": f"{starts:%-d %b %Y}",
        "start": f"{starts:%H:%M}",
        "length": in_hours(session.minutes),
        "minutes": session.minutes,
        "pages": [
            page for row in book.records_of(session) if (page := page_of(row, forms, book.heard_of(row)))
        ],
    }


def _supervision(row: SupervisionSession, book: Book, forms: Forms) -> dict[str, Any]:
    return {
        "number": row.number,
        "supervisor": row.supervisor,
        "date": f"{row.held_on:%-d %b %Y}",
        "length": in_hours(row.minutes),
        "minutes": row.minutes,
        "pages": [
            page for record in book.records_of(row) if (page := page_of(record, forms, book.heard_of(record)))
        ],
    }


def _unit_records(book: Book, forms: Forms) -> list[dict[str, Any]]:
    own = [row for row in book.records if row.session_id is None and row.supervision_id is None]
    return [page for row in own if (page := page_of(row, forms, book.heard_of(row)))]


def page_of(record: Record, forms: Forms, heard: Heard = NOTHING) -> dict[str, Any] | None:
    """Return what was written on a record, box by box with its label; nothing for one left empty.

    What others wrote on it stands there as theirs, with who signed it; a page that nobody else signed has no
    word of it, so that it keeps its fingerprint.
    """
    form = forms.of_record(record)
    answers = heard.answers(record)
    if form is None or not (written(form.part, answers) or heard.signatures or heard.papers):
        return None
    signed = [_signature(row) for row in heard.signatures] + _signed_inside(record)
    papers = [{"label": row.evidence.label, "sha256": row.evidence.sha256} for row in heard.papers]
    named = {"criteria": list(form.part.criteria)} if form.part.criteria else {}
    return named | {
        "title": form.part.title,
        "template": f"{form.key} version {form.version}",
        "number": record.number if _has_number(record, form) else None,
        "lines": [
            _line(box, form, answers, heard.author_of) for box in form.part.asked if text_in(box, answers)
        ],
        **({"signatures": signed} if signed else {}),
        **({"papers": papers} if papers else {}),
    }


def lines_of(form: Form, answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what stands in the boxes of a page, each with its label."""
    boxes = [box for box in form.part.asked if text_in(box, answers)]
    return [(_label(box, form), box_in_words(box, answers)) for box in boxes]


def _line(
    box: Box, form: Form, answers: dict[str, str], authors: Mapping[str, GuestSignature]
) -> dict[str, str]:
    line = {"label": _label(box, form), "text": box_in_words(box, answers)}
    return {**line, "by": signatory(authors[box.key])} if box.key in authors else line


def _signature(row: GuestSignature) -> dict[str, str]:
    return {
        "who": signatory(row),
        "meaning": row.meaning,
        "at": f"{row.signed_at.astimezone(UTC):%-d %b %Y, %H:%M} UTC",
        "method": row.method,
        "sha256": row.sha256,
    }


def _signed_inside(record: Record) -> list[dict[str, str]]:
    """Return the signature of the learner, an assessor or a tutor on a page that was kept as evidence."""
    signed = signature_inside(record)
    if signed is None or record.evidence is None:
        return []
    return [
        {
            "who": signed.who,
            "meaning": signed.meaning,
            "at": signed.moment,
            "method": signed.method,
            "sha256": record.evidence.sha256,
        }
    ]


def signature_inside(record: Record) -> Signed | None:
    """Return how a page was signed by the learner, an assessor or a tutor, if it was."""
    if record.signed_at is None:
        return None
    role = record.get_signed_as_display().lower()
    return Signed(record.signed_name, role, record.signed_at, record.meaning, BY_PASSWORD)


def box_in_words(box: Box, answers: Mapping[str, str]) -> str:
    """Return what stands in a box as people read it: a date as a date, a text as it is."""
    text = text_in(box, answers)
    day = parse_day(text) if box.kind is Kind.DATE else None
    return f"{day:%-d %b %Y}" if day else text


def _label(box: Box, form: Form) -> str:
    if box.kind is not Kind.RATING:
        return box.label
    low, high = form.part.scale or (0, 0)
    return f"{box.label} ({low} to {high})"


def _has_number(record: Record, form: Form) -> bool:
    is_about_one = record.session_id is not None or record.supervision_id is not None
    return not is_about_one and form.part.is_repeatable
