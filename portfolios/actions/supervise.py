"""Supervision sessions: added, changed, taken away and brought back."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime

from centres.actions import record_event
from centres.models import Membership
from lib.refusals import StaleVersion
from portfolios.actions.practise import SessionRefused, SessionSigned
from portfolios.actions.record import SessionGone, begin_pages
from portfolios.models import GuestSignature, SupervisionSession
from portfolios.querysets import last_number
from portfolios.rules import Subject, Supervised, repeated, supervision_faults
from qualifications.models import Registration

PRESSED_TWICE = timedelta(seconds=10)


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
    """Count a meeting with a supervisor or tutor, and lay out its pages; pressed twice, it is one meeting.

    Raises SessionRefused.
    """
    registration = Registration.locked(registration.pk)
    rows = SupervisionSession.objects.filter(registration=registration, unit_ref=unit_ref)
    number = last_number(rows) + 1
    supervised = Supervised(number, supervisor, held_on, minutes)
    known = _just_added(registration, unit_ref, supervised, at=at)
    if known is not None:
        return known
    _check(registration, unit_ref, supervised, at=at)
    supervision: SupervisionSession = SupervisionSession.objects.create(
        registration=registration,
        unit_ref=unit_ref,
        number=number,
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
    supervised = Supervised(supervision.number, supervisor, held_on, minutes)
    _check(registration, supervision.unit_ref, supervised, at=at)
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
    Registration.locked(supervision.registration_id)
    supervision = SupervisionSession.objects.get(pk=supervision.pk)
    if supervision.removed_at is None:
        supervision.removed_at, supervision.removed_by = at, by
        supervision.save(update_fields=["removed_at", "removed_by"])
        record_event("portfolios.supervision.removed", target=supervision, by=by, at=at)


@transaction.atomic
def restore_supervision(*, supervision: SupervisionSession, by: Membership, at: datetime) -> None:
    """Count a deleted supervision session again, unless another says the same. Raises SessionRefused."""
    registration = Registration.locked(supervision.registration_id)
    supervision = SupervisionSession.objects.get(pk=supervision.pk)
    if supervision.removed_at is not None:
        _check(registration, supervision.unit_ref, _supervised(supervision), at=at)
        supervision.removed_at = supervision.removed_by = None
        supervision.save(update_fields=["removed_at", "removed_by"])
        record_event("portfolios.supervision.restored", target=supervision, by=by, at=at)


def _check(registration: Registration, unit_ref: str, supervised: Supervised, *, at: datetime) -> None:
    faults = supervision_faults(
        supervised,
        learner=registration.learner.name,
        now=localtime(at),
        registered_on=registration.registered_on,
        others=[_supervised(row) for row in _counted(registration, unit_ref)],
    )
    if faults:
        raise SessionRefused(faults)


def _just_added(
    registration: Registration, unit_ref: str, supervised: Supervised, *, at: datetime
) -> SupervisionSession | None:
    """Return what the first of two presses added."""
    recent = {
        row.number: row for row in _counted(registration, unit_ref).filter(added_at__gte=at - PRESSED_TWICE)
    }
    same = repeated(supervised, [_supervised(row) for row in recent.values()])
    return recent[same.number] if same else None


def _counted(registration: Registration, unit_ref: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = SupervisionSession.objects.filter(
        registration=registration, unit_ref=unit_ref, removed_at__isnull=True
    )
    return rows.order_by("number")


def _supervised(row: SupervisionSession) -> Supervised:
    return Supervised(row.number, row.supervisor, row.held_on, row.minutes)
