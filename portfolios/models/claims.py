"""What learners say of their evidence: claims for criteria, and the professional discussions it records."""

from django.db import models
from django.db.models import F, Q

from centres.models import Membership, paired
from centres.scoping import TenantModel
from lib.wall import CentreForeignKey
from portfolios.models.attempts import Evidence
from portfolios.rules.locators import LocatorKind
from qualifications.models import Registration


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
