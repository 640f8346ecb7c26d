"""Practice sessions and the clients they are held with: added, changed, taken away and brought back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from centres.actions import record_event
from centres.models import Membership
from lib.refusals import Refusal, StaleVersion
from lib.visible import has_visible
from portfolios.actions.record import SessionGone, begin_pages
from portfolios.models import ClientException, GuestSignature, PracticeClient, PracticeSession
from portfolios.querysets import last_number
from portfolios.rules import Fault, Held, Requirement, Subject, client_fault, session_faults
from portfolios.selectors.practice import requirement_of
from qualifications.models import Registration, Unit

CONFIRMED = "This was confirmed by somebody else, so it stays. To correct it, delete it and add it again."


class SessionRefused(Refusal):
    """A session that the rules do not count; ``faults`` says what is wrong, field by field."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(" ".join(fault.text for fault in faults))


class SessionChanged(StaleVersion):
    """Another tab changed the session; ``session`` is how it stands now."""

    default_message = "This session changed in another tab. Look at it again, then change it."

    def __init__(self, session: PracticeSession) -> None:
        self.session = session
        super().__init__()


class SessionSigned(SessionRefused):
    """Somebody confirmed when a session was and with whom, so that it is not changed after them."""

    def __init__(self) -> None:
        super().__init__([Fault("date", CONFIRMED)])


class NoReason(Refusal):
    default_message = "Give the reason, and what else you considered."


class NotNeeded(Refusal):
    default_message = "You are within this unit's limit. Choose the client when you add a session."


@transaction.atomic
def add_session(
    *,
    registration: Registration,
    unit: Unit,
    client_number: int,
    starts_at: datetime,
    minutes: int,
    by: Membership,
    at: datetime,
) -> PracticeSession:
    """Count a session with a client, who is taken on if they are the next one, and lay out its pages.

    Raises SessionRefused.
    """
    registration = Registration.locked(registration.pk)
    rows = PracticeSession.objects.filter(registration=registration, unit_ref=unit.ref)
    held = Held(unit.ref, last_number(rows) + 1, client_number, localtime(starts_at), minutes)
    _check(held, registration, at=at, more=_client_faults(registration, unit, client_number))
    session: PracticeSession = PracticeSession.objects.create(
        registration=registration,
        unit_ref=unit.ref,
        number=held.number,
        client=_client(registration, unit.ref, client_number, by=by, at=at),
        starts_at=starts_at,
        minutes=minutes,
        added_at=at,
        added_by=by,
        saved_at=at,
    )
    record_event("portfolios.session.added", target=session, by=by, at=at, minutes=minutes)
    begin_pages(about=session, subject=Subject.SESSION, by=by, at=at)
    return session


@transaction.atomic
def change_session(
    *,
    session: PracticeSession,
    unit: Unit,
    version: int,
    client_number: int,
    starts_at: datetime,
    minutes: int,
    by: Membership,
    at: datetime,
) -> PracticeSession:
    """Correct when a session was, how long it took or whom it was with.

    Raises SessionGone, SessionChanged, SessionRefused, SessionSigned.
    """
    registration = Registration.locked(session.registration_id)
    session = PracticeSession.objects.select_related("client").get(pk=session.pk)
    if session.removed_at is not None:
        raise SessionGone
    if (session.client.number, session.starts_at, session.minutes) == (client_number, starts_at, minutes):
        return session
    if session.version != version:
        raise SessionChanged(session)
    if GuestSignature.objects.filter(record__session=session).exists():
        raise SessionSigned
    held = Held(unit.ref, session.number, client_number, localtime(starts_at), minutes)
    _check(held, registration, at=at, more=_client_faults(registration, unit, client_number))
    before = {"minutes_before": session.minutes, "minutes": minutes}
    session.client = _client(registration, unit.ref, client_number, by=by, at=at)
    session.starts_at, session.minutes, session.saved_at = starts_at, minutes, at
    session.version += 1
    session.save(update_fields=["client", "starts_at", "minutes", "version", "saved_at"])
    record_event("portfolios.session.changed", target=session, by=by, at=at, **before)
    return session


@transaction.atomic
def remove_session(*, session: PracticeSession, by: Membership, at: datetime) -> None:
    """Take a session out of the count; it is kept and can come back. Twice is the same as once."""
    Registration.locked(session.registration_id)
    session = PracticeSession.objects.get(pk=session.pk)
    if session.removed_at is not None:
        return
    session.removed_at, session.removed_by = at, by
    session.save(update_fields=["removed_at", "removed_by"])
    record_event("portfolios.session.removed", target=session, by=by, at=at, minutes=session.minutes)


@transaction.atomic
def restore_session(*, session: PracticeSession, by: Membership, at: datetime) -> None:
    """Count a deleted session again, unless another took its time meanwhile. Raises SessionRefused."""
    registration = Registration.locked(session.registration_id)
    session = PracticeSession.objects.select_related("client").get(pk=session.pk)
    if session.removed_at is None:
        return
    _check(_held(session), registration, at=at)
    session.removed_at = session.removed_by = None
    session.save(update_fields=["removed_at", "removed_by"])
    record_event("portfolios.session.restored", target=session, by=by, at=at, minutes=session.minutes)


@transaction.atomic
def record_exception(
    *,
    registration: Registration,
    unit: Unit,
    reason: str,
    options_considered: str,
    by: Membership,
    at: datetime,
) -> PracticeClient:
    """Take on one client more than the unit's limit, with the reason and what else was considered.

    One who was taken on so and has no session yet is the one meant. Raises NoReason, NotNeeded, Refusal.
    """
    registration = Registration.locked(registration.pk)
    if not has_visible(reason) or not has_visible(options_considered):
        raise NoReason
    waiting = ClientException.objects.filter(
        client__registration=registration, client__unit_ref=unit.ref, client__sessions__isnull=True
    )
    earlier = waiting.select_related("client").first()
    if earlier is not None:
        known: PracticeClient = earlier.client
        return known
    number = _last_client(registration, unit.ref) + 1
    _check_exception(requirement_of(unit), number)
    client: PracticeClient = PracticeClient.objects.create(
        registration=registration, unit_ref=unit.ref, number=number, added_at=at, added_by=by
    )
    ClientException.objects.create(
        client=client,
        reason=reason.strip(),
        options_considered=options_considered.strip(),
        recorded_at=at,
        recorded_by=by,
    )
    record_event("portfolios.client.excepted", target=client, by=by, at=at, number=number)
    return client


def _check_exception(requirement: Requirement, number: int) -> None:
    refused = client_fault(requirement, number, has_reason=True)
    if refused:
        raise Refusal(refused)
    if not client_fault(requirement, number, has_reason=False):
        raise NotNeeded


def _check(held: Held, registration: Registration, *, at: datetime, more: Iterable[Fault] = ()) -> None:
    rows = PracticeSession.objects.filter(registration=registration, removed_at__isnull=True)
    faults = session_faults(
        held,
        now=localtime(at),
        registered_on=registration.registered_on,
        others=[_held(row) for row in rows.select_related("client")],
    )
    faults += more
    if faults:
        raise SessionRefused(faults)


def _held(session: PracticeSession) -> Held:
    starts_at = localtime(session.starts_at)
    return Held(session.unit_ref, session.number, session.client.number, starts_at, session.minutes)


def _client_faults(registration: Registration, unit: Unit, number: int) -> list[Fault]:
    last = _last_client(registration, unit.ref)
    if 1 <= number <= last:
        return []
    if number != last + 1:
        return [Fault("client", "Choose a client from the list.")]
    refused = client_fault(requirement_of(unit), number, has_reason=False)
    return [Fault("client", refused)] if refused else []


def _client(
    registration: Registration, unit_ref: str, number: int, *, by: Membership, at: datetime
) -> PracticeClient:
    client: PracticeClient = PracticeClient.objects.get_or_create(
        registration=registration,
        unit_ref=unit_ref,
        number=number,
        defaults={"added_at": at, "added_by": by},
    )[0]
    return client


def _last_client(registration: Registration, unit_ref: str) -> int:
    rows = PracticeClient.objects.filter(registration=registration, unit_ref=unit_ref)
    return last_number(rows)
