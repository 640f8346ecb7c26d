"""What tutors record of a learner's programme, corrected by later rows, and what learners confirm of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assessments.models import Assessment
from centres.models import Membership
from centres.scoping import TenantModel
from lib.wall import CentreForeignKey
from portfolios.models.attempts import Submission
from portfolios.models.practice import FITTING_LENGTH
from portfolios.rules import ProgrammeKind
from qualifications.models import Registration

KINDS = [(kind.value, kind.label) for kind in ProgrammeKind]
TIMED = ["INDUCTION", "TUTORIAL"]
COVERING = ["INITIAL", "INDUCTION"]


class ProgrammeEntry(TenantModel):
    """There is one row for every event of a programme. It never changes: a later row corrects it.

    ``covered`` holds the points of the catalogue's checklist. An access arrangement may be for one
    assessment, special consideration is for one attempt, and prior learning may name a unit and criteria.
    """

    registration = CentreForeignKey(Registration, related_name="programme_entries")
    kind = models.CharField(max_length=9, choices=KINDS)
    held_on = models.DateField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    covered = ArrayField(models.CharField(max_length=300), default=list)
    note = models.TextField(blank=True)
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="+")
    submission = CentreForeignKey(Submission, null=True, blank=True)
    unit_ref = models.CharField(max_length=20, blank=True)
    criteria = ArrayField(models.CharField(max_length=10), default=list)
    corrects = CentreForeignKey("portfolios.ProgrammeEntry", null=True, blank=True, related_name="followers")
    reason = models.TextField(blank=True)
    is_withdrawn = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = CentreForeignKey(Membership)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "corrects"], name="portfolios_programmeentry_corrected_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in ProgrammeKind]),
                name="portfolios_programmeentry_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TIMED) & Q(minutes__isnull=False) & FITTING_LENGTH
                | ~Q(kind__in=TIMED) & Q(minutes__isnull=True),
                name="portfolios_programmeentry_length_fits",
            ),
            models.CheckConstraint(
                condition=Q(kind="INDUCTION") | ~Q(note=""),
                name="portfolios_programmeentry_says_something",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=COVERING) | Q(covered=[]),
                name="portfolios_programmeentry_covers_what_it_can",
            ),
            models.CheckConstraint(
                condition=Q(kind="ACCESS") | Q(assessment__isnull=True),
                name="portfolios_programmeentry_arranges_an_assessment",
            ),
            models.CheckConstraint(
                condition=Q(kind="SPECIAL", submission__isnull=False)
                | ~Q(kind="SPECIAL") & Q(submission__isnull=True),
                name="portfolios_programmeentry_considers_an_attempt",
            ),
            models.CheckConstraint(
                condition=Q(kind="PRIOR") & (~Q(unit_ref="") | Q(criteria=[])) | Q(unit_ref="", criteria=[]),
                name="portfolios_programmeentry_recognises_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, reason="", is_withdrawn=False)
                | Q(corrects__isnull=False) & ~Q(reason=""),
                name="portfolios_programmeentry_correction_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "registration"], name="portfolios_programme_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.held_on}"


class InductionConfirmation(TenantModel):
    """There is one row for every induction that its learner confirmed; it never changes."""

    entry = CentreForeignKey(ProgrammeEntry, related_name="confirmations")
    confirmed_at = models.DateTimeField()
    confirmed_by = CentreForeignKey(Membership)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "entry"], name="portfolios_inductionconfirmation_once_each"
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry_id)
