"""Units achieved: by a released pass, or carried over from an earlier registration."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from centres.actions import record_event
from centres.models import Learner, Membership
from qualifications.models import Achievement, QualificationUnit, Registration, Unit


@transaction.atomic
def record_achievement(
    *, registration: Registration, units: Iterable[Unit], submission_id: UUID, by: Membership, at: datetime
) -> None:
    """Record that a released pass achieves its units, each once in a registration.

    The learner's other registrations that live and hold a unit of the same ref have it carried over.
    """
    learner = Learner.locked(registration.learner_id)
    others = _other_registrations(learner, registration, at)
    for unit in units:
        row, created = Achievement.objects.get_or_create(
            registration=registration,
            unit=unit,
            defaults={"submission_id": submission_id, "achieved_at": at, "achieved_by": by},
        )
        if created:
            record_event("qualifications.unit.achieved", target=row, by=by, at=at, unit=unit.ref)
        for other in others:
            _carry_into(other, {unit.ref: row}, by=by, at=at)


def _other_registrations(learner: Learner, registration: Registration, at: datetime) -> list[Registration]:
    living = Q(expires_on__isnull=True) | Q(expires_on__gte=localdate(at))
    return list(Registration.objects.filter(living, learner=learner).exclude(pk=registration.pk))


def carry_achievements(registration: Registration, *, by: Membership, at: datetime) -> None:
    """Bring the units that a learner achieved before into a new registration, the first of each."""
    earlier = (
        Achievement.objects.filter(registration__learner_id=registration.learner_id)
        .exclude(registration=registration)
        .select_related("unit")
        .order_by("achieved_at", "id")
    )
    first: dict[str, Achievement] = {}
    for achievement in earlier:
        first.setdefault(achievement.unit.ref, achievement)
    _carry_into(registration, first, by=by, at=at)


def _carry_into(
    registration: Registration, achieved: dict[str, Achievement], *, by: Membership, at: datetime
) -> None:
    """Record what was achieved elsewhere for each unit of the same ref that the registration still lacks."""
    had = Achievement.objects.filter(registration=registration).values("unit__ref")
    links = QualificationUnit.objects.filter(
        qualification_id=registration.qualification_id, unit__ref__in=achieved
    )
    for link in links.exclude(unit__ref__in=had).select_related("unit"):
        achievement = achieved[link.unit.ref]
        row = Achievement.objects.create(
            registration=registration,
            unit=link.unit,
            submission_id=achievement.submission_id,
            achieved_at=achievement.achieved_at,
            achieved_by_id=achievement.achieved_by_id,
            carried_from=achievement,
        )
        record_event("qualifications.achievement.carried", target=row, by=by, at=at, unit=link.unit.ref)
