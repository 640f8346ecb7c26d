"""Evidence, what it is offered for, and submissions: one row an attempt, frozen when submitted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assessments.models import Assessment
from centres.models import Membership, paired
from centres.scoping import TenantManager, TenantModel
from lib.wall import CentreForeignKey
from portfolios.querysets import SubmissionQuerySet
from portfolios.rules import State
from qualifications.models import Registration

STATES = [(state.value, state.value) for state in State]


class Evidence(TenantModel):
    """There is one row for every file or text of a learner. A file never changes; a text until submitted.

    A file waits in quarantine until it was checked, and is shown to nobody before it was found clean.

    ``label`` is the name the learner sees; the bytes lie under ``storage_key``, which says nothing.
    """

    class Kind(models.TextChoices):
        FILE = "FILE", "File"
        TEXT = "TEXT", "Text"

    class State(models.TextChoices):
        QUARANTINED = "QUARANTINED", "Waiting to be checked"
        CLEAN = "CLEAN", "Ready"
        REFUSED = "REFUSED", "Refused"

    registration = CentreForeignKey(Registration, related_name="evidence")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    label = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=100, blank=True)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=11, choices=State.choices, default=State.QUARANTINED)
    problem = models.CharField(max_length=600, blank=True)
    added_at = models.DateTimeField()
    added_by = CentreForeignKey(Membership)
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = CentreForeignKey(Membership, null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="FILE", size__gt=0, text="") & ~Q(storage_key="")
                | Q(kind="TEXT", storage_key=""),
                name="portfolios_evidence_is_a_file_or_a_text",
            ),
            models.CheckConstraint(
                condition=Q(state="REFUSED", kind="FILE") & ~Q(problem="")
                | Q(state="CLEAN", problem="")
                | Q(state="QUARANTINED", kind="FILE", problem=""),
                name="portfolios_evidence_only_files_wait",
            ),
            models.CheckConstraint(
                condition=paired("removed_at", "removed_by"), name="portfolios_evidence_removal_is_signed"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Submission(TenantModel):
    """There is one row for every attempt of a learner at an assessment. From submission on it is frozen.

    ``open_parts`` are the refs to be done in this attempt: all of them at first, the referred ones later.
    ``manifest`` is what was submitted, with the fingerprints that the declaration is bound to.
    """

    registration = CentreForeignKey(Registration, related_name="submissions")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField()
    previous = CentreForeignKey("portfolios.Submission", null=True, blank=True)
    open_parts = ArrayField(models.CharField(max_length=10))
    state = models.CharField(max_length=20, choices=STATES, default=State.DRAFT.value)
    state_at = models.DateTimeField()
    declaration = models.TextField(blank=True)
    manifest = models.JSONField(default=list)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    has_refused_standardisation = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = CentreForeignKey(Membership, null=True, blank=True)

    objects = TenantManager.from_queryset(SubmissionQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "registration", "assessment", "attempt"],
                name="portfolios_submission_attempt_once",
            ),
            models.UniqueConstraint(
                fields=["centre", "registration", "assessment"],
                condition=~Q(state="RELEASED"),
                name="portfolios_submission_one_open_attempt",
            ),
            models.CheckConstraint(
                condition=paired("submitted_at", "submitted_by"), name="portfolios_submission_is_signed"
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT")
                | Q(submitted_at__isnull=False) & ~Q(declaration="") & ~Q(manifest_sha256=""),
                name="portfolios_submission_needs_a_declaration",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]),
                name="portfolios_submission_known_state",
            ),
            models.CheckConstraint(
                condition=Q(attempt=1, previous__isnull=True) | Q(attempt__gt=1, previous__isnull=False),
                name="portfolios_submission_later_attempts_follow_one",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "state", "submitted_at"], name="portfolios_submission_queue"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.attempt}"


class Offer(TenantModel):
    """There is one row for every piece of evidence offered under one part of an attempt, frozen with it."""

    submission = CentreForeignKey(Submission, related_name="offers")
    evidence = CentreForeignKey(Evidence, related_name="offers")
    part_ref = models.CharField(max_length=10)
    offered_at = models.DateTimeField()
    offered_by = CentreForeignKey(Membership)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "submission", "part_ref", "evidence"], name="portfolios_offer_once_a_part"
            ),
        ]

    def __str__(self) -> str:
        return self.part_ref
