"""Links for people without an account, what they signed by them, and pages that were signed on paper."""

from django.db import models
from django.db.models import F, Q

from centres.models import NOT_PRINTED, Membership, paired
from centres.scoping import TenantModel
from lib.wall import CentreForeignKey
from portfolios.models.attempts import Evidence
from portfolios.models.practice import PracticeClient
from portfolios.models.records import Record
from portfolios.rules.guests import Guest, Task

GUESTS = [(guest.value, guest.label) for guest in Guest]
TASKS = [(task.value, task.value) for task in Task]


class GuestLink(TenantModel):
    """There is one row for every link by which somebody answers or signs a record; only its digest is kept.

    ``draft`` is what they wrote and have not signed yet. A link is used once, by the signature that names it.
    """

    record = CentreForeignKey(Record, related_name="links")
    guest = models.CharField(max_length=11, choices=GUESTS)
    task = models.CharField(max_length=7, choices=TASKS)
    client = CentreForeignKey(PracticeClient, null=True, blank=True)
    token_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = CentreForeignKey(Membership)
    expires_at = models.DateTimeField()
    draft = models.JSONField(default=dict)
    saved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = CentreForeignKey(Membership, null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "token_digest"], name="portfolios_guestlink_one_link_each"
            ),
            models.UniqueConstraint(
                fields=["centre", "record", "guest"],
                condition=Q(withdrawn_at__isnull=True),
                name="portfolios_guestlink_one_a_guest",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="portfolios_guestlink_lasts"
            ),
            models.CheckConstraint(condition=~Q(token_digest=""), name="portfolios_guestlink_keeps_a_digest"),
            models.CheckConstraint(
                condition=Q(
                    guest__in=[guest.value for guest in Guest], task__in=[task.value for task in Task]
                ),
                name="portfolios_guestlink_known_task",
            ),
            models.CheckConstraint(
                condition=paired("withdrawn_at", "withdrawn_by"),
                name="portfolios_guestlink_withdrawal_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guest} {self.task}"


class GuestSignature(TenantModel):
    """There is one row for every link that was used: who signed what by it, and when. It never changes.

    ``content`` is what was on the page with what they wrote; ``sha256`` is the fingerprint of its canonical
    form. It is a simple electronic signature: the name as typed, by whoever held the link.
    """

    link = CentreForeignKey(GuestLink)
    record = CentreForeignKey(Record, related_name="signatures")
    task = models.CharField(max_length=7, choices=TASKS)
    name = models.CharField(max_length=200)
    meaning = models.CharField(max_length=300)
    method = models.CharField(max_length=100)
    answers = models.JSONField(default=dict)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["centre", "link"], name="portfolios_guestsignature_once_a_link"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(name__regex=NOT_PRINTED) & ~Q(meaning="") & ~Q(method=""),
                name="portfolios_guestsignature_says_who_and_what",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="portfolios_guestsignature_binds_its_content",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SignedPaper(TenantModel):
    """There is one row for every file that is a record as somebody signed it on paper, until taken off."""

    record = CentreForeignKey(Record, related_name="papers")
    evidence = CentreForeignKey(Evidence, related_name="papers")
    added_at = models.DateTimeField()
    added_by = CentreForeignKey(Membership)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = CentreForeignKey(Membership, null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "record", "evidence"],
                condition=Q(removed_at__isnull=True),
                name="portfolios_signedpaper_once_a_record",
            ),
            models.CheckConstraint(
                condition=paired("removed_at", "removed_by"), name="portfolios_signedpaper_removal_is_signed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.added_at:%-d %b %Y}"
