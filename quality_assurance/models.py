"""Internal quality assurance of assessed work: reviews, and the release that makes a result final."""

from django.db import models
from django.db.models import Q

from centres.models import Membership, paired
from centres.scoping import TenantModel
from lib.wall import CentreForeignKey
from marking.models import Judgement, fits, fits_as_reason
from portfolios.models import Submission


class Review(TenantModel):
    """There is one row for every time an IQA opened assessed work, until they decide or put it back."""

    class Result(models.TextChoices):
        AGREED = "AGREED", "Agreed"
        OVERTURNED = "OVERTURNED", "Overturned"
        PUT_BACK = "PUT_BACK", "Put back"

    submission = CentreForeignKey(Submission, related_name="reviews")
    judgement = CentreForeignKey(Judgement)
    iqa = CentreForeignKey(Membership)
    opened_at = models.DateTimeField()
    opened_by = CentreForeignKey(Membership)
    looked_at = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = CentreForeignKey(Membership, null=True, blank=True)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "submission"],
                condition=Q(closed_at__isnull=True),
                name="quality_assurance_review_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=paired("closed_at", "closed_by"), name="quality_assurance_review_end_is_signed"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, result="") | Q(closed_at__isnull=False) & ~Q(result=""),
                name="quality_assurance_review_ends_with_a_result",
            ),
            models.CheckConstraint(condition=fits("looked_at"), name="quality_assurance_review_note_fits"),
        ]

    def __str__(self) -> str:
        return self.result or "open"


class Release(TenantModel):
    """There is one row for every released attempt: the final outcome, on whose judgement, reviewed or not."""

    class Basis(models.TextChoices):
        REVIEWED = "REVIEWED", "Reviewed"
        NOT_SAMPLED = "NOT_SAMPLED", "Not sampled"

    submission = CentreForeignKey(Submission, related_name="releases")
    judgement = CentreForeignKey(Judgement)
    review = CentreForeignKey(Review, null=True, blank=True)
    basis = models.CharField(max_length=15, choices=Basis.choices)
    reason = models.TextField(blank=True)
    outcome = models.CharField(max_length=10)
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    released_at = models.DateTimeField()
    released_by = CentreForeignKey(Membership)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "submission"], name="quality_assurance_release_once_an_attempt"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["PASS", "REFERRAL"]), name="quality_assurance_release_has_an_outcome"
            ),
            models.CheckConstraint(
                condition=Q(basis="REVIEWED", review__isnull=False)
                | Q(basis="NOT_SAMPLED", review__isnull=True),
                name="quality_assurance_release_says_who_looked",
            ),
            models.CheckConstraint(
                condition=fits_as_reason("reason"), name="quality_assurance_release_reason_fits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.basis}"
