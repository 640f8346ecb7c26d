"""What the page of an attempt shows: each part with what it asks and holds, and what is missing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from assessments.models import Assessment
from assessments.selectors.sheets import LineOnPage, SectionOnPage, outcome_lines_of, sections_of
from centres.models import Event
from portfolios.models import Evidence, Offer, Submission
from portfolios.rules import Astray, Counter, Lack, Missing
from portfolios.rules.locators import Locator, LocatorKind
from portfolios.selectors.claims import ClaimSeen, claims_on, shortened
from portfolios.selectors.frozen import Frozen
from portfolios.selectors.missing import missing_from, recorded_for
from portfolios.selectors.recorded import Recorded

AGAINST = {
    Lack.ACHIEVED: "You have achieved this already. There is nothing to do again.",
    Lack.ELSEWHERE: "Your attempt at this in another registration is with your centre. Wait for its result.",
}
OF_A_PART = {
    Lack.EVIDENCE: "{} has no evidence yet.",
    Lack.WAITING: "{} has a file that is still being checked.",
    Lack.REFUSED: "{} has a file that was refused. Remove it.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One part of an assessment as the learner is asked for it."""

    ref: str
    heading: str
    name: str
    section: SectionOnPage | None
    line: LineOnPage | None
    outcome: str


@dataclass(frozen=True, slots=True)
class AttemptPart:
    """One part of an attempt: what it asks, the files offered, the text written, and what was removed."""

    ref: str
    key: str
    asked: Asked
    is_open: bool
    offers: list[Any]
    text: Evidence | None
    removed: list[Evidence]
    claims: list[ClaimSeen]
    records: list[Recorded]

    @property
    def waiting_since(self) -> datetime | None:
        """Since when the file waits that has waited longest for its check; None where none does."""
        waiting = (row.evidence for row in self.offers if row.evidence.state == Evidence.State.QUARANTINED)
        return min((evidence.added_at for evidence in waiting), default=None)

    @property
    def version(self) -> int:
        """The version of the text that the page shows, 0 for none."""
        return self.text.version if self.text else 0


@dataclass(frozen=True, slots=True)
class ToMend:
    """One thing that is missing, in words, and the part, the counter or the claim where it is mended."""

    text: str
    kind: Lack
    part: str = ""
    counter: Counter | None = None
    astray: Astray | None = None

    @property
    def unit(self) -> str:
        """The unit whose records mend it, empty for anything else."""
        return self.counter.unit if self.counter else ""

    @property
    def part_key(self) -> str:
        """The part as it may stand in the id of an element."""
        return part_key(self.part)


def asked_parts(assessment: Assessment) -> list[Asked]:
    """Return what an assessment asks for, part by part, in the order of its sheet."""
    if assessment.is_by_section:
        return [
            Asked(
                ref=str(row.position),
                heading=row.heading,
                name=f"Section {row.position}",
                section=row,
                line=None,
                outcome="",
            )
            for row in sections_of(assessment)
        ]
    return [
        Asked(
            ref=line.ref,
            heading=line.text,
            name=f"AC {line.ref}",
            section=None,
            line=line,
            outcome=f"{outcome.number} {outcome.text}",
        )
        for outcome in outcome_lines_of(assessment)
        for line in outcome.lines
    ]


def attempt_parts(
    submission: Submission, asked: Sequence[Asked], frozen: Sequence[Frozen]
) -> list[AttemptPart]:
    """Return the parts of a draft with what each holds and what is recorded for it, in seven queries."""
    offers: dict[str, list[Any]] = defaultdict(list)
    rows = Offer.objects.filter(submission=submission).select_related("evidence")
    for offer in rows.order_by("offered_at", "id"):
        offers[offer.part_ref].append(offer)
    removed = _removed(submission, {(row.part_ref, row.evidence_id) for row in rows})
    claims = claims_on(submission, rows)
    recorded = recorded_for(submission, frozen)
    return [
        replace(
            _part(submission, part, offers[part.ref], removed[part.ref], claims.get(part.ref, [])),
            records=recorded.get(part.ref, []),
        )
        for part in asked
    ]


def what_to_mend(
    submission: Submission,
    asked: Sequence[Asked],
    manifest: Sequence[dict[str, Any]],
    *,
    has_declared: bool,
    today: date,
    frozen: Sequence[Frozen] | None = None,
) -> list[ToMend]:
    """Return what is missing from an attempt in the words of the page."""
    names = {part.ref: part.name for part in asked}
    missing = missing_from(submission, manifest, has_declared=has_declared, today=today, frozen=frozen)
    return [words_for(row, names, submission.registration.expires_on) for row in missing]


def words_for(missing: Missing, names: Mapping[str, str], ended_on: date | None) -> ToMend:
    """Return one missing thing in the words of the page."""
    if missing.counter is not None:
        return ToMend(missing.counter.text, missing.kind, counter=missing.counter)
    if missing.astray is not None:
        words = shortened(Locator(LocatorKind.WORDS, quote=missing.astray.quote))
        text = (
            f"{names[missing.part]} has a claim on {words}, which your text no longer says. Remove the claim."
        )
        return ToMend(text, missing.kind, missing.part, astray=missing.astray)
    if missing.kind is Lack.REGISTRATION and ended_on:
        text = f"Your registration ended on {ended_on:%-d %B %Y}. Ask your centre for an extension."
    elif missing.kind in OF_A_PART:
        text = OF_A_PART[missing.kind].format(names[missing.part])
    else:
        text = AGAINST.get(missing.kind, "Tick the declaration. We cannot assess work without it.")
    return ToMend(text, missing.kind, missing.part)


def part_key(ref: str) -> str:
    """Return a part's ref as it may stand in the id of an element."""
    return ref.replace(".", "-")


def _part(
    submission: Submission,
    asked: Asked,
    offers: list[Any],
    removed: list[Evidence],
    claims: list[ClaimSeen],
) -> AttemptPart:
    texts = [offer.evidence for offer in offers if offer.evidence.kind == Evidence.Kind.TEXT]
    return AttemptPart(
        ref=asked.ref,
        key=part_key(asked.ref),
        asked=asked,
        is_open=asked.ref in submission.open_parts,
        offers=[offer for offer in offers if offer.evidence.kind == Evidence.Kind.FILE],
        text=texts[0] if texts else None,
        removed=removed,
        claims=claims,
        records=[],
    )


def _removed(submission: Submission, held: set[tuple[str, UUID]]) -> dict[str, list[Evidence]]:
    """Return what was taken back from each part and may be put back, the latest first."""
    events = Event.objects.filter(target_id=submission.pk, code="portfolios.offer.withdrawn")
    taken = [
        (row["part"], UUID(row["evidence"])) for row in events.order_by("-at").values_list("facts", flat=True)
    ]
    back = [pair for pair in dict.fromkeys(taken) if pair not in held]
    known = Evidence.objects.in_bulk([evidence_id for _, evidence_id in back])
    removed: dict[str, list[Evidence]] = defaultdict(list)
    for ref, evidence_id in back:
        if evidence_id in known and known[evidence_id].removed_at is None:
            removed[ref].append(known[evidence_id])
    return removed
