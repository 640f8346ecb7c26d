"""Making a portfolio one document: its record is fixed when it is asked for, its file made by a task."""

import logging
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.timezone import override

from centres.actions import put_off, record_event, rest, wake
from centres.models import Membership
from lib.canonical import canonical_json, fingerprint
from lib.ids import new_id
from lib.pdf import Attached, draw_pdf
from portfolios.models import Compilation, Submission
from portfolios.selectors.compiled import compiled_record
from portfolios.selectors.printed import printed_portfolio

COMPILE = "portfolios.compile_portfolio"
STYLESHEET = Path(settings.BASE_DIR) / "templates" / "portfolios" / "pdf" / "portfolio.css"
NOT_MADE = "We could not make this document. Nothing is lost. Try again."

# A drawing that ends its process tells nobody, so it is counted before it begins.
MOST_TRIES = 3

logger = logging.getLogger(__name__)


@transaction.atomic
def request_compilation(*, submission: Submission, by: Membership, at: datetime) -> Compilation:
    """Fix the record of a portfolio and ask for its PDF, so that nothing changes between.

    What was asked for before and has not changed since is not made again; what failed is tried again.
    """
    submission = Submission.locked(submission.pk)
    record = canonical_json(compiled_record(submission, at=at))
    asked, is_new = Compilation.objects.get_or_create(
        submission=submission,
        record_sha256=fingerprint(record),
        defaults={
            "is_draft": submission.submitted_at is None,
            "record": record.decode(),
            "requested_at": at,
            "requested_by": by,
        },
    )
    compilation: Compilation = Compilation.locked(asked.pk)
    if compilation.state == Compilation.State.FAILED:
        compilation.state, compilation.problem, compilation.tries = Compilation.State.PENDING, "", 0
        compilation.save(update_fields=["state", "problem", "tries"])
        is_new = True
    if is_new:
        record_event(
            "portfolios.compilation.requested",
            target=compilation,
            by=by,
            at=at,
            sha256=compilation.record_sha256,
        )
        wake(COMPILE, compilation.pk, at=at)
    return compilation


def draw_portfolio(record: str, *, record_sha256: str) -> bytes:
    """Return the PDF of a stored record: the same bytes for the same record, whenever and wherever."""
    portfolio = printed_portfolio(record, record_sha256=record_sha256)
    # Its times are UTC wherever it is drawn.
    with override("UTC"):
        html = render_to_string("portfolios/pdf/portfolio.html", {"portfolio": portfolio})
    return draw_pdf(
        html,
        stylesheet=STYLESHEET,
        attached=Attached(
            name="record.json",
            description="The record that this portfolio was drawn from",
            content=record.encode(),
            made_at=portfolio.as_of,
        ),
    )


@transaction.atomic
def begin_compilation(*, compilation: Compilation, at: datetime) -> bool:
    """Count one try before the drawing, in a transaction of its own; returns whether to draw.

    After too many the page says so and the work rests until somebody asks again.
    """
    compilation = Compilation.locked(compilation.pk)
    if compilation.state == Compilation.State.READY:
        rest(COMPILE, compilation.pk)
        return False
    if compilation.tries >= MOST_TRIES:
        _fail(compilation)
        return False
    compilation.tries += 1
    compilation.save(update_fields=["tries"])
    put_off(COMPILE, compilation.pk, at=at)
    return True


def render_compilation(*, compilation: Compilation, at: datetime) -> Compilation:
    """Make the file of a portfolio, so that it can be downloaded; a file that exists is never made again.

    Of two who make it at once the first to write the row wins and the other's file goes.
    """
    if compilation.state == Compilation.State.READY:
        rest(COMPILE, compilation.pk)
        return compilation
    try:
        content = draw_portfolio(compilation.record, record_sha256=compilation.record_sha256)
        key = default_storage.save(f"{compilation.centre_id}/{new_id()}", ContentFile(content))
    except Exception:
        logger.exception("Portfolio %s could not be made", compilation.pk)
        return _fail(compilation)
    try:
        compilation, is_first = _finish(compilation, key=key, sha256=fingerprint(content), at=at)
    except Exception:
        default_storage.delete(key)
        raise
    if not is_first:
        default_storage.delete(key)
    return compilation


@transaction.atomic
def _finish(compilation: Compilation, *, key: str, sha256: str, at: datetime) -> tuple[Compilation, bool]:
    compilation = Compilation.locked(compilation.pk)
    rest(COMPILE, compilation.pk)
    if compilation.state == Compilation.State.READY:
        return compilation, False
    compilation.state, compilation.problem = Compilation.State.READY, ""
    compilation.storage_key, compilation.pdf_sha256, compilation.rendered_at = key, sha256, at
    compilation.save(update_fields=["state", "problem", "storage_key", "pdf_sha256", "rendered_at"])
    record_event("portfolios.compilation.made", target=compilation, by=None, at=at, sha256=sha256)
    return compilation, True


@transaction.atomic
def _fail(compilation: Compilation) -> Compilation:
    compilation = Compilation.locked(compilation.pk)
    if compilation.state != Compilation.State.READY:
        compilation.state, compilation.problem = Compilation.State.FAILED, NOT_MADE
        compilation.save(update_fields=["state", "problem"])
    if compilation.tries >= MOST_TRIES:
        rest(COMPILE, compilation.pk)
    return compilation
