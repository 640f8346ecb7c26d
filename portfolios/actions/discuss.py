"""Recording a professional discussion, changing what is said of it, and confirming it as a true account."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from centres.actions import record_event
from centres.models import Membership
from lib.refusals import Refusal, StaleVersion
from portfolios.models import Discussion, Evidence
from portfolios.rules.sessions import before_registration
from qualifications.models import Registration


class AnothersRecording(Refusal):
    default_message = "This piece belongs to another discussion. Choose the one of this discussion."


class BeforeRegistration(Refusal):
    """A discussion from before the learner's registration; the message names its day."""

    def __init__(self, registered_on: date) -> None:
        super().__init__(before_registration(registered_on))


class NotHeldYet(Refusal):
    default_message = "This is in the future. Confirm it after it has happened."


class NothingToConfirm(Refusal):
    default_message = "Choose the recording or the notes first, then confirm them."


@dataclass(frozen=True, slots=True)
class DiscussionFacts:
    """What is said of a discussion."""

    agreed_for: datetime
    mode: str
    questions: str
    assessor_id: UUID
    others: str
    has_live_iqa: bool
    evidence_id: UUID | None


@transaction.atomic
def record_discussion(
    *, registration: Registration, unit_ref: str, facts: DiscussionFacts, by: Membership, at: datetime
) -> Discussion:
    """Record what was agreed for a discussion, so that its recording can be told from any other.

    Raises BeforeRegistration, AnothersRecording.
    """
    _check_day(registration, facts.agreed_for)
    _check_recording(facts.evidence_id, None)
    discussion: Discussion = Discussion.objects.create(
        registration=registration,
        unit_ref=unit_ref,
        recorded_at=at,
        recorded_by=by,
        saved_at=at,
        **asdict(facts),
    )
    record_event("portfolios.discussion.recorded", target=discussion, by=by, at=at, unit=unit_ref)
    return discussion


@transaction.atomic
def save_discussion(
    *, discussion: Discussion, version: int, facts: DiscussionFacts, by: Membership, at: datetime
) -> Discussion:
    """Change what is said of a discussion; what was confirmed is to be confirmed anew.

    Raises StaleVersion, BeforeRegistration, AnothersRecording.
    """
    discussion = Discussion.locked(discussion.pk)
    values = asdict(facts)
    if all(getattr(discussion, name) == value for name, value in values.items()):
        return discussion
    if discussion.version != version:
        raise StaleVersion
    _check_day(discussion.registration, facts.agreed_for)
    _check_recording(facts.evidence_id, discussion.pk)
    for name, value in values.items():
        setattr(discussion, name, value)
    discussion.version += 1
    discussion.saved_at = at
    discussion.confirmed_at = discussion.confirmed_by = None
    discussion.save(update_fields=[*values, "version", "saved_at", "confirmed_at", "confirmed_by"])
    record_event("portfolios.discussion.changed", target=discussion, by=by, at=at)
    return discussion


@transaction.atomic
def confirm_discussion(*, discussion: Discussion, version: int, by: Membership, at: datetime) -> None:
    """Confirm as the learner that a recording or notes are a true account of a discussion.

    Twice is the same as once. Raises StaleVersion, NothingToConfirm, BeforeRegistration, NotHeldYet.
    """
    discussion = Discussion.locked(discussion.pk)
    if discussion.confirmed_at is not None:
        return
    if discussion.version != version:
        raise StaleVersion("This changed in another tab. Read it again, then confirm it.")
    if discussion.evidence_id is None:
        raise NothingToConfirm
    _check_day(discussion.registration, discussion.agreed_for)
    if discussion.agreed_for > at:
        raise NotHeldYet
    discussion.confirmed_at, discussion.confirmed_by = at, by
    discussion.save(update_fields=["confirmed_at", "confirmed_by"])
    record_event("portfolios.discussion.confirmed", target=discussion, by=by, at=at)


def discussion_of(evidence_id: UUID) -> Discussion | None:
    """Return the discussion of a recording or notes, locked; ask before the piece itself is locked."""
    rows = Discussion.objects.select_for_update(of=("self",))
    discussion: Discussion | None = rows.filter(evidence=evidence_id).first()
    return discussion


def confirm_anew(discussion: Discussion, *, by: Membership, at: datetime) -> None:
    """Take back what was confirmed of a locked discussion whose notes were rewritten."""
    if discussion.confirmed_at is None:
        return
    discussion.version += 1
    discussion.confirmed_at = discussion.confirmed_by = None
    discussion.save(update_fields=["version", "confirmed_at", "confirmed_by"])
    record_event("portfolios.discussion.changed", target=discussion, by=by, at=at)


def _check_day(registration: Registration, agreed_for: datetime) -> None:
    if localtime(agreed_for).date() < registration.registered_on:
        raise BeforeRegistration(registration.registered_on)


def _check_recording(evidence_id: UUID | None, own_id: UUID | None) -> None:
    if evidence_id is None:
        return
    Evidence.objects.select_for_update(of=("self",), no_key=True).get(pk=evidence_id)
    if Discussion.objects.filter(evidence_id=evidence_id).exclude(pk=own_id).exists():
        raise AnothersRecording
