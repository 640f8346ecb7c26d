"""Units achieved: by a released pass, or carried over from an earlier registration."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from centres.actions import record_event
from centres.models import Membership
from qualifications.models import Achievement, QualificationUnit, Registration, Unit


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


def carry_achievements(registration: Registration, *, by: Membership, at: datetime) -> None:
    """Bring the units that a learner achieved before into a new registration, the first of each."""
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
            achieved_by_id=achievement.achieved_by_id,
            carried_from=achievement,
        )
        record_event("qualifications.achievement.carried", target=row, by=by, at=at, unit=ref)
