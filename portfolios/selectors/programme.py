"""A learner's programme as its page shows it, and what of it a marker of their work must know."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from assessments.models import ApprovedDeviation, Assessment, QualificationAssessment
from assessments.rules.programme import ProgrammeNeeds
from assessments.selectors import unit_refs
from assessments.selectors.programme import programme_of
from centres.models import Membership
from portfolios.models import InductionConfirmation, ProgrammeEntry, Submission
from portfolios.rules import Entered, ProgrammeKind, State, Step, in_hours, out_of_order, programme_steps
from qualifications.models import Criterion, QualificationUnit, Registration


@dataclass(frozen=True, slots=True)
class EntryOnPage:
    """One event as it stands, with the rows that it took the place of, the latest first."""

    row: Any
    earlier: list[Any]
    confirmed_at: Any

    @property
    def length(self) -> str:
        """How long it took, in words."""
        return in_hours(self.row.minutes) if self.row.minutes else ""


@dataclass(frozen=True, slots=True)
class KindOnPage:
    """One kind of event with what was recorded of it, and what was taken back."""

    kind: ProgrammeKind
    entries: list[EntryOnPage]
    withdrawn: list[EntryOnPage]


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """Everything that the page of a programme shows."""

    registration: Registration
    needs: ProgrammeNeeds
    steps: tuple[Step, Step, Step]
    order: list[str]
    kinds: list[KindOnPage]
    deviations: list[Any]

    @property
    def missing(self) -> list[tuple[ProgrammeKind, str]]:
        """What is missing, in words, each with the kind of event that mends it."""
        return [(step.kind, text) for step in self.steps for text in step.missing]

    @property
    def next_kind(self) -> ProgrammeKind:
        """The kind of event to record next: the first that is missing time or was not recorded at all."""
        short = (step.kind for step in self.steps if step.have < step.need)
        return next(short, ProgrammeKind.TUTORIAL)


@dataclass(frozen=True, slots=True)
class Arrangements:
    """What a marker must know about one attempt."""

    access: list[Any]
    special: list[Any]
    prior: list[Any]
    deviations: list[Any]

    @property
    def has_any(self) -> bool:
        """Whether there is anything to know."""
        return bool(self.kinds)

    @property
    def kinds(self) -> list[str]:
        """The kinds of what there is to know, in words, each once."""
        words = [row.get_kind_display().lower() for row in self.deviations]
        for kind, rows in (
            (ProgrammeKind.ACCESS, self.access),
            (ProgrammeKind.SPECIAL, self.special),
            (ProgrammeKind.PRIOR, self.prior),
        ):
            words += [kind.label.lower()] if rows else []
        return list(dict.fromkeys(words))


def may_keep(registration: Registration, by: Membership) -> bool:
    """Say whether somebody may write in the programme of a registration: nobody writes in their own."""
    return bool(registration.learner.membership_id != by.pk)


def standing_entries() -> QuerySet[Any]:
    """Return the events that count: corrected by no later row, and not taken back."""
    later = ProgrammeEntry.objects.filter(corrects=OuterRef("pk"))
    rows: QuerySet[Any] = ProgrammeEntry.objects.filter(~Exists(later), is_withdrawn=False)
    return rows


def entered_by(registrations: Iterable[UUID]) -> dict[UUID, list[Entered]]:
    """Return what counts in the programmes of some registrations, in one query."""
    rows = standing_entries().filter(registration__in=list(registrations))
    confirmed = InductionConfirmation.objects.filter(entry=OuterRef("pk"))
    found: dict[UUID, list[Entered]] = defaultdict(list)
    for row in rows.annotate(is_confirmed=Exists(confirmed)).order_by("held_on", "id"):
        found[row.registration_id].append(_entered(row, is_confirmed=row.is_confirmed))
    return found


def programme_page(registration: Registration) -> ProgrammePage:
    """Return what the page of a registration's programme shows, in four queries."""
    rows = ProgrammeEntry.objects.filter(registration=registration).select_related(
        "recorded_by", "assessment", "submission__assessment"
    )
    known = {row.pk: row for row in rows.order_by("held_on", "id")}
    corrected = {row.corrects_id for row in known.values()}
    confirmed = {
        row.entry_id: row.confirmed_at
        for row in InductionConfirmation.objects.filter(entry__registration=registration)
    }
    shown = [
        EntryOnPage(row, _chain(row, known), confirmed.get(pk))
        for pk, row in known.items()
        if pk not in corrected
    ]
    entered = [
        _entered(one.row, is_confirmed=one.confirmed_at is not None)
        for one in shown
        if not one.row.is_withdrawn
    ]
    needs = programme_of(registration.qualification)
    return ProgrammePage(
        registration=registration,
        needs=needs,
        steps=programme_steps(needs, entered),
        order=out_of_order(entered),
        kinds=[_kind(kind, shown) for kind in ProgrammeKind],
        deviations=list(_deviations(registration).order_by("withdrawn_at", "approved_on", "id")),
    )


def arrangements_for(submission: Submission) -> Arrangements:
    """Return what holds for an attempt: arranged or approved before it was submitted, considered after."""
    refs = unit_refs(submission.assessment_id)
    rows = standing_entries().filter(
        _access(submission)
        | Q(kind="SPECIAL", submission=submission)
        | Q(kind="PRIOR", unit_ref__in=["", *refs]),
        registration=submission.registration,
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows.select_related("recorded_by").order_by("held_on", "id"):
        found[row.kind].append(row)
    return Arrangements(
        access=found["ACCESS"],
        special=found["SPECIAL"],
        prior=found["PRIOR"],
        deviations=deviations_for(submission),
    )


def deviations_for(submission: Submission) -> list[Any]:
    """Return what was approved for an attempt when it was submitted, with what was taken back since."""
    rows = _deviations(submission.registration).filter(assessment__key=submission.assessment.key)
    moment = submission.submitted_at
    standing = Q(withdrawn_at__isnull=True)
    if moment:
        standing = Q(standing | Q(withdrawn_at__gt=moment), recorded_at__lte=moment)
    return list(rows.filter(standing).order_by("approved_on", "id"))


def has_access_arrangement(submission: Submission) -> bool:
    """Say whether an access arrangement holds for an attempt, and nothing of what or why it is."""
    rows = standing_entries().filter(_access(submission), registration=submission.registration_id)
    return bool(rows.exists())


def _access(submission: Submission) -> Q:
    day = _day(submission.submitted_at)
    before = {"held_on__lte": day} if day else {}
    return Q(Q(assessment=None) | Q(assessment__key=submission.assessment.key), kind="ACCESS", **before)


def submitted_on(registration: Registration, assessment_id: UUID) -> date | None:
    """Return when the latest attempt at an assessment was submitted; None where it is a draft or none."""
    keys = Assessment.objects.filter(pk=assessment_id).values("key")
    rows = Submission.objects.filter(registration=registration, assessment__key__in=keys)
    latest = rows.order_by("-attempt").first()
    return _day(latest.submitted_at) if latest else None


def assessments_to_choose(registration: Registration) -> list[tuple[str, str]]:
    """Return the assessments of a registration's qualification as choices."""
    rows = QualificationAssessment.objects.filter(qualification=registration.qualification_id)
    links = rows.select_related("assessment").order_by("position")
    return [(str(link.assessment_id), link.assessment.title) for link in links]


def attempts_to_choose(registration: Registration) -> list[tuple[str, str]]:
    """Return the attempts that were submitted, the latest first, as choices."""
    rows = Submission.objects.filter(registration=registration).exclude(state=State.DRAFT.value)
    return [
        (
            str(row.pk),
            f"{row.assessment.title}, attempt {row.attempt}, {localdate(row.submitted_at):%-d %b %Y}",
        )
        for row in rows.select_related("assessment").order_by("-submitted_at", "id")
    ]


def units_to_recognise(registration: Registration) -> dict[str, list[str]]:
    """Return the units of a registration's qualification with the criteria of each."""
    links = QualificationUnit.objects.filter(qualification=registration.qualification_id)
    refs = {link.unit_id: link.unit.ref for link in links.select_related("unit").order_by("position")}
    found: dict[str, list[str]] = {ref: [] for ref in refs.values()}
    criteria = Criterion.objects.filter(outcome__unit__in=refs).order_by("outcome__number", "position")
    for unit_id, ref in criteria.values_list("outcome__unit_id", "ref"):
        found[refs[unit_id]].append(ref)
    return found


def _deviations(registration: Registration) -> QuerySet[Any]:
    rows: QuerySet[Any] = ApprovedDeviation.objects.filter(registration=registration)
    return rows.select_related("assessment", "recorded_by", "withdrawn_by")


def _entered(row: Any, *, is_confirmed: bool) -> Entered:
    return Entered(
        kind=ProgrammeKind(row.kind),
        day=row.held_on,
        minutes=row.minutes or 0,
        covered=tuple(row.covered),
        is_confirmed=is_confirmed,
    )


def _kind(kind: ProgrammeKind, shown: Sequence[EntryOnPage]) -> KindOnPage:
    own = [one for one in shown if one.row.kind == kind.value]
    return KindOnPage(
        kind,
        [one for one in own if not one.row.is_withdrawn],
        [one for one in own if one.row.is_withdrawn],
    )


def _chain(row: Any, known: dict[UUID, Any]) -> list[Any]:
    earlier = []
    while row.corrects_id is not None:
        row = known[row.corrects_id]
        earlier.append(row)
    return earlier


def _day(moment: Any) -> date | None:
    return localdate(moment) if moment else None
