"""Files on their way."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from centres.models import Membership
from centres.scoping import TenantManager, TenantModel
from lib.wall import CentreForeignKey
from portfolios.models.attempts import Evidence, Submission
from portfolios.querysets import UploadQuerySet


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
