"""One learner: their registrations, what each has achieved, and how their invitation stands."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from centres.models import Invitation, Learner
from centres.selectors.staff import InvitationLine, line_of
from qualifications.models import Achievement, QualificationUnit, Registration, Unit
from qualifications.rules import EXPIRES_SOON_DAYS, days_left
from qualifications.selectors.register import state_of


@dataclass(frozen=True, slots=True)
class UnitOfLearner:
    """One unit of a registration and its achievement, if there is one."""

    unit: Unit
    achievement: Achievement | None


@dataclass(frozen=True, slots=True)
class RegistrationOnPage:
    """One registration with its units."""

    registration: Registration
    units: list[UnitOfLearner]
    days_left: int | None
    state: str
    kind: str

    @property
    def achieved(self) -> int:
        """How many of the units are achieved."""
        return sum(row.achievement is not None for row in self.units)

    @property
    def is_ending(self) -> bool:
        """Whether it ends within 90 days."""
        return self.days_left is not None and 0 <= self.days_left <= EXPIRES_SOON_DAYS


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """Everything that the page of a learner shows."""

    registrations: list[RegistrationOnPage]
    invitation: InvitationLine | None


def learner_page(learner: Learner, *, today: date, at: datetime) -> LearnerPage:
    """Return what the page of a learner shows, the latest registration first, in four queries."""
    registrations = list(
        Registration.objects.filter(learner=learner)
        .select_related("qualification", "cohort", "previous")
        .order_by("-registered_on", "-id")
    )
    units: dict[UUID, list[Unit]] = defaultdict(list)
    for link in (
        QualificationUnit.objects.filter(qualification_id__in={row.qualification_id for row in registrations})
        .select_related("unit")
        .order_by("position")
    ):
        units[link.qualification_id].append(link.unit)
    achieved = {
        (row.registration_id, row.unit.ref): row
        for row in Achievement.objects.filter(registration__learner=learner).select_related("unit")
    }
    replaced = {row.previous_id for row in registrations}
    invitation = Invitation.objects.filter(learner=learner).order_by("-invited_at", "-id").first()
    return LearnerPage(
        [
            _on_page(
                row,
                [
                    UnitOfLearner(unit, achieved.get((row.pk, unit.ref)))
                    for unit in units[row.qualification_id]
                ],
                is_replaced=row.pk in replaced,
                today=today,
            )
            for row in registrations
        ],
        line_of(invitation, at) if invitation else None,
    )


def _on_page(
    registration: Registration, units: list[UnitOfLearner], *, is_replaced: bool, today: date
) -> RegistrationOnPage:
    left = days_left(today=today, expires_on=registration.expires_on)
    state, kind = state_of(
        is_registered=True,
        is_complete=bool(units) and all(row.achievement for row in units),
        is_replaced=is_replaced,
        days_left=left,
    )
    return RegistrationOnPage(registration, units, left, state, kind)
