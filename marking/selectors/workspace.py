"""Everything on the marking page: evidence, items with what to look for, and what stands from earlier."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from assessments.selectors import feedback_labels, unit_refs
from assessments.selectors.sheet import sheet_parts
from marking.models import Allocation, Judgement, JudgementLine, OutcomeComment
from marking.selectors.bar import Bar, anchor_of, badge_for, bar_for
from marking.selectors.lines import final_lines, judgement_lines
from marking.selectors.mine import last_handed_back
from marking.selectors.origins import Origin, origins_of
from marking.selectors.record import outcome_comments
from portfolios.selectors import PanePart, Piece, evidence_pane, record_pieces
from portfolios.selectors.claims import ClaimSeen
from portfolios.selectors.recorded import RecordSeen

NO_LABELS = ["Feedback"]


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that two tabs filled in differently."""

    field_id: str
    label: str
    yours: str
    theirs: str
    is_short: bool = False  # a mark or a choice, where two values joined would be a third


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed into one line, where it could not be saved, and why."""

    line_id: UUID
    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    message: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One section or criterion on the page: its line, its printed half, its evidence, and what it had before.

    ``values`` are what its fields show, which is not always what is stored.
    """

    row: JudgementLine
    part: dict[str, Any]
    pieces: list[Piece]
    claims: list[ClaimSeen]
    records: list[RecordSeen]
    earlier: JudgementLine | None
    values: dict[str, str]
    typed: Typed | None = None
    is_first_to_do: bool = False
    origin: Origin | None = None

    @property
    def anchor(self) -> str:
        """The id of the item."""
        return anchor_of(self.row)

    @property
    def badge(self) -> tuple[str, str]:
        """The kind and the words of its badge."""
        return badge_for(self.row)


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one learning outcome with the comment on it; a mark sheet has one group and no outcome."""

    number: int | None
    heading: str
    items: list[Item]
    comment: OutcomeComment | None


@dataclass(frozen=True, slots=True)
class Workspace:
    """One judgement as its page shows it."""

    judgement: Judgement
    units: list[str]
    labels: list[str]
    groups: list[Group]
    carried: list[Item]
    bar: Bar
    pieces: list[Piece]
    handed_back: Allocation | None

    @property
    def unit_refs(self) -> str:
        """The units, as the head of the page names them."""
        return " / ".join(self.units)

    @property
    def first_label(self) -> str:
        """The label over the first column of feedback."""
        return self.labels[0]

    @property
    def second_label(self) -> str:
        """The label over the second column, which only mark sheets have, or nothing."""
        is_by_section = self.judgement.assessment.is_by_section
        return self.labels[1] if is_by_section and len(self.labels) > 1 else ""


def workspace_for(judgement: Judgement, *, typed: Typed | None = None) -> Workspace:
    """Return the marking page of a judgement in a fixed number of queries."""
    submission = judgement.submission
    rows = judgement_lines(judgement)
    for row in rows:
        if typed and typed.line_id == row.pk and "mark" in typed.errors:
            row.mark = None  # what cannot be read counts as no mark; nothing is saved
    panes = evidence_pane(submission)
    items = _items(judgement, rows, panes, typed)
    return Workspace(
        judgement=judgement,
        units=unit_refs(judgement.assessment_id),
        labels=feedback_labels(submission.registration.qualification_id, judgement.assessment_id)
        or NO_LABELS,
        groups=_groups(judgement, [item for item in items if item.row.carried_from is None]),
        carried=[item for item in items if item.row.carried_from is not None],
        bar=bar_for(judgement, rows),
        pieces=[
            *{piece.id: piece for pane in panes for piece in pane.pieces}.values(),
            *record_pieces(submission),
        ],
        handed_back=last_handed_back(submission),
    )


def _items(
    judgement: Judgement, rows: Sequence[JudgementLine], panes: Sequence[PanePart], typed: Typed | None
) -> list[Item]:
    parts = {part["ref"]: part for part in sheet_parts(judgement.assessment)}
    held = {pane.ref: pane for pane in panes}
    previous = judgement.submission.previous
    earlier = {line.part_ref: line for line in final_lines(previous)} if previous else {}
    shown = typed.line_id if typed else _first_to_do(rows)
    origins = origins_of(rows)
    items = []
    for row in rows:
        own = typed if typed and typed.line_id == row.pk else None
        items.append(
            Item(
                row=row,
                part=parts[row.part_ref],
                pieces=held[row.part_ref].pieces,
                claims=held[row.part_ref].claims,
                records=held[row.part_ref].records,
                earlier=earlier.get(row.part_ref) if row.carried_from is None else None,
                values=own.values if own else stored_values(row),
                typed=own,
                is_first_to_do=row.pk == shown,
                origin=origins.get(row.part_ref),
            )
        )
    return items


def stored_values(row: JudgementLine) -> dict[str, str]:
    """Return what a line's fields show when nothing else was typed."""
    return {
        "mark": "" if row.mark is None else str(row.mark),
        "decision": row.decision,
        "feedback": row.feedback,
        "feedback_more": row.feedback_more,
    }


def clashes_of(stored: JudgementLine, typed: dict[str, str]) -> list[Clash]:
    """Return the fields where the other tab's version differs from what was typed here."""
    anchor, theirs = anchor_of(stored), stored_values(stored)
    labels = {"mark": "Mark", "decision": "Decision", "feedback": "Feedback", "feedback_more": "Feedback"}
    return [
        Clash(
            f"{anchor}-{name}",
            label,
            _in_words(name, typed[name]),
            _in_words(name, theirs[name]),
            is_short=name in ("mark", "decision"),
        )
        for name, label in labels.items()
        if typed[name].strip() != theirs[name].strip()
    ]


def _in_words(name: str, value: str) -> str:
    return value.capitalize() if name == "decision" else value


def _first_to_do(rows: Sequence[JudgementLine]) -> UUID | None:
    own = [row for row in rows if row.carried_from is None]
    to_do = [row for row in own if row.mark is None and not row.decision]
    return next((row.pk for row in [*to_do, *own]), None)


def _groups(judgement: Judgement, items: list[Item]) -> list[Group]:
    if judgement.assessment.is_by_section:
        return [Group(None, "", items, None)]
    comments = {comment.outcome_number: comment for comment in outcome_comments(judgement)}
    return [
        Group(number, members[0].part["outcome_text"], members, comments.get(number))
        for number, members in (
            (number, list(group)) for number, group in groupby(items, key=lambda item: item.part["outcome"])
        )
    ]
