"""Portfolios as one document: what was put together, and the file that is drawn from it."""

from django.db import models
from django.db.models import Q

from centres.models import Membership
from centres.scoping import TenantModel
from lib.wall import CentreForeignKey
from portfolios.models.attempts import Submission


class Compilation(TenantModel):
    """There is one row for every state of an attempt's portfolio that somebody asked for as one document.

    ``record`` is canonical JSON and never changes: the PDF is drawn from it alone, so the same record gives
    the same bytes. ``tries`` counts the drawings begun since somebody asked.
    """

    class State(models.TextChoices):
        PENDING = "PENDING", "Being made"
        READY = "READY", "Ready"
        FAILED = "FAILED", "Failed"

    submission = CentreForeignKey(Submission, related_name="compilations")
    is_draft = models.BooleanField()
    record = models.TextField()
    record_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    problem = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    storage_key = models.CharField(max_length=100, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    requested_at = models.DateTimeField()
    requested_by = CentreForeignKey(Membership)
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "submission", "record_sha256"], name="portfolios_compilation_once_a_record"
            ),
            models.CheckConstraint(
                condition=~Q(state="READY")
                | Q(rendered_at__isnull=False) & ~Q(pdf_sha256="") & ~Q(storage_key=""),
                name="portfolios_compilation_ready_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PENDING", "READY"], problem="") | Q(state="FAILED") & ~Q(problem=""),
                name="portfolios_compilation_says_what_failed",
            ),
        ]

    def __str__(self) -> str:
        return self.record_sha256[:12]
