"""How a record template of the catalogue reads as forms: its parts, and the boxes in each."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

FREE_ROWS = 6
SPARE_CLAUSES = 2

# These draw themselves from what is recorded elsewhere, or are filled in by those who judge.
NOT_FILLED_IN = frozenset({"rows_by_section", "by_unit", "per_lo_fields", "decision_blocks", "contents"})


class Kind(StrEnum):
    """What a box takes; KNOWN ones show what is on record already."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    RATING = "rating"
    KNOWN = "known"


class Subject(StrEnum):
    """What a part is kept about: each practice session, each supervision session, or the unit as a whole."""

    SESSION = "session"
    REFLECTION = "reflection"
    SUPERVISION = "supervision"
    PLAN = "plan"
    UNIT = "unit"


class Signer(StrEnum):
    """Who signs a page that is kept as a piece of evidence of its own."""

    LEARNER = "learner"
    ASSESSOR = "assessor"
    WITNESS = "witness"


class Known(StrEnum):
    """A fact that is on record, so that no form asks for it again."""

    CLIENT = "client"
    NUMBER = "number"
    DATE = "date"
    LENGTH = "length"
    LEARNER = "learner"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Box:
    """One place to write in. ``key`` is where it stands in its version of the template.

    ``counts_as`` is what the template says that words in it are, such as *feedback* received.
    """

    key: str
    label: str
    kind: Kind
    default: str = ""
    known: Known | None = None
    column: str = ""
    counts_as: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes that stand together; with ``columns`` they are the rows of a table, each with its heading."""

    title: str
    rows: tuple[tuple[Box, ...], ...]
    columns: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[tuple[str, tuple[Box, ...]], ...]:
        """The rows of the table, each with its heading, which may be empty."""
        heads = self.heads or ("",) * len(self.rows)
        return tuple(zip(heads, self.rows, strict=True))


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a record template, as it is filled in; ``says_what_counts`` where its boxes are marked."""

    key: str
    title: str
    subject: Subject
    groups: tuple[Group, ...]
    preamble: str = ""
    notes: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    by: str = ""
    signer: Signer | None = None
    is_repeatable: bool = False
    scale: tuple[int, int] | None = None
    scale_words: tuple[str, str] = ("", "")
    says_what_counts: bool = False

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Every box, in the order of the page."""
        return tuple(box for group in self.groups for row in group.rows for box in row)

    @property
    def asked(self) -> tuple[Box, ...]:
        """The boxes that are filled in, rather than shown."""
        return tuple(box for box in self.boxes if box.kind is not Kind.KNOWN)

    @property
    def ratings(self) -> range:
        """The numbers of the scale."""
        return range(self.scale[0], self.scale[1] + 1) if self.scale else range(0)


PLAIN_SESSION: Mapping[str, Any] = {
    "key": "session-notes",
    "version": 1,
    "title": "Session notes",
    "fields": [
        "What you planned for this session",
        "What you and your client did",
        "Feedback you gave or received",
        "Your reflections on the session",
    ],
}
PLAIN_SUPERVISION: Mapping[str, Any] = {
    "key": "supervision-notes",
    "version": 1,
    "title": "Supervision notes",
    "fields": ["What you talked about", "What you will do now to improve"],
}
PLAIN_PLAN: Mapping[str, Any] = {
    "key": "development-plan",
    "version": 1,
    "title": "Development plan",
    "horizon_months": 0,
    "fields": ["Date"],
    "columns": [
        "What I want to develop",
        "How I will do it",
        "Support and resources I need",
        "When I will do it",
        "How I will know it worked",
    ],
}
PLAIN_FORMS = (PLAIN_SESSION, PLAIN_SUPERVISION, PLAIN_PLAN)
PLAIN = {str(body["key"]): body for body in PLAIN_FORMS}


def parts_of_template(body: Mapping[str, Any]) -> tuple[Part, ...]:
    """Return the parts of a template that learners fill in; none for a form that is drawn or judged."""
    if NOT_FILLED_IN & set(body):
        return ()
    parts = body.get("parts")
    if parts:
        return tuple(_part(part, body, str(part["part"])) for part in parts)
    part = _part(body, body, "")
    return (part,) if part.asked else ()


def _part(source: Mapping[str, Any], body: Mapping[str, Any], name: str) -> Part:
    scale = source.get("scale") or {}
    subject = subject_of(body, name)
    groups = _marked(_groups(source, subject), source.get("counted_as", ()))
    return Part(
        key=slug(name) or "all",
        title=_title(source, name) or _FOR_UNITS.sub("", str(body["title"])),
        subject=subject,
        groups=tuple(group for group in groups if group.rows),
        preamble=_preamble(source),
        notes=tuple(str(text) for key in ("labels", "requirements") for text in source.get(key, ())),
        criteria=tuple(str(ref) for ref in source.get("ac", ())),
        by=str(source.get("completed_by") or ""),
        signer=Signer(body["evidence_signed_by"]) if "evidence_signed_by" in body else None,
        is_repeatable=_is_repeatable(source),
        scale=(int(scale["min"]), int(scale["max"])) if scale else None,
        scale_words=(str(scale.get("low_label", "")), str(scale.get("high_label", ""))),
        says_what_counts="counted_as" in source,
    )


def _marked(groups: Iterable[Group], marks: Sequence[Mapping[str, str]]) -> Iterator[Group]:
    """Yield the groups with every box told what it counts as."""
    named = {_sentence(mark["box"]): mark["as"] for mark in marks}
    for group in groups:
        rows = (tuple(replace(box, counts_as=named.get(box.label, "")) for box in row) for row in group.rows)
        yield replace(group, rows=tuple(rows))


# The paper's titles say for which units it is; the page says so by itself.
_FOR_UNITS = re.compile(r" - Units? .*$| \(Appendix .*\)$")
LONG_HEADING = 40


def _title(source: Mapping[str, Any], name: str) -> str:
    heading = str(source.get("heading") or "")
    return heading if 0 < len(heading) <= LONG_HEADING else name.capitalize()


def _preamble(source: Mapping[str, Any]) -> str:
    heading = str(source.get("heading") or "")
    own = source.get("preamble") or source.get("prompt") or ""
    return str(own or (heading if len(heading) > LONG_HEADING else ""))


def subject_of(body: Mapping[str, Any], part: str) -> Subject:
    """Return what a part is kept about: the unit where it is evidence by itself, else from its names."""
    key = str(body["key"])
    if "evidence_signed_by" in body:
        return Subject.UNIT
    if "horizon_months" in body:
        return Subject.PLAN
    if "session" in part or "session" in key:
        return Subject.SESSION
    if "reflect" in key:
        return Subject.REFLECTION
    return Subject.SUPERVISION if "supervision" in key else Subject.UNIT


def slug(name: str) -> str:
    """Return a name as it may stand in an address."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _is_repeatable(source: Mapping[str, Any]) -> bool:
    """Say whether the paper is photocopied: for every session, client or observer."""
    if {"repeat", "sessions_per_sheet", "completed_by"} & set(source):
        return True
    return "client" in " ".join(str(text) for text in source.get("fields", ())).lower()


def _groups(source: Mapping[str, Any], subject: Subject) -> Iterator[Group]:
    labels = _told_apart(source.get("fields", ()))
    fields = [_box(f"f{n}", label, subject) for n, label in _numbered(labels)]
    heads = [_box(f"h{n}", label, subject) for n, label in _numbered(source.get("header_fields", ()))]
    clauses = source.get("clauses", ())
    if clauses:  # they are read before they are signed
        yield _listed(str(source.get("adaptable", "")), _clauses(clauses))
    yield _listed("", [*heads, *fields])
    yield _listed(
        "Strengths, weaknesses, opportunities and threats",
        [Box(f"s{n}", label, Kind.TEXT) for n, label in _numbered(source.get("swot", ()))],
    )
    yield _listed("", [Box(f"q{n}", label, Kind.TEXT) for n, label in _numbered(source.get("questions", ()))])
    yield from _table(source)
    attributes = source.get("attributes", ())
    headings = source.get("column_headings") or [""]
    yield _listed(str(headings[-1]), [Box(f"a{n}", label, Kind.RATING) for n, label in _numbered(attributes)])
    yield _listed("", [Box(f"x{n}", label, Kind.TEXT) for n, label in _numbered(source.get("free_text", ()))])


def _told_apart(labels: Sequence[Any]) -> list[str]:
    """Return the labels, each date beside a signature named for whose it is."""
    told = [str(label) for label in labels]
    for place, label in enumerate(told):
        before = told[place - 1] if place else ""
        if label == "Date" and before.startswith("Signature"):
            told[place] = f"Date of {before[0].lower()}{before[1:]}"
    return told


def _listed(title: str, boxes: Sequence[Box]) -> Group:
    return Group(title, tuple((box,) for box in boxes))


def _clauses(clauses: Sequence[str]) -> list[Box]:
    given = [Box(f"c{n}", f"Clause {n}", Kind.TEXT, default=text) for n, text in _numbered(clauses)]
    first = len(given) + 1
    return given + [Box(f"c{n}", f"Clause {n}", Kind.TEXT) for n in range(first, first + SPARE_CLAUSES)]


def _table(source: Mapping[str, Any]) -> Iterator[Group]:
    """Yield the table: the template's own rows, or as many empty ones as the paper has room for."""
    columns = [str(text) for text in source.get("columns", ())]
    if not columns:
        return
    heads = [str(text) for text in source.get("rows", ())]
    inner = columns[1:] if heads else columns
    count = len(heads) or FREE_ROWS
    rows = tuple(
        tuple(_cell(row, n, label, heads) for n, label in enumerate(inner, 1)) for row in range(1, count + 1)
    )
    yield Group("", rows, columns=tuple(columns), heads=tuple(heads))


def _cell(row: int, column: int, label: str, heads: Sequence[str]) -> Box:
    kind = Kind.DATE if label.lower().startswith("when ") else Kind.TEXT
    named = heads[row - 1] if heads else f"row {row}"
    return Box(f"t{row}-{column}", f"{label}, {named}", kind, column=label)


_DATE = re.compile(r"^(start |session )?date( of [a-z]+| of signature .*| completed)?$")
_LINE = re.compile(
    r"^(names?|client ref|signature|session no|duration|number of|planned duration|mode\b|observation/"
    r"|date and time|assessor$|learner$|live iqa|recording or notes)"
)
_KNOWN: tuple[tuple[str, Known, frozenset[Subject]], ...] = (
    (r"^client ref", Known.CLIENT, frozenset({Subject.SESSION, Subject.REFLECTION})),
    (r"^session no", Known.NUMBER, frozenset({Subject.SESSION, Subject.REFLECTION})),
    (
        r"^(session )?date( of session)?$",
        Known.DATE,
        frozenset({Subject.SESSION, Subject.REFLECTION, Subject.SUPERVISION}),
    ),
    (r"^duration$", Known.LENGTH, frozenset({Subject.SESSION, Subject.SUPERVISION})),
    (r"^name of (mentor|coach|learner)$", Known.LEARNER, frozenset(Subject)),
    (r"^total number of hours", Known.HOURS, frozenset({Subject.UNIT})),
)


def _box(key: str, label: str, subject: Subject) -> Box:
    lower = label.lower()
    for pattern, known, subjects in _KNOWN:
        if subject in subjects and re.match(pattern, lower):
            return Box(key, label, Kind.KNOWN, known=known)
    if _DATE.match(lower):
        return Box(key, label, Kind.DATE)
    return Box(key, _sentence(label), Kind.LINE if _LINE.match(lower) else Kind.TEXT)


def _sentence(label: str) -> str:
    return label[:1].upper() + label[1:]


def _numbered(labels: Sequence[Any]) -> Iterator[tuple[int, str]]:
    return ((n, str(label)) for n, label in enumerate(labels, 1))
