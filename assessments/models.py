"""What is set: assessments, record templates and programmes, and what was approved to differ from them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from centres.models import Membership, paired
from centres.scoping import TenantModel
from lib.wall import CentreForeignKey
from qualifications.models import CatalogueModel, Criterion, Qualification, Registration, Unit


class Assessment(CatalogueModel):
    """There is one row for every published version of an assessment; attempts are pinned to it."""

    class Rule(models.TextChoices):
        SECTION_MARKS = "section_marks", "Marks by section"
        ALL_CRITERIA = "all_criteria", "Pass or referral by criterion"

    key = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=250)
    kind = models.CharField(max_length=40)
    rule = models.CharField(max_length=20, choices=Rule.choices)
    total_max = models.PositiveSmallIntegerField(null=True, blank=True)
    total_min = models.PositiveSmallIntegerField(null=True, blank=True)
    task = models.TextField(blank=True)
    minimum_practice_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    word_count_min = models.PositiveSmallIntegerField(null=True, blank=True)
    word_count_max = models.PositiveSmallIntegerField(null=True, blank=True)
    details = models.JSONField(default=dict)
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="assessments_assessment_version_once"),
            models.CheckConstraint(
                condition=Q(rule="all_criteria", total_max__isnull=True, total_min__isnull=True)
                | Q(rule="section_marks", total_max__isnull=False, total_min__lte=F("total_max")),
                name="assessments_assessment_totals_fit_the_rule",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_by_section(self) -> bool:
        """Whether marks by section decide it, rather than criteria."""
        return self.rule == self.Rule.SECTION_MARKS


class AssessmentUnit(CatalogueModel):
    """There is one row for every unit that an assessment decides; a combined one decides several at once."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="assessment_units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "unit"], name="assessments_unit_once_in_each")
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.unit_id}"


class Section(CatalogueModel):
    """There is one row for every section of a mark sheet; its minimum is stored, never computed.

    ``statements`` is a list of ``{"text": str, "criteria": ["D3.01 1.1", …]}``; ``prompts`` a list of texts.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=200)
    max_marks = models.PositiveSmallIntegerField()
    min_marks = models.PositiveSmallIntegerField()
    statements = models.JSONField(default=list)
    prompts = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "position"], name="assessments_section_position_once"
            ),
            models.CheckConstraint(
                condition=Q(min_marks__lte=F("max_marks")), name="assessments_section_minimum_within_maximum"
            ),
        ]

    def __str__(self) -> str:
        return self.heading


class SheetCriterion(CatalogueModel):
    """There is one row for every criterion on a result sheet, as the sheet words it, with its descriptors."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="sheet_criteria")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    text_on_sheet = models.TextField()
    referral_descriptors = models.JSONField(default=list)
    pass_descriptors = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion"], name="assessments_criterion_once_on_a_sheet"
            )
        ]

    def __str__(self) -> str:
        return self.text_on_sheet


class QualificationAssessment(CatalogueModel):
    """There is one row for every assessment of a qualification, with the feedback labels it prints there."""

    qualification = models.ForeignKey(Qualification, models.CASCADE, related_name="qualification_assessments")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="in_qualifications")
    position = models.PositiveSmallIntegerField()
    feedback_labels = ArrayField(models.CharField(max_length=60))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["qualification", "assessment"], name="assessments_assessment_once_in_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.qualification_id} {self.assessment_id}"


class Programme(CatalogueModel):
    """There is one row for every published version of what a programme for some qualifications must hold.

    ``body`` holds lists of texts: what the ``initial_assessment`` identifies, what the ``induction`` covers,
    which ``deviations`` need an approval beforehand, and ``notes``. Hours are the qualification's own.
    """

    key = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    qualification_keys = ArrayField(models.CharField(max_length=80))
    body = models.JSONField()
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="assessments_programme_version_once")
        ]

    def __str__(self) -> str:
        return self.key


class RecordTemplate(CatalogueModel):
    """There is one row for every published version of a form that learners keep records with."""

    key = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    unit_refs = ArrayField(models.CharField(max_length=20))
    body = models.JSONField()
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="assessments_template_version_once")
        ]

    def __str__(self) -> str:
        return self.title


class ApprovedDeviation(TenantModel):
    """There is one row for every way in which a learner may be assessed that differs from what is set.

    The awarding body approves it before the work is submitted; its letter lies under ``storage_key``. A row
    never changes but for its withdrawal.
    """

    class Kind(models.TextChoices):
        METHOD = "METHOD", "Another method of assessment"
        PAPER = "PAPER", "On paper instead of electronically"
        OTHER = "OTHER", "Another deviation from the assessment"

    registration = CentreForeignKey(Registration, related_name="deviations")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    text = models.TextField()
    approved_on = models.DateField()
    label = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()
    recorded_by = CentreForeignKey(Membership)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = CentreForeignKey(Membership, null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=["METHOD", "PAPER", "OTHER"]),
                name="assessments_approveddeviation_known_kind",
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="assessments_approveddeviation_says_what_differs"
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0) & ~Q(storage_key=""),
                name="assessments_approveddeviation_has_its_letter",
            ),
            models.CheckConstraint(
                condition=paired("withdrawn_at", "withdrawn_by"),
                name="assessments_approveddeviation_withdrawal_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(reason=""),
                name="assessments_approveddeviation_withdrawal_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.text
