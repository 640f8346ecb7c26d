"""Judgements of submissions: who took the work, what each judge decided, what they signed, and the sheet."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Length, Replace
from django.db.models.lookups import LessThan, LessThanOrEqual

from assessments.models import Assessment
from centres.models import DrawnDocument, Membership, User, paired
from centres.scoping import TenantManager, TenantModel
from lib.wall import CentreForeignKey
from marking.querysets import COUNTS, JudgementQuerySet
from marking.rules.bounds import MAX_CHARACTERS, MAX_LINES, MAX_REASON
from portfolios.models import Submission
from qualifications.models import Registration


def fits(field: str) -> Q:
    """Return the condition that a text is no longer than a sheet holds."""
    breaks = Length(field) - Length(Replace(field, Value("\n")))
    return Q(LessThanOrEqual(Length(field), MAX_CHARACTERS), LessThan(breaks, MAX_LINES))


def fits_as_reason(field: str) -> Q:
    """Return the condition that a text is no longer than a reason."""
    return Q(LessThanOrEqual(Length(field), MAX_REASON))


class Allocation(TenantModel):
    """There is one row for every time an assessor took a submission, until it is signed or handed back."""

    submission = CentreForeignKey(Submission, related_name="allocations")
    assessor = CentreForeignKey(Membership)
    taken_at = models.DateTimeField()
    taken_by = CentreForeignKey(Membership)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = CentreForeignKey(Membership, null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "submission"],
                condition=Q(ended_at__isnull=True),
                name="marking_allocation_one_assessor_at_a_time",
            ),
            models.CheckConstraint(
                condition=paired("ended_at", "ended_by"), name="marking_allocation_end_is_signed"
            ),
        ]

    def __str__(self) -> str:
        return str(self.submission_id)


class Judgement(TenantModel):
    """There is one row for every judge's view of one attempt, told apart by stage. Signed, it never changes.

    ``registration`` and ``assessment`` repeat the attempt's, so that the database can refuse one person at
    two stages over all attempts of the same work. ``is_written_on`` says that the judge ever wrote on the
    sheet: cleared again or set aside, it still counts as theirs.
    """

    class Stage(models.TextChoices):
        ASSESSOR = "ASSESSOR", "Assessor"
        COUNTERSIGNER = "COUNTERSIGNER", "Countersigner"
        IQA = "IQA", "IQA"

    class State(models.TextChoices):
        DRAFT = "DRAFT", "Draft"
        SIGNED = "SIGNED", "Signed"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    class Basis(models.TextChoices):
        AGREED = "AGREED", "Agreed"
        OVERTURNED = "OVERTURNED", "Overturned"

    submission = CentreForeignKey(Submission, related_name="judgements")
    registration = CentreForeignKey(Registration)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=15, choices=Stage.choices)
    revision = models.PositiveSmallIntegerField(default=1)
    judge = CentreForeignKey(Membership)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    basis = models.CharField(max_length=10, choices=Basis.choices, blank=True)
    reason = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, blank=True)
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    is_written_on = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = CentreForeignKey(Membership, null=True, blank=True)

    objects = TenantManager.from_queryset(JudgementQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "submission", "stage", "revision"],
                condition=~Q(state="WITHDRAWN"),
                name="marking_judgement_one_a_stage",
            ),
            ExclusionConstraint(
                name="marking_judgement_one_judge_one_stage",
                expressions=[
                    ("centre", "="),
                    ("registration", "="),
                    ("assessment", "="),
                    ("judge", "="),
                    ("stage", "<>"),
                ],
                condition=COUNTS,
            ),
            models.CheckConstraint(
                condition=paired("signed_at", "signed_by"), name="marking_judgement_signature_is_whole"
            ),
            models.CheckConstraint(
                condition=~Q(state="SIGNED")
                | Q(signed_at__isnull=False, signed_by=F("judge"), outcome__in=["PASS", "REFERRAL"]),
                name="marking_judgement_signed_has_an_outcome",
            ),
            models.CheckConstraint(condition=fits_as_reason("reason"), name="marking_judgement_reason_fits"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.state}"


class JudgementLine(TenantModel):
    """There is one row for every section or criterion on a judge's sheet, with the mark or the decision.

    ``feedback`` is the first printed column and ``feedback_more`` the second, which only mark sheets have.
    ``carried_from`` is the attempt whose mark or decision stands here, and ``carried_line`` the line that
    decided it, whoever judged it; such a line is not edited, and its feedback is the assessor's of then.
    """

    judgement = CentreForeignKey(Judgement, related_name="lines")
    part_ref = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField()
    heading = models.TextField()
    maximum = models.PositiveSmallIntegerField(null=True, blank=True)
    minimum = models.PositiveSmallIntegerField(null=True, blank=True)
    mark = models.SmallIntegerField(null=True, blank=True)
    decision = models.CharField(max_length=10, blank=True)
    feedback = models.TextField(blank=True)
    feedback_more = models.TextField(blank=True)
    carried_from = models.PositiveSmallIntegerField(null=True, blank=True)
    carried_line = CentreForeignKey("marking.JudgementLine", null=True, blank=True)
    is_adopted = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "judgement", "part_ref"], name="marking_line_once_a_part"
            ),
            models.CheckConstraint(
                condition=Q(mark__isnull=True)
                | Q(mark__gte=0, mark__lte=F("maximum"), maximum__isnull=False),
                name="marking_line_mark_from_0_to_maximum",
            ),
            models.CheckConstraint(
                condition=Q(decision="") | Q(decision__in=["PASS", "REFERRAL"], maximum__isnull=True),
                name="marking_line_decision_is_pass_or_referral",
            ),
            models.CheckConstraint(
                condition=Q(carried_from__isnull=True, carried_line__isnull=True)
                | Q(carried_from__isnull=False, carried_line__isnull=False),
                name="marking_line_carried_over_names_its_origin",
            ),
            models.CheckConstraint(
                condition=fits("feedback") & fits("feedback_more"), name="marking_line_feedback_fits"
            ),
        ]

    def __str__(self) -> str:
        return self.heading


class OutcomeComment(TenantModel):
    """There is one row for every comment of a judge on one learning outcome of a result sheet."""

    judgement = CentreForeignKey(Judgement, related_name="outcome_comments")
    outcome_number = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "judgement", "outcome_number"], name="marking_comment_once_an_outcome"
            ),
            models.CheckConstraint(condition=fits("text"), name="marking_comment_fits"),
        ]

    def __str__(self) -> str:
        return f"LO {self.outcome_number}"


class Signature(TenantModel):
    """There is one row for every signed judgement: who, as whom, what it meant, and the record's fingerprint.

    It is added once and never changed. A simple electronic signature with evidence.
    """

    judgement = CentreForeignKey(Judgement, related_name="signatures")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    printed_name = models.CharField(max_length=200)
    role = models.CharField(max_length=40)
    meaning = models.TextField()
    method = models.CharField(max_length=20)
    signed_at = models.DateTimeField()
    signed_by = CentreForeignKey(Membership)
    rule_version = models.CharField(max_length=20)
    record = models.TextField()
    record_sha256 = models.CharField(max_length=64)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "judgement"], name="marking_signature_once_a_judgement"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed_name}, {self.role}"


class ResultSheet(DrawnDocument):
    """There is one row for every revision of an attempt's result sheet, told apart by ``code``."""

    submission = CentreForeignKey(Submission, related_name="sheets")
    revision = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)

    class Meta(DrawnDocument.Meta):
        constraints = [
            *DrawnDocument.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "submission", "revision"], name="marking_sheet_revision_once"
            ),
            models.UniqueConstraint(fields=["centre", "code"], name="marking_sheet_code_once"),
        ]

    def __str__(self) -> str:
        return self.code
