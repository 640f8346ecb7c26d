"""What learners write into record templates, what it said before, and what of it was submitted."""

from django.db import models
from django.db.models import Q

from centres.models import Membership, paired
from centres.scoping import TenantModel
from lib.wall import CentreForeignKey
from portfolios.models.attempts import Evidence, Submission
from portfolios.models.practice import PracticeSession, SupervisionSession
from qualifications.models import Registration


class Record(TenantModel):
    """There is one row for every filled copy of a part of a record template, pinned to its version.

    ``answers`` holds a text for each box. A part about a session names it; other parts have a number of
    their own, because the paper may be photocopied. ``evidence`` is the piece that was kept from a page when
    it was signed: by ``signed_by``, or by the guest whose signature names it.
    """

    class SignedAs(models.TextChoices):
        LEARNER = "LEARNER", "Learner"
        ASSESSOR = "ASSESSOR", "Assessor"
        TUTOR = "TUTOR", "Tutor"

    registration = CentreForeignKey(Registration, related_name="records")
    unit_ref = models.CharField(max_length=20)
    template_key = models.CharField(max_length=80)
    template_version = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField()
    session = CentreForeignKey(PracticeSession, null=True, blank=True, related_name="records")
    supervision = CentreForeignKey(SupervisionSession, null=True, blank=True, related_name="records")
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    added_at = models.DateTimeField()
    added_by = CentreForeignKey(Membership)
    saved_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = CentreForeignKey(Membership, null=True, blank=True)
    evidence = CentreForeignKey(Evidence, null=True, blank=True, related_name="pages")
    signed_as = models.CharField(max_length=8, choices=SignedAs.choices, blank=True)
    signed_name = models.CharField(max_length=200, blank=True)
    meaning = models.CharField(max_length=300, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = CentreForeignKey(Membership, null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = CentreForeignKey(Membership, null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "registration", "unit_ref", "template_key", "part", "number"],
                condition=Q(session__isnull=True, supervision__isnull=True),
                name="portfolios_record_number_once",
            ),
            models.UniqueConstraint(
                fields=["centre", "session", "template_key", "part"],
                name="portfolios_record_once_a_session",
            ),
            models.UniqueConstraint(
                fields=["centre", "supervision", "template_key", "part"],
                name="portfolios_record_once_a_supervision",
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=True) | Q(supervision__isnull=True),
                name="portfolios_record_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=paired("removed_at", "removed_by"), name="portfolios_record_removal_is_signed"
            ),
            models.UniqueConstraint(fields=["centre", "evidence"], name="portfolios_record_one_a_piece"),
            models.CheckConstraint(
                condition=Q(
                    signed_as="", signed_name="", meaning="", signed_at__isnull=True, signed_by__isnull=True
                )
                | Q(
                    signed_as__in=["LEARNER", "ASSESSOR", "TUTOR"],
                    signed_at__isnull=False,
                    signed_by__isnull=False,
                    evidence__isnull=False,
                )
                & ~Q(signed_name="")
                & ~Q(meaning=""),
                name="portfolios_record_signature_is_whole",
            ),
            models.CheckConstraint(
                condition=paired("seen_at", "seen_by")
                & (Q(seen_at__isnull=True) | Q(signed_as__in=["ASSESSOR", "TUTOR"])),
                name="portfolios_record_seen_is_signed",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "registration", "unit_ref"], name="portfolios_record_of_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.template_key} {self.part} {self.number}"

    @property
    def is_by_staff(self) -> bool:
        """Whether the centre wrote and signed it, rather than the learner or somebody they asked."""
        return self.signed_as in (self.SignedAs.ASSESSOR, self.SignedAs.TUTOR)


class RecordRevision(TenantModel):
    """There is one row for every earlier state of a record that was kept; it never changes.

    What is saved while somebody types would be too much to read, so a state is kept when writing is taken
    up again after a pause.
    """

    record = CentreForeignKey(Record, related_name="revisions")
    version = models.PositiveIntegerField()
    answers = models.JSONField()
    written_at = models.DateTimeField()
    written_by = CentreForeignKey(Membership)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "record", "version"], name="portfolios_recordrevision_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class Snapshot(TenantModel):
    """There is one row for the records of every unit as they were submitted; it never changes.

    The declaration binds it: its fingerprint stands in the submission's manifest.
    """

    submission = CentreForeignKey(Submission, related_name="snapshots")
    unit_ref = models.CharField(max_length=20)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    taken_by = CentreForeignKey(Membership)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "submission", "unit_ref", "sha256"], name="portfolios_snapshot_once_a_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_ref} {self.sha256[:12]}"
