"""Practice as it took place: clients under a pseudonym, sessions with them, and supervision of it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from centres.models import Membership, paired
from centres.scoping import TenantModel
from lib.wall import CentreForeignKey
from portfolios.rules.sessions import LONGEST_MINUTES, SHORTEST_MINUTES
from qualifications.models import Registration

FITTING_LENGTH = Q(minutes__gte=SHORTEST_MINUTES, minutes__lte=LONGEST_MINUTES)


def _utc_range() -> Func:
    """Return the time that a session took, as a range that an index can hold: without a zone, in UTC."""
    starts = Func(Value("UTC"), F("starts_at"), function="timezone", output_field=models.DateTimeField())
    length = Func(
        F("minutes"), template="make_interval(mins => %(expressions)s)", output_field=models.DurationField()
    )
    return Func(
        starts,
        models.ExpressionWrapper(starts + length, output_field=models.DateTimeField()),
        function="tsrange",
    )


class PracticeClient(TenantModel):
    """There is one row for every person practised with for a unit; they are a number and have no name."""

    registration = CentreForeignKey(Registration, related_name="practice_clients")
    unit_ref = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    added_by = CentreForeignKey(Membership)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "registration", "unit_ref", "number"],
                name="portfolios_practiceclient_number_once",
            ),
            models.CheckConstraint(
                condition=Q(number__gt=0), name="portfolios_practiceclient_counts_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"Client {self.number}"


class ClientException(TenantModel):
    """There is one row for every client beyond a unit's limit: why, and what else was considered."""

    client = CentreForeignKey(PracticeClient, related_name="exceptions")
    reason = models.TextField()
    options_considered = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = CentreForeignKey(Membership)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "client"], name="portfolios_clientexception_once_a_client"
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S", options_considered__regex=r"\S"),
                name="portfolios_clientexception_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class PracticeSession(TenantModel):
    """There is one row for every session with a client; what was written about it is a Record.

    A number is never given twice, so that a deleted session can come back under its own.
    """

    registration = CentreForeignKey(Registration, related_name="practice_sessions")
    unit_ref = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    client = CentreForeignKey(PracticeClient, related_name="sessions")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField()
    added_by = CentreForeignKey(Membership)
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = CentreForeignKey(Membership, null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "registration", "unit_ref", "number"],
                name="portfolios_practicesession_number_once",
            ),
            models.CheckConstraint(condition=FITTING_LENGTH, name="portfolios_practicesession_length_fits"),
            models.CheckConstraint(
                condition=paired("removed_at", "removed_by"),
                name="portfolios_practicesession_removal_is_signed",
            ),
            ExclusionConstraint(
                name="portfolios_practicesession_one_at_a_time",
                expressions=[
                    ("centre", RangeOperators.EQUAL),
                    ("registration", RangeOperators.EQUAL),
                    (_utc_range(), RangeOperators.OVERLAPS),
                ],
                condition=Q(removed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Session {self.number}"


class SupervisionSession(TenantModel):
    """There is one row for every meeting with a supervisor or tutor about the practice of a unit."""

    registration = CentreForeignKey(Registration, related_name="supervision_sessions")
    unit_ref = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    supervisor = models.CharField(max_length=200)
    held_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField()
    added_by = CentreForeignKey(Membership)
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = CentreForeignKey(Membership, null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "registration", "unit_ref", "number"],
                name="portfolios_supervisionsession_number_once",
            ),
            models.CheckConstraint(
                condition=FITTING_LENGTH, name="portfolios_supervisionsession_length_fits"
            ),
            models.CheckConstraint(
                condition=~Q(supervisor=""), name="portfolios_supervisionsession_names_somebody"
            ),
            models.CheckConstraint(
                condition=paired("removed_at", "removed_by"),
                name="portfolios_supervisionsession_removal_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"Supervision {self.number}"
