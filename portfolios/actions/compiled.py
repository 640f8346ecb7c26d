"""Making a portfolio one document: its record is fixed when it is asked for, its file made by a task."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.timezone import override

from centres.actions import record_event, rest, wake
from centres.actions.draw import MOST_TRIES, Press, ask_again, begin_drawing, finish_drawing
from centres.models import Membership
from lib.canonical import canonical_json, fingerprint
from lib.pdf import Attached, draw_pdf
from portfolios.models import Compilation, Submission
from portfolios.selectors.compiled import compiled_record
from portfolios.selectors.printed import printed_portfolio

COMPILE = "portfolios.compile_portfolio"
CLEAR = "portfolios.clear_drafts"
STYLESHEET = Path(settings.BASE_DIR) / "templates" / "portfolios" / "pdf" / "portfolio.css"
PORTFOLIOS = Press(task=COMPILE, noun="document", made="portfolios.compilation.made")


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
    if ask_again(document=compilation) or is_new:
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


def begin_compilation(*, compilation: Compilation, at: datetime) -> bool:
    """Count one try before a portfolio is drawn; returns whether to draw it."""
    return begin_drawing(document=compilation, press=PORTFOLIOS, at=at)


@transaction.atomic
def render_compilation(*, compilation: Compilation, at: datetime) -> Compilation:
    """Make the file of a portfolio, so that it can be downloaded; a file that exists is never made again."""
    compilation = finish_drawing(document=compilation, press=PORTFOLIOS, draw=draw_portfolio, at=at)
    if compilation.state == Compilation.State.READY:
        clear_later(compilation.submission_id, at=at)
    return compilation


def clear_later(submission_id: UUID, *, at: datetime) -> None:
    """Ask for the drafts of an attempt to be cleared, where there are any."""
    if Compilation.objects.filter(submission=submission_id, is_draft=True).exists():
        wake(CLEAR, submission_id, at=at)


@transaction.atomic
def clear_drafts(*, submission: Submission, at: datetime) -> None:
    """Delete the drafts that no page shows any more, rows and files, so that old copies do not lie about.

    The newest goes too once the attempt is submitted. What is being made stays, and so does for good
    whatever shows a submission.
    """
    submission = Submission.locked(submission.pk)
    rest(CLEAR, submission.pk)
    drafts = Compilation.objects.filter(submission=submission, is_draft=True)
    made = list(drafts.filter(state=Compilation.State.READY).order_by("-requested_at", "-id").defer("record"))
    kept = made[:1] if submission.submitted_at is None else []
    given_up = drafts.filter(state=Compilation.State.FAILED, tries__gte=MOST_TRIES).defer("record")
    if kept:
        given_up = given_up.filter(requested_at__lt=kept[0].requested_at)
    for draft in (*made[len(kept) :], *given_up):
        record_event("portfolios.compilation.deleted", target=draft, by=None, at=at, sha256=draft.pdf_sha256)
        draft.delete()
    keys = [draft.storage_key for draft in made[len(kept) :]]
    transaction.on_commit(lambda: _forget(keys), robust=True)


def _forget(keys: list[str]) -> None:
    for key in keys:
        default_storage.delete(key)
