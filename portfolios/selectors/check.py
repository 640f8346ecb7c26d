"""Whether files wait for a safety check that is not running, for the people who can see to it."""

from datetime import datetime

from django.conf import settings

from portfolios.models import Evidence
from portfolios.rules import CHECK_TAKES


def files_without_check(*, at: datetime) -> int:
    """Return how many of a centre's files wait for a scanner that is missing or does not answer."""
    rows = Evidence.objects.filter(state=Evidence.State.QUARANTINED, removed_at__isnull=True)
    if settings.CLAMD_ADDRESS:
        rows = rows.filter(added_at__lt=at - CHECK_TAKES)
    return int(rows.count())
