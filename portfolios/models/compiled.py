"""Portfolios as one document: what was put together, and the file that is drawn from it."""

from django.db import models

from centres.models import DrawnDocument, Membership
from lib.wall import CentreForeignKey
from portfolios.models.attempts import Submission


class Compilation(DrawnDocument):
    """There is one row for every state of an attempt's portfolio that somebody asked for as one document."""

    submission = CentreForeignKey(Submission, related_name="compilations")
    is_draft = models.BooleanField()
    requested_by = CentreForeignKey(Membership)

    class Meta(DrawnDocument.Meta):
        constraints = [
            *DrawnDocument.Meta.constraints,
            models.UniqueConstraint(
                fields=["centre", "submission", "record_sha256"], name="portfolios_compilation_once_a_record"
            ),
        ]

    def __str__(self) -> str:
        return self.record_sha256[:12]
