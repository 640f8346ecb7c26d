"""The records of a programme: entered, corrected by a later row, taken back by one, and confirmed."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from centres.actions import record_event
from centres.models import Membership
from lib.refusals import Refusal, StaleVersion
from lib.visible import has_visible
from portfolios.actions.practise import SessionRefused
from portfolios.models import InductionConfirmation, ProgrammeEntry, Submission
from portfolios.rules import Fault, ProgrammeKind
from portfolios.rules.programme import OWN_PROGRAMME, arrangement_fault, consideration_fault, entry_faults
from portfolios.selectors.programme import may_keep, standing_entries, submitted_on
from qualifications.models import Registration


class EntryChanged(StaleVersion):
    default_message = "This was corrected in another tab. Look at it again, then correct what it says now."


class NoReason(Refusal):
    default_message = "Say why. It stays on record."


class OwnProgramme(Refusal):
    default_message = OWN_PROGRAMME


class NotConfirmed(Refusal):
    default_message = "This induction was corrected. Look at it again, then confirm it."


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What a row of a programme says."""

    held_on: date
    minutes: int | None = None
    covered: list[str] = field(default_factory=list)
    note: str = ""
    assessment_id: UUID | None = None
    submission_id: UUID | None = None
    unit_ref: str = ""
    criteria: list[str] = field(default_factory=list)


@transaction.atomic
def record_entry(
    *, registration: Registration, kind: ProgrammeKind, facts: EntryFacts, by: Membership, at: datetime
) -> ProgrammeEntry:
    """Record an event of a programme; the same one twice is one. Raises OwnProgramme, SessionRefused."""
    registration = locked_to_keep(registration.pk, by)
    _check(registration, kind, facts, at=at)
    same = standing_entries().filter(registration=registration, kind=kind.value, **asdict(facts)).first()
    if same is not None:
        known: ProgrammeEntry = same
        return known
    entry = _write(registration, kind, facts, by=by, at=at)
    record_event("portfolios.programme.recorded", target=entry, by=by, at=at, kind=kind.value)
    return entry


@transaction.atomic
def correct_entry(
    *, entry: ProgrammeEntry, facts: EntryFacts, reason: str, by: Membership, at: datetime
) -> ProgrammeEntry:
    """Put a row in the place of an earlier one, which stays readable.

    Raises OwnProgramme, NoReason, EntryChanged, SessionRefused.
    """
    registration = locked_to_keep(entry.registration_id, by)
    _check_standing(entry, reason)
    kind = ProgrammeKind(entry.kind)
    _check(registration, kind, facts, at=at)
    later = _write(registration, kind, facts, by=by, at=at, corrects=entry, reason=reason.strip())
    record_event("portfolios.programme.corrected", target=later, by=by, at=at, reason=reason.strip())
    return later


@transaction.atomic
def withdraw_entry(*, entry: ProgrammeEntry, reason: str, by: Membership, at: datetime) -> None:
    """Take a row out of the count, for a reason; it stays readable.

    Raises OwnProgramme, NoReason, EntryChanged.
    """
    registration = locked_to_keep(entry.registration_id, by)
    _check_standing(entry, reason)
    facts = EntryFacts(**{name: getattr(entry, name) for name in EntryFacts.__dataclass_fields__})
    kind = ProgrammeKind(entry.kind)
    more = {"corrects": entry, "reason": reason.strip(), "is_withdrawn": True}
    later = _write(registration, kind, facts, by=by, at=at, **more)
    record_event("portfolios.programme.withdrawn", target=later, by=by, at=at, reason=reason.strip())


@transaction.atomic
def confirm_induction(*, entry: ProgrammeEntry, by: Membership, at: datetime) -> None:
    """Let the learner say that an induction took place as recorded; twice is once. Raises NotConfirmed."""
    Registration.locked(entry.registration_id)
    if not standing_entries().filter(pk=entry.pk, kind=ProgrammeKind.INDUCTION.value).exists():
        raise NotConfirmed
    confirmation, is_new = InductionConfirmation.objects.get_or_create(
        entry=entry, defaults={"confirmed_at": at, "confirmed_by": by}
    )
    if is_new:
        record_event("portfolios.induction.confirmed", target=confirmation, by=by, at=at)


def locked_to_keep(registration_id: UUID, by: Membership) -> Registration:
    """Return a registration whose programme somebody is about to write in, locked. Raises OwnProgramme."""
    registration: Registration = Registration.locked(registration_id)
    if not may_keep(registration, by):
        raise OwnProgramme
    return registration


def _check_standing(entry: ProgrammeEntry, reason: str) -> None:
    if not has_visible(reason):
        raise NoReason
    if not standing_entries().filter(pk=entry.pk).exists():
        raise EntryChanged


def _check(registration: Registration, kind: ProgrammeKind, facts: EntryFacts, *, at: datetime) -> None:
    faults = entry_faults(
        kind,
        facts.held_on,
        minutes=facts.minutes,
        today=localdate(at),
        registered_on=registration.registered_on,
    )
    if not faults and kind is ProgrammeKind.ACCESS and facts.assessment_id:
        day = submitted_on(registration, facts.assessment_id)
        faults += _as_fault(arrangement_fault(facts.held_on, submitted_on=day))
    if not faults and kind is ProgrammeKind.SPECIAL:
        attempts = Submission.objects.filter(registration=registration)
        attempt = attempts.filter(pk=facts.submission_id).first() if facts.submission_id else None
        moment = attempt.submitted_at if attempt else None
        day = localdate(moment) if moment else None
        faults += _as_fault(consideration_fault(facts.held_on, submitted_on=day))
    if not has_visible(facts.note) and kind is not ProgrammeKind.INDUCTION:
        faults.append(Fault("note", "Write it down in a sentence or two."))
    if faults:
        raise SessionRefused(faults)


def _as_fault(text: str) -> list[Fault]:
    return [Fault("date", text)] if text else []


def _write(
    registration: Registration,
    kind: ProgrammeKind,
    facts: EntryFacts,
    *,
    by: Membership,
    at: datetime,
    **more: Any,
) -> ProgrammeEntry:
    entry: ProgrammeEntry = ProgrammeEntry.objects.create(
        registration=registration,
        kind=kind.value,
        **asdict(facts),
        recorded_at=at,
        recorded_by=by,
        **more,
    )
    return entry
