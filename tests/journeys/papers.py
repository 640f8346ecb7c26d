"""What the papers of a journey must say: who did what and when, taken from the rows that it left."""

from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from centres.models import Centre
from centres.scoping import centre_scope
from marking.models import Signature
from quality_assurance.models import Release

SIGNED = "Signed electronically, confirmed with their password."


class Moments(NamedTuple):
    """When an attempt was declared, signed by its assessor and its IQA, and released."""

    declared: datetime
    assessed: datetime
    reviewed: datetime
    released: datetime

    @property
    def assessors_signature(self) -> str:
        """The assessor's signature as it is printed."""
        return f"Priya Shah Assessor. {SIGNED} {said(self.assessed)}"

    @property
    def iqas_signature(self) -> str:
        """The IQA's signature as it is printed."""
        return f"Lena Grant IQA. {SIGNED} {said(self.reviewed)}"

    @property
    def release(self) -> str:
        """Who released it on which day, as it is printed."""
        return f"Released {day(self.released)} by Lena Grant."


def said(at: datetime) -> str:
    """Return a time as papers print it."""
    return f"{at:%-d %b %Y, %H:%M} UTC"


def day(at: datetime) -> str:
    """Return a day as papers print it."""
    return f"{at:%-d %b %Y}"


def moments_of(centre: Centre, *, attempt: int, since: datetime) -> Moments:
    """Return the moments of a released attempt, all of them since the journey began and in their order."""
    with centre_scope(centre.pk):
        release = Release.objects.select_related("submission").get(submission__attempt=attempt)
        signatures = Signature.objects.filter(judgement__submission=release.submission_id)
        signed = dict(signatures.values_list("judgement__stage", "signed_at"))
    declared = release.submission.submitted_at
    moments = Moments(declared, signed["ASSESSOR"], signed["IQA"], release.released_at)
    assert since < declared < moments.assessed < moments.reviewed <= moments.released < timezone.now()
    return moments
