"""Evidence, what it is offered for, and submissions: one row an attempt, frozen when submitted."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from assessments.models import Assessment
from centres.models import Membership, paired
from centres.scoping import TenantManager, TenantModel
from lib.wall import CentreForeignKey
from portfolios.querysets import SubmissionQuerySet, UploadQuerySet
from portfolios.rules import State
from portfolios.rules.locators import LocatorKind
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


class Upload(TenantModel):
    """There is one row for every file on its way, until it has arrived and its time is over.

    ``pieces`` are the keys of what was received so far, in their order. By ``mark`` a browser tells two files
    of one name and length apart.
    """

    submission = CentreForeignKey(Submission)
    part_ref = models.CharField(max_length=10)
    label = models.CharField(max_length=200)
    mark = models.CharField(max_length=64, blank=True)
    length = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    pieces = ArrayField(models.CharField(max_length=200), default=list)
    evidence = CentreForeignKey(Evidence, null=True, blank=True)
    problem = models.CharField(max_length=600, blank=True)
    started_at = models.DateTimeField()
    started_by = CentreForeignKey(Membership)
    saved_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField()

    objects = TenantManager.from_queryset(UploadQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(length__gt=0, received__lte=F("length")), name="portfolios_upload_fits_its_length"
            ),
            models.CheckConstraint(
                condition=Q(evidence__isnull=True, problem="")
                | Q(received=F("length")) & (Q(evidence__isnull=True) | Q(problem="")),
                name="portfolios_upload_ends_when_it_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_whole(self) -> bool:
        """Whether every byte has come."""
        return bool(self.received == self.length)

    def is_over(self, at: datetime) -> bool:
        """Say whether its time is over."""
        return bool(at >= self.ends_at)


class Claim(TenantModel):
    """There is one row for every place in a piece of evidence that a learner offers for one criterion.

    Only its removal changes, and may be undone. What an attempt was submitted with is in its manifest, so
    that later claims and removals do not touch it.
    """

    registration = CentreForeignKey(Registration)
    evidence = CentreForeignKey(Evidence, related_name="claims")
    unit_ref = models.CharField(max_length=20)
    criterion_ref = models.CharField(max_length=10)
    kind = models.CharField(max_length=5, choices=[(kind.value, kind.value) for kind in LocatorKind])
    first = models.PositiveIntegerField(default=0)
    last = models.PositiveIntegerField(default=0)
    quote = models.CharField(max_length=500, blank=True)
    why = models.CharField(max_length=1000)
    claimed_at = models.DateTimeField()
    claimed_by = CentreForeignKey(Membership)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = CentreForeignKey(Membership, null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "evidence", "unit_ref", "criterion_ref", "kind", "first", "last", "quote"],
                condition=Q(removed_at__isnull=True),
                name="portfolios_claim_once_a_place",
            ),
            models.CheckConstraint(
                condition=Q(kind="PAGES", first__gt=0, last__gte=F("first"), quote="")
                | Q(kind="TIME", last__gte=F("first"), quote="")
                | Q(kind="WORDS", first=0, last=0) & ~Q(quote=""),
                name="portfolios_claim_locator_fits_its_kind",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="portfolios_claim_says_why"),
            models.CheckConstraint(
                condition=paired("removed_at", "removed_by"), name="portfolios_claim_removal_is_signed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_ref} {self.criterion_ref}"


class Discussion(TenantModel):
    """There is one row for every professional discussion: when, how and with whom, and on what questions.

    ``evidence`` is its recording or its notes; the times that matter in a recording are claims on it. The
    learner confirms that it is a true account; what changes afterwards is to be confirmed anew.
    """

    class Mode(models.TextChoices):
        IN_PERSON = "IN_PERSON", "In person"
        REMOTE = "REMOTE", "Remote"

    registration = CentreForeignKey(Registration)
    unit_ref = models.CharField(max_length=20)
    agreed_for = models.DateTimeField()
    mode = models.CharField(max_length=9, choices=Mode.choices)
    questions = models.TextField()
    assessor = CentreForeignKey(Membership)
    others = models.CharField(max_length=300, blank=True)
    has_live_iqa = models.BooleanField(default=False)
    evidence = CentreForeignKey(Evidence, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = CentreForeignKey(Membership)
    saved_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = CentreForeignKey(Membership, null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "evidence"], name="portfolios_discussion_one_a_recording"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["IN_PERSON", "REMOTE"]), name="portfolios_discussion_known_mode"
            ),
            models.CheckConstraint(condition=~Q(questions=""), name="portfolios_discussion_has_questions"),
            models.CheckConstraint(
                condition=paired("confirmed_at", "confirmed_by"), name="portfolios_discussion_is_signed"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(evidence__isnull=False),
                name="portfolios_discussion_confirms_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_ref}, {self.agreed_for:%-d %b %Y}"
