"""What a result sheet prints, taken from its record alone: no query, no clock, nothing decided again."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from lib.pdf import printable_in
from lib.visible import has_visible
from lib.words import listed
from portfolios.rules.locators import counter

SECTION_MARKS = "section_marks"
OVERTURNED = "OVERTURNED"
LONG = 1200
WORDS = {"PASS": "Pass", "REFERRAL": "Referral"}
METHODS = {"PASSWORD": "confirmed with their password"}


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """What one judge's pen wrote on one part: empty where they wrote nothing.

    ``words`` say whose decision it is where an IQA did not judge it themselves.
    """

    mark: int | None
    decision: str
    is_below: bool
    carried_from: int | None
    is_adopted: bool
    words: str
    feedback: str
    feedback_more: str

    @property
    def is_decided(self) -> bool:
        """Whether a mark or a decision stands there."""
        return self.mark is not None or bool(self.decision)

    @property
    def is_long(self) -> bool:
        """Whether the words need the width of the page rather than that of a column."""
        return max(len(self.feedback), len(self.feedback_more)) > LONG

    @property
    def is_written(self) -> bool:
        """Whether words stand there."""
        return bool(self.feedback or self.feedback_more)


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """One section or criterion with the printed form's own words and both pens."""

    ref: str
    form: dict[str, Any]
    assessor: PrintedLine
    qa: PrintedLine | None

    @property
    def origin(self) -> dict[str, Any] | None:
        """Who decided it in an earlier attempt, where it is carried over."""
        found: dict[str, Any] | None = self.form["origin"]
        return found


@dataclass(frozen=True, slots=True)
class PrintedOutcome:
    """The criteria of one learning outcome with the comments on it."""

    number: int
    text: str
    parts: list[PrintedPart]
    comment: str
    earlier: dict[str, Any] | None
    qa_comment: str


@dataclass(frozen=True, slots=True)
class PrintedJudge:
    """The decision and the signature of one judge."""

    outcome: str
    total: int | None
    basis: str
    reason: str
    referral: list[str]
    name: str
    role: str
    meaning: str
    method: str
    signed_at: datetime
    fingerprint: str


@dataclass(frozen=True, slots=True)
class PrintedDeviation:
    """What the awarding body had approved to differ before the work was submitted."""

    kind: str
    text: str
    approved_on: date
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """A whole sheet; ``record`` is the record itself in letters that the fonts hold."""

    record: dict[str, Any]
    is_by_section: bool
    parts: list[PrintedPart]
    outcomes: list[PrintedOutcome]
    labels: list[str]
    assessor: PrintedJudge
    qa: PrintedJudge | None
    outcome: str
    referral: list[str]
    declared_at: datetime
    released_at: datetime
    fingerprint: str
    recordings: list[tuple[str, list[str]]]
    deviations: list[PrintedDeviation]

    @property
    def has_qa_marks(self) -> bool:
        """Whether the IQA marked anything themselves."""
        pens = [part.qa for part in self.parts if part.qa]
        return any(pen.is_decided and pen.carried_from is None for pen in pens)

    @property
    def has_adopted(self) -> bool:
        """Whether the IQA adopted what they did not judge themselves."""
        return any(part.qa.is_adopted for part in self.parts if part.qa)

    @property
    def units(self) -> str:
        """The refs of the units that the sheet decides."""
        return listed([unit["ref"] for unit in self.record["assessment"]["units"]])


def printed_sheet(record_text: str, *, record_sha256: str) -> PrintedSheet:
    """Return what the sheet of a stored record prints."""
    record = printable_in(json.loads(record_text))
    is_by_section = record["assessment"]["rule"] == SECTION_MARKS
    qa = record["qa"]
    parts = [_part(part) for part in record["parts"]]
    return PrintedSheet(
        record=record,
        is_by_section=is_by_section,
        parts=parts,
        outcomes=[] if is_by_section else _outcomes(parts, record["outcome_comments"]),
        labels=record["feedback_labels"] or (["Strengths", "Weaknesses"] if is_by_section else []),
        assessor=_judge(record["assessor"], record, pen="assessor"),
        qa=_judge(qa, record, pen="qa") if qa else None,
        outcome=WORDS[record["final"]["outcome"]],
        referral=_reasons(record["final"]["referred"], record, pen=_final_pen(qa)),
        declared_at=_time(record["declaration"]["made_at"]),
        released_at=_time(record["release"]["released_at"]),
        fingerprint=short(record_sha256),
        recordings=_recordings(record),
        deviations=_deviations(record),
    )


def short(sha256: str) -> str:
    """Return the first 16 digits of a fingerprint in groups of four, as people compare them.

    >>> short("9f31c0de00aa11bb22")
    '9f31 c0de 00aa 11bb'
    """
    return " ".join(sha256[start : start + 4] for start in range(0, 16, 4))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _part(part: dict[str, Any]) -> PrintedPart:
    return PrintedPart(
        ref=part["ref"],
        form=part,
        assessor=_line(part["assessor"], part),
        qa=_line(part["qa"], part) if part["qa"] else None,
    )


def _line(line: dict[str, Any], part: dict[str, Any]) -> PrintedLine:
    below = line["mark"] < part["minimum"] if line["mark"] is not None else line["decision"] == "REFERRAL"
    return PrintedLine(
        mark=line["mark"],
        decision=WORDS.get(line["decision"], ""),
        is_below=below,
        carried_from=line["carried_from"],
        is_adopted=line["adopted"],
        words=_words_beside(line),
        feedback=_seen(line["feedback"]),
        feedback_more=_seen(line["feedback_more"]),
    )


def _seen(text: str) -> str:
    """Return a text, or nothing where a reader sees nothing of it, so that the sheet prints a dash."""
    return text if has_visible(text) else ""


def _words_beside(line: dict[str, Any]) -> str:
    """Return whose decision a line holds; records made before those words had two flags for them."""
    if "words" in line:
        return str(line["words"])
    if line["adopted"]:
        return "the assessor's decision, adopted"
    return f"carried over from attempt {line['carried_from']}" if line["carried_from"] else ""


def _outcomes(parts: list[PrintedPart], comments: list[dict[str, Any]]) -> list[PrintedOutcome]:
    said = {comment["outcome"]: comment for comment in comments}
    return [
        PrintedOutcome(
            number=number,
            text=text,
            parts=list(group),
            comment=_seen(said[number]["assessor"]) if number in said else "",
            earlier=said[number]["earlier"] if number in said else None,
            qa_comment=_seen(said[number]["qa"]) if number in said else "",
        )
        for (number, text), group in groupby(
            parts, key=lambda part: (part.form["outcome"], part.form["outcome_text"])
        )
    ]


def _judge(judge: dict[str, Any], record: dict[str, Any], *, pen: str) -> PrintedJudge:
    return PrintedJudge(
        outcome=WORDS[judge["outcome"]],
        total=judge["total"],
        basis=judge["basis"],
        reason=judge["reason"],
        referral=_reasons(judge["referred"], record, pen=pen),
        name=judge["name"],
        role=judge["role"],
        meaning=judge["meaning"],
        method=METHODS.get(judge["method"], ""),
        signed_at=_time(judge["signed_at"]),
        fingerprint=short(judge["record_sha256"]),
    )


def _final_pen(qa: dict[str, Any] | None) -> str:
    return "qa" if qa and qa["basis"] == OVERTURNED else "assessor"


def _recordings(record: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return each recording with its time counters in words; sheets of before there were any have none."""
    return [
        (row["recording"], [_counter(line, record) for line in row["counters"]])
        for row in record.get("time_counters", [])
    ]


def _deviations(record: dict[str, Any]) -> list[PrintedDeviation]:
    """Return what was approved to differ; sheets of before it stood on them have none."""
    return [
        PrintedDeviation(
            kind=row["kind"],
            text=row["text"],
            approved_on=date.fromisoformat(row["approved_on"]),
            withdrawn_at=_time(row["withdrawn_at"]) if row["withdrawn_at"] else None,
        )
        for row in record.get("deviations", [])
    ]


def _counter(line: dict[str, Any], record: dict[str, Any]) -> str:
    is_one_unit = len(record["assessment"]["units"]) == 1
    refs = [name.split(" ")[-1] if is_one_unit else name for name in line["criteria"]]
    return f"{counter(line['second'])} AC {listed(refs)}"


def _reasons(referred: list[str], record: dict[str, Any], *, pen: str) -> list[str]:
    """Return each referred part in words, or the total where it alone was too low."""
    parts = [part for part in record["parts"] if part["ref"] in referred]
    if record["assessment"]["rule"] != SECTION_MARKS:
        return [f"AC {part['ref']} {part['heading']}" for part in parts]
    below = [part for part in parts if part[pen]["mark"] < part["minimum"]]
    if parts and not below:
        minimum = record["assessment"]["total_min"]
        return [f"The total is below {minimum}, though every section reaches its minimum: all are done again"]
    return [
        f"{part['ref']} {part['heading']}: "
        f"{part[pen]['mark']} of {part['maximum']}, minimum {part['minimum']}"
        for part in below
    ]
