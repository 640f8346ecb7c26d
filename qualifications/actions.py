"""Registrations, achievements, competence and conflicts of interest: every change of them."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from centres.actions import record_event
from centres.models import Cohort, Learner, Membership
from lib.refusals import Refusal
from qualifications.models import (
    Achievement,
    CentreApproval,
    Competence,
    ConflictOfInterest,
    Qualification,
    QualificationUnit,
    Registration,
    Unit,
)
from qualifications.rules import has_lapsed, is_old_enough, last_day_of


class NotApproved(Refusal):
    default_message = "Your centre is not approved for this qualification on that day."


class TooYoung(Refusal):
    default_message = "Learners must be old enough on the day they are registered."


class AlreadyRegistered(Refusal):
    default_message = "This learner is already registered on this qualification."


class NumberTaken(Refusal):
    default_message = "Another registration already has this number."


class OwnCompetence(Refusal):
    default_message = "You cannot decide your own competence. Ask another lead IQA."


@transaction.atomic
def record_approval(
    *, qualification: Qualification, approved_on: date, by: Membership, at: datetime
) -> CentreApproval:
    """Record that the awarding body lets the centre deliver a qualification."""
    approval, created = CentreApproval.objects.get_or_create(
        qualification=qualification, defaults={"approved_on": approved_on}
    )
    if created:
        record_event(
            "qualifications.approval.recorded", target=approval, by=by, at=at, qualification=qualification.key
        )
    row: CentreApproval = approval
    return row


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
    previous = (
        Registration.objects.filter(learner=learner, qualification__key=qualification.key)
        .order_by("-registered_on", "-id")
        .first()
    )
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
    _carry_achievements(registration, by=by, at=at)
    return registration


def _check_may_register(learner: Learner, qualification: Qualification, day: date) -> None:
    approved = CentreApproval.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        qualification__key=qualification.key,
        approved_on__lte=day,
    )
    if not approved.exists():
        raise NotApproved
    if not is_old_enough(born_on=learner.born_on, registered_on=day, min_age=qualification.min_age):
        raise TooYoung(f"Learners must be {qualification.min_age} or over on the day they are registered.")


def _carry_achievements(registration: Registration, *, by: Membership, at: datetime) -> None:
    units = {
        row.unit.ref: row.unit
        for row in QualificationUnit.objects.filter(
            qualification_id=registration.qualification_id
        ).select_related("unit")
    }
    earlier = (
        Achievement.objects.filter(registration__learner_id=registration.learner_id, unit__ref__in=units)
        .select_related("unit")
        .order_by("achieved_at", "id")
    )
    carried: dict[str, Achievement] = {}
    for achievement in earlier:
        carried.setdefault(achievement.unit.ref, achievement)
    for ref, achievement in carried.items():
        row = Achievement.objects.create(
            registration=registration,
            unit=units[ref],
            submission_id=achievement.submission_id,
            achieved_at=achievement.achieved_at,
            achieved_by=by,
            carried_from=achievement,
        )
        record_event("qualifications.achievement.carried", target=row, by=by, at=at, unit=ref)


@transaction.atomic
def record_achievement(
    *, registration: Registration, units: Iterable[Unit], submission_id: UUID, by: Membership, at: datetime
) -> None:
    """Record that a released pass achieves its units, each once in a registration."""
    for unit in units:
        row, created = Achievement.objects.get_or_create(
            registration=registration,
            unit=unit,
            defaults={"submission_id": submission_id, "achieved_at": at, "achieved_by": by},
        )
        if created:
            record_event("qualifications.unit.achieved", target=row, by=by, at=at, unit=unit.ref)


@transaction.atomic
def decide_competence(
    *,
    membership: Membership,
    unit_refs: list[str],
    valid_from: date,
    valid_until: date,
    reason: str,
    by: Membership,
    at: datetime,
) -> None:
    """Decide that a person may assess units until a day, on the evidence named. Raises OwnCompetence."""
    if membership.pk == by.pk:
        raise OwnCompetence
    for ref in unit_refs:
        row, _ = Competence.objects.update_or_create(
            membership=membership,
            unit_ref=ref,
            valid_from=valid_from,
            defaults={"valid_until": valid_until},
            create_defaults={
                "valid_until": valid_until,
                "reason": reason,
                "decided_at": at,
                "decided_by": by,
            },
        )
        record_event(
            "qualifications.competence.decided", target=row, by=by, at=at, unit=ref, until=str(valid_until)
        )


@transaction.atomic
def declare_conflict(
    *, membership: Membership, learner: Learner, reason: str, by: Membership, at: datetime
) -> ConflictOfInterest:
    """Declare that a person may not judge a learner, so that the learner's work never reaches them."""
    row, created = ConflictOfInterest.objects.get_or_create(
        membership=membership,
        learner=learner,
        withdrawn_at=None,
        defaults={"reason": reason, "declared_at": at, "declared_by": by},
    )
    if created:
        record_event("qualifications.conflict.declared", target=row, by=by, at=at)
    conflict: ConflictOfInterest = row
    return conflict
