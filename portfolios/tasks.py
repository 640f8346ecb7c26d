"""Tasks of portfolios: ids in, one action."""

import logging
from uuid import UUID

from celery import shared_task
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from centres.actions import rest
from centres.scoping import centre_scope
from lib.inspection import FileRefused
from lib.office_pages import NoPages, draw_document
from lib.refusals import Refusal
from lib.scan import ScannerAway
from portfolios.actions import compiled, judge_file, settle_evidence
from portfolios.actions import upload as uploads
from portfolios.actions.compiled import CLEAR, COMPILE
from portfolios.actions.offer import CHECK, DRAW
from portfolios.actions.upload import EXPIRE, FINISH
from portfolios.models import Compilation, Evidence, Submission, Upload

SOFT_LIMIT = 90
HARD_LIMIT = 110

logger = logging.getLogger(__name__)


@shared_task(name=CHECK)
def check_evidence(centre_id: str, evidence_id: str) -> None:
    """Check one file, with no transaction open meanwhile; without a scanner it goes on waiting."""
    centre = UUID(centre_id)
    with centre_scope(centre):
        evidence = Evidence.objects.filter(pk=evidence_id).first()
    if evidence is None:
        return
    try:
        refusal = _refusal_of(evidence)
    except (ScannerAway, OSError) as away:
        logger.warning("Evidence %s goes on waiting: %s", evidence_id, away)
        return
    with centre_scope(centre):
        settle_evidence(evidence=evidence, refusal=refusal, at=timezone.now())


@shared_task(name=DRAW)
def draw_pages(centre_id: str, evidence_id: str) -> None:
    """Draw the pages of one document; where that cannot be done its text is shown."""
    centre = UUID(centre_id)
    with centre_scope(centre):
        evidence = Evidence.objects.filter(pk=evidence_id, state=Evidence.State.CLEAN).first()
    try:
        if evidence is not None:
            draw_document(evidence.storage_key, evidence.content_type)
    except NoPages as error:
        logger.info(
            "The pages of evidence %s are not drawn: %s", evidence_id, error.__cause__ or "no program"
        )
    with centre_scope(centre):
        rest(DRAW, UUID(evidence_id))


def _refusal_of(evidence: Evidence) -> FileRefused | None:
    if evidence.state != Evidence.State.QUARANTINED:
        return None
    try:
        with default_storage.open(evidence.storage_key) as file:
            judge_file(file, name=evidence.label)
    except FileRefused as refusal:
        return refusal
    return None


@shared_task(name=FINISH)
def finish_upload(centre_id: str, upload_id: str) -> None:
    """Make one file whole whose sender was cut off just before; a closed attempt takes none."""
    with centre_scope(UUID(centre_id)):
        upload = Upload.objects.select_related("started_by", "submission").filter(pk=upload_id).first()
        try:
            with transaction.atomic():
                if upload is not None:
                    uploads.finish_upload(upload=upload, by=upload.started_by, at=timezone.now())
        except Refusal as refusal:
            logger.info("Upload %s is not kept: %s", upload_id, refusal)
        rest(FINISH, UUID(upload_id))


@shared_task(name=EXPIRE)
def expire_upload(centre_id: str, upload_id: str) -> None:
    """Forget one file on its way when its time is over."""
    with centre_scope(UUID(centre_id)):
        upload = Upload.objects.filter(pk=upload_id).first()
        if upload is None:
            rest(EXPIRE, UUID(upload_id))
        else:
            uploads.expire_upload(upload=upload, at=timezone.now())


# The limits are shorter than a wake-up waits, so that no two workers draw the same document.
@shared_task(name=COMPILE, soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def compile_portfolio(centre_id: str, compilation_id: str) -> None:
    """Make the file of one portfolio unless it is made; the try is counted whatever becomes of it."""
    centre = UUID(centre_id)
    with centre_scope(centre):
        compilation = Compilation.objects.filter(pk=compilation_id).first()
        if compilation is None or not compiled.begin_compilation(compilation=compilation, at=timezone.now()):
            return
    with centre_scope(centre):
        compiled.render_compilation(compilation=Compilation.objects.get(pk=compilation_id), at=timezone.now())


@shared_task(name=CLEAR)
def clear_drafts(centre_id: str, submission_id: str) -> None:
    """Delete the compiled drafts of one attempt that no page shows any more."""
    with centre_scope(UUID(centre_id)):
        submission = Submission.objects.get(pk=submission_id)
        compiled.clear_drafts(submission=submission, at=timezone.now())
