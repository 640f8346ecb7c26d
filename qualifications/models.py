"""The catalogue's qualifications and units, and what each centre records of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from centres.models import Cohort, Learner, Membership, paired
from centres.scoping import TenantManager, TenantModel
from lib.ids import new_id
from lib.wall import CentreForeignKey
from qualifications.querysets import ApprovalQuerySet, CompetenceQuerySet


class CatalogueModel(models.Model):
    """A row of the catalogue: the same for every centre, written by the operator's import, then frozen."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class Qualification(CatalogueModel):
    """There is one row for every published version of a qualification."""

    key = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField()
    credits = models.PositiveSmallIntegerField()
    glh = models.PositiveSmallIntegerField(null=True, blank=True)
    tqt = models.PositiveSmallIntegerField(null=True, blank=True)
    time_limit_years = models.PositiveSmallIntegerField(null=True, blank=True)
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    accreditation_numbers = ArrayField(models.CharField(max_length=40), default=list)
    ilm_codes = ArrayField(models.CharField(max_length=40), default=list)
    details = models.JSONField(default=dict)
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"], name="qualifications_qualification_version_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Unit(CatalogueModel):
    """There is one row for every published version of a unit, with what practice it requires."""

    ref = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=250)
    uan = models.CharField(max_length=20, blank=True)
    level = models.PositiveSmallIntegerField()
    credits = models.PositiveSmallIntegerField()
    glh = models.PositiveSmallIntegerField(null=True, blank=True)
    minimum_practice_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    min_clients = models.PositiveSmallIntegerField(null=True, blank=True)
    max_clients = models.PositiveSmallIntegerField(null=True, blank=True)
    exceptional_max_clients = models.PositiveSmallIntegerField(null=True, blank=True)
    min_supervision_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    min_supervision_sessions = models.PositiveSmallIntegerField(null=True, blank=True)
    cpd_plan_months = models.PositiveSmallIntegerField(null=True, blank=True)
    details = models.JSONField(default=dict)
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref", "version"], name="qualifications_unit_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class LearningOutcome(CatalogueModel):
    """There is one row for every learning outcome (LO) of a unit, in the order that the unit prints."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="outcomes")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="qualifications_outcome_number_once")
        ]

    def __str__(self) -> str:
        return f"LO {self.number}"


class Criterion(CatalogueModel):
    """There is one row for every assessment criterion (AC) of a learning outcome."""

    outcome = models.ForeignKey(LearningOutcome, models.CASCADE, related_name="criteria")
    ref = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outcome", "ref"], name="qualifications_criterion_ref_once")
        ]

    def __str__(self) -> str:
        return f"AC {self.ref}"


class QualificationUnit(CatalogueModel):
    """There is one row for every unit of a qualification, pinned to the unit's version."""

    qualification = models.ForeignKey(Qualification, models.CASCADE, related_name="qualification_units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["qualification", "unit"], name="qualifications_unit_once_in_each")
        ]

    def __str__(self) -> str:
        return f"{self.qualification_id} {self.unit_id}"


class CentreApproval(TenantModel):
    """There is one row for every qualification that the awarding body lets the centre deliver."""

    qualification = models.ForeignKey(Qualification, models.PROTECT, related_name="+")
    approved_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = TenantManager.from_queryset(ApprovalQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "qualification"], name="qualifications_approval_once_in_a_centre"
            ),
        ]

    def __str__(self) -> str:
        return str(self.qualification_id)


class Registration(TenantModel):
    """There is one row for every learner on a qualification; it lapses after the time limit."""

    learner = CentreForeignKey(Learner, related_name="registrations")
    qualification = models.ForeignKey(Qualification, models.PROTECT, related_name="+")
    cohort = CentreForeignKey(Cohort, null=True, blank=True, related_name="registrations")
    number = models.CharField(max_length=40)
    registered_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    registered_at = models.DateTimeField()
    registered_by = CentreForeignKey(Membership)
    previous = CentreForeignKey("qualifications.Registration", null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "number"], name="qualifications_registration_number_once"
            ),
            models.UniqueConstraint(
                fields=["centre", "learner", "qualification", "registered_on"],
                name="qualifications_registration_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["centre", "previous"], name="qualifications_registration_followed_by_one"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("registered_on")),
                name="qualifications_registration_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Achievement(TenantModel):
    """There is one row for every unit that a learner achieved; re-registration carries it over."""

    registration = CentreForeignKey(Registration, related_name="achievements")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    submission_id = models.UUIDField()
    achieved_at = models.DateTimeField()
    achieved_by = CentreForeignKey(Membership)
    carried_from = CentreForeignKey("qualifications.Achievement", null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "registration", "unit"], name="qualifications_achievement_once_each"
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit_id)


class Competence(TenantModel):
    """There is one row for every decision by the lead IQA that a person may assess a unit until a day."""

    membership = CentreForeignKey(Membership, related_name="competences")
    unit_ref = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_until = models.DateField()
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = CentreForeignKey(Membership)

    objects = TenantManager.from_queryset(CompetenceQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "membership", "unit_ref", "valid_from"],
                name="qualifications_competence_one_decision_a_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")),
                name="qualifications_competence_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_ref} until {self.valid_until}"


class ConflictOfInterest(TenantModel):
    """There is one row for every learner whom a member of staff may not judge, and why, until withdrawn."""

    membership = CentreForeignKey(Membership, related_name="conflicts")
    learner = CentreForeignKey(Learner)
    reason = models.TextField()
    declared_at = models.DateTimeField()
    declared_by = CentreForeignKey(Membership)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = CentreForeignKey(Membership, null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "membership", "learner"],
                condition=Q(withdrawn_at__isnull=True),
                name="qualifications_conflict_declared_once",
            ),
            models.CheckConstraint(
                condition=paired("withdrawn_at", "withdrawn_by"),
                name="qualifications_conflict_withdrawal_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True) | ~Q(withdrawn_by=F("membership")),
                name="qualifications_conflict_is_not_withdrawn_by_itself",
            ),
        ]

    def __str__(self) -> str:
        return str(self.learner_id)
