"""Supervision sessions: added, changed, taken away and brought back."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from centres.actions import record_event
from centres.models import Membership
from lib.refusals import StaleVersion
from portfolios.actions.practise import SessionRefused, SessionSigned
from portfolios.actions.record import SessionGone, begin_pages
from portfolios.models import GuestSignature, SupervisionSession
from portfolios.rules import Fault, Subject, day_faults, length_faults
from qualifications.models import Registration


class SupervisionChanged(StaleVersion):
    """Another tab changed the supervision session; ``supervision`` is how it stands now."""

    default_message = "This supervision session changed in another tab. Look at it again, then change it."

    def __init__(self, supervision: SupervisionSession) -> None:
        self.supervision = supervision
        super().__init__()


@transaction.atomic
def add_supervision(
    *,
    registration: Registration,
    unit_ref: str,
    supervisor: str,
    held_on: date,
    minutes: int,
    by: Membership,
    at: datetime,
) -> SupervisionSession:
    """Count a meeting with a supervisor or tutor, and lay out its pages. Raises SessionRefused."""
    registration = Registration.locked(registration.pk)
    _check(registration, supervisor, held_on, minutes, at=at)
    rows = SupervisionSession.objects.filter(registration=registration, unit_ref=unit_ref)
    supervision: SupervisionSession = SupervisionSession.objects.create(
        registration=registration,
        unit_ref=unit_ref,
        number=int(rows.aggregate(last=Max("number"))["last"] or 0) + 1,
        supervisor=supervisor,
        held_on=held_on,
        minutes=minutes,
        added_at=at,
        added_by=by,
        saved_at=at,
    )
    record_event("portfolios.supervision.added", target=supervision, by=by, at=at, minutes=minutes)
    begin_pages(about=supervision, subject=Subject.SUPERVISION, by=by, at=at)
    return supervision


@transaction.atomic
def change_supervision(
    *,
    supervision: SupervisionSession,
    version: int,
    supervisor: str,
    held_on: date,
    minutes: int,
    by: Membership,
    at: datetime,
) -> SupervisionSession:
    """Correct when a supervision session was, how long it took or with whom.

    Raises SessionGone, SupervisionChanged, SessionRefused, SessionSigned.
    """
    registration = Registration.locked(supervision.registration_id)
    supervision = SupervisionSession.objects.get(pk=supervision.pk)
    if supervision.removed_at is not None:
        raise SessionGone
    stored = (supervision.supervisor, supervision.held_on, supervision.minutes)
    if stored == (supervisor, held_on, minutes):
        return supervision
    if supervision.version != version:
        raise SupervisionChanged(supervision)
    if GuestSignature.objects.filter(record__supervision=supervision).exists():
        raise SessionSigned
    _check(registration, supervisor, held_on, minutes, at=at)
    before = {"minutes_before": supervision.minutes, "minutes": minutes}
    supervision.supervisor, supervision.held_on, supervision.minutes = supervisor, held_on, minutes
    supervision.version += 1
    supervision.saved_at = at
    supervision.save(update_fields=["supervisor", "held_on", "minutes", "version", "saved_at"])
    record_event("portfolios.supervision.changed", target=supervision, by=by, at=at, **before)
    return supervision


@transaction.atomic
def remove_supervision(*, supervision: SupervisionSession, by: Membership, at: datetime) -> None:
    """Take a supervision session out of the count; it is kept and can come back."""
    supervision = SupervisionSession.locked(supervision.pk)
    if supervision.removed_at is None:
        supervision.removed_at, supervision.removed_by = at, by
        supervision.save(update_fields=["removed_at", "removed_by"])
        record_event("portfolios.supervision.removed", target=supervision, by=by, at=at)


@transaction.atomic
def restore_supervision(*, supervision: SupervisionSession, by: Membership, at: datetime) -> None:
    """Count a deleted supervision session again."""
    supervision = SupervisionSession.locked(supervision.pk)
    if supervision.removed_at is not None:
        supervision.removed_at = supervision.removed_by = None
        supervision.save(update_fields=["removed_at", "removed_by"])
        record_event("portfolios.supervision.restored", target=supervision, by=by, at=at)


def _check(registration: Registration, supervisor: str, held_on: date, minutes: int, *, at: datetime) -> None:
    faults = day_faults(held_on, today=localdate(at), registered_on=registration.registered_on)
    faults += length_faults(minutes)
    if not supervisor.strip():
        faults.append(Fault("supervisor", "Enter who supervised you."))
    if faults:
        raise SessionRefused(faults)
