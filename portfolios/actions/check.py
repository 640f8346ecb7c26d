"""The safety check of a file that waits: its structure again, the scanner, then clean or refused."""

from datetime import datetime
from typing import IO

from django.conf import settings
from django.db import transaction

from centres.actions import record_event, rest
from lib.inspection import Accepted, FileRefused, inspect
from lib.inspection.marks import infected
from lib.scan import ScannerAway, scan
from portfolios.actions.offer import CHECK, draw_later, pages_of
from portfolios.models import Evidence
from portfolios.selectors.limits import upload_limits


def judge_upload(file: IO[bytes], *, name: str) -> Accepted:
    """Decide about a file as all together would that happens to one. Raises FileRefused, ScannerAway."""
    pages_of(inspect(file, name=name, limits=upload_limits()), file)
    return judge_file(file, name=name)


def judge_file(file: IO[bytes], *, name: str) -> Accepted:
    """Decide about a file by the whole pipeline, the scanner with it. Raises FileRefused, ScannerAway."""
    accepted = inspect(file, name=name, limits=upload_limits())
    if settings.UPLOAD_SCAN_IS_LEFT_OUT:
        return accepted
    if not settings.CLAMD_ADDRESS:
        raise ScannerAway("no scanner is configured")
    if scan(file, address=settings.CLAMD_ADDRESS):
        raise FileRefused(accepted.label, infected())
    return accepted


@transaction.atomic
def settle_evidence(*, evidence: Evidence, refusal: FileRefused | None, at: datetime) -> Evidence:
    """Write what the check of a waiting file found, so that only clean files are shown; twice is once."""
    evidence = Evidence.locked(evidence.pk)
    rest(CHECK, evidence.pk)
    if evidence.state != Evidence.State.QUARANTINED:
        return evidence
    if refusal is None:
        evidence.state = Evidence.State.CLEAN
        record_event("portfolios.evidence.cleared", target=evidence, by=None, at=at)
        draw_later(evidence, at=at)
    else:
        evidence.state, evidence.problem = Evidence.State.REFUSED, refusal.reason
        record_event("portfolios.evidence.refused", target=evidence, by=None, at=at, reason=refusal.code)
    evidence.save(update_fields=["state", "problem"])
    return evidence
