"""Registrations: made with what was achieved before, made together with the learner, and extended."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from centres.actions import add_learner, name_cohort, record_event
from centres.models import Cohort, Learner, Membership
from lib.refusals import Refusal
from qualifications.actions.achieve import carry_achievements
from qualifications.models import CentreApproval, Qualification, Registration
from qualifications.rules import has_lapsed, is_old_enough, last_day_of


class NotApproved(Refusal):
    default_message = "Your centre is not approved for this qualification on that day."


class TooYoung(Refusal):
    default_message = "Learners must be old enough on the day they are registered."


class AlreadyRegistered(Refusal):
    default_message = "This learner is already registered on this qualification."


class NumberTaken(Refusal):
    default_message = "Another registration already has this number."


class NoTimeLimit(Refusal):
    default_message = "This registration has no time limit, so there is nothing to extend."


class RegisteredAgain(Refusal):
    default_message = "This learner has been registered again since, so this registration stays ended."


class NotLater(Refusal):
    default_message = "An extension ends later than the registration does now."


@transaction.atomic
def enrol_learner(
    *,
    name: str,
    email: str,
    born_on: date,
    qualification: Qualification | None,
    number: str,
    registered_on: date | None,
    cohort: str,
    by: Membership,
    at: datetime,
) -> Learner:
    """Add a learner and, where a qualification is named, register them, so that neither happens alone.

    Raises AlreadyInCentre, AlreadyInvited, and what ``register_learner`` raises.
    """
    learner = add_learner(name=name, email=email, born_on=born_on, by=by, at=at)
    if qualification is not None and registered_on is not None:
        register_in_cohort(
            learner=learner,
            qualification=qualification,
            number=number,
            registered_on=registered_on,
            cohort=cohort,
            by=by,
            at=at,
        )
    return learner


@transaction.atomic
def register_in_cohort(
    *,
    learner: Learner,
    qualification: Qualification,
    number: str,
    registered_on: date,
    cohort: str,
    by: Membership,
    at: datetime,
) -> Registration:
    """Register a learner in a cohort given by name. Raises what ``register_learner`` raises."""
    group = name_cohort(name=cohort, by=by, at=at) if cohort else None
    return register_learner(
        learner=learner,
        qualification=qualification,
        number=number,
        registered_on=registered_on,
        cohort=group,
        by=by,
        at=at,
    )


@transaction.atomic
def register_learner(
    *,
    learner: Learner,
    qualification: Qualification,
    number: str,
    registered_on: date,
    by: Membership,
    at: datetime,
    cohort: Cohort | None = None,
) -> Registration:
    """Put a learner on a qualification; units that they achieved before come with them.

    Raises NotApproved, TooYoung, AlreadyRegistered, NumberTaken.
    """
    learner = Learner.locked(learner.pk)
    _check_may_register(learner, qualification, registered_on)
    previous = _latest(learner, qualification)
    if previous is not None and not has_lapsed(today=registered_on, expires_on=previous.expires_on):
        raise AlreadyRegistered
    try:
        with transaction.atomic():
            registration: Registration = Registration.objects.create(
                learner=learner,
                qualification=qualification,
                cohort=cohort,
                number=number.strip(),
                registered_on=registered_on,
                expires_on=last_day_of(registered_on, qualification.time_limit_years),
                registered_at=at,
                registered_by=by,
                previous=previous,
            )
    except IntegrityError as error:
        raise NumberTaken from error
    record_event("qualifications.learner.registered", target=registration, by=by, at=at, number=number)
    carry_achievements(registration, by=by, at=at)
    return registration


def _latest(learner: Learner, qualification: Qualification) -> Registration | None:
    registrations = Registration.objects.filter(learner=learner, qualification__key=qualification.key)
    latest: Registration | None = registrations.order_by("-registered_on", "-id").first()
    return latest


def _check_may_register(learner: Learner, qualification: Qualification, day: date) -> None:
    approved = CentreApproval.objects.current_on(day).filter(qualification__key=qualification.key)
    if not approved.exists():
        raise NotApproved
    if not is_old_enough(born_on=learner.born_on, registered_on=day, min_age=qualification.min_age):
        raise TooYoung(f"Learners must be {qualification.min_age} or over on the day they are registered.")


@transaction.atomic
def extend_registration(
    *, registration: Registration, expires_on: date, reason: str, by: Membership, at: datetime
) -> None:
    """Let a registration count until a later day, for a reason that stays on record.

    Units that were achieved elsewhere while it had lapsed come with it.

    Raises RegisteredAgain, NoTimeLimit, NotLater.
    """
    Learner.locked(registration.learner_id)
    registration = Registration.locked(registration.pk)
    if Registration.objects.filter(previous=registration).exists():
        raise RegisteredAgain
    before = registration.expires_on
    if before is None:
        raise NoTimeLimit
    if expires_on <= before:
        raise NotLater(f"This registration ends on {before:%d/%m/%Y}. Choose a later day.")
    registration.expires_on = expires_on
    registration.save(update_fields=["expires_on"])
    record_event(
        "qualifications.registration.extended",
        target=registration,
        by=by,
        at=at,
        before=str(before),
        after=str(expires_on),
        reason=reason,
    )
    carry_achievements(registration, by=by, at=at)
