"""Files on their way: begun, received piece by piece, made whole, given up, forgotten in time."""

from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from centres.actions import RETRY_AFTER, record_event, rest
from centres.models import Membership, Wakeup
from centres.scoping import current_centre
from lib.inspection import FileRefused, check_name, clean_label
from lib.refusals import Refusal, StaleVersion
from portfolios.actions.offer import BUSY, check_files, check_room, offer_file, open_draft
from portfolios.models import Submission, Upload
from portfolios.selectors.limits import upload_limits

EXPIRE = "portfolios.expire_upload"
FINISH = "portfolios.finish_upload"
BLOCK = 1024 * 1024


class WrongOffset(StaleVersion):
    default_message = "The file was received to another place. Ask where, and carry on from there."


class TooMany(Refusal):
    default_message = "Too many files are on their way. Wait until some are there, or remove some."


class UploadOver(Refusal):
    default_message = "This took too long, so what was received is gone. Choose the file again."


@transaction.atomic
def begin_upload(
    *,
    submission: Submission,
    part_ref: str,
    name: str,
    mark: str,
    length: int,
    by: Membership,
    at: datetime,
) -> Upload:
    """Make room for a file that will come in pieces; what its name and size show is refused at once.

    Raises FileRefused, NotADraft, NoSuchPart, PartFull, NoRoom, TooMany.
    """
    check_name(name=name, size=length, limits=upload_limits())
    submission = open_draft(submission, part_ref)
    check_files(submission, part_ref)
    check_room(submission.registration_id, length)
    on_their_way = Upload.objects.filter(submission__registration=submission.registration_id).unfinished()
    if on_their_way.count() >= settings.UPLOADS_AT_ONCE:
        raise TooMany
    upload: Upload = Upload.objects.create(
        submission=submission,
        part_ref=part_ref,
        label=clean_label(name),
        mark="".join(filter(str.isprintable, mark))[:64],
        length=length,
        started_at=at,
        started_by=by,
        ends_at=at + timedelta(seconds=settings.UPLOAD_SECONDS),
    )
    _put_off(EXPIRE, upload, until=upload.ends_at)
    return upload


@transaction.atomic
def receive_piece(*, upload: Upload, offset: int, piece: IO[bytes], at: datetime) -> Upload:
    """Keep a piece that begins where the last one ended; of two that begin there the first one counts.

    Raises WrongOffset, UploadOver; DoesNotExist where it was given up meanwhile.
    """
    upload = Upload.locked(upload.pk)
    if upload.is_over(at):
        raise UploadOver
    size = piece.seek(0, 2)
    if upload.received != offset or offset + size > upload.length:
        raise WrongOffset
    if size:
        piece.seek(0)
        upload.pieces = [*upload.pieces, default_storage.save(f"{folder_of(upload)}/{offset}", File(piece))]
        upload.received, upload.saved_at = offset + size, at
        upload.save(update_fields=["pieces", "received", "saved_at"])
    if upload.is_whole:
        # Whoever sent the last piece makes it whole; the sweep does it for one who was cut off just then.
        _put_off(FINISH, upload, until=at + RETRY_AFTER)
    return upload


@transaction.atomic
def finish_upload(*, upload: Upload, by: Membership, at: datetime) -> Upload:
    """Make a received file whole and offer it; asked twice, it answers the same.

    A file that the inspection refuses says so on its row.

    Raises NotADraft, NoSuchPart, PartFull, NoRoom; FileRefused where it may be asked again in a moment;
    DoesNotExist where it was given up meanwhile.
    """
    upload = Upload.locked(upload.pk)
    rest(FINISH, upload.pk)
    if not upload.is_whole or upload.evidence_id or upload.problem:
        return upload
    with TemporaryFile() as whole:
        _join(upload, whole)
        try:
            offer = offer_file(
                submission=upload.submission,
                part_ref=upload.part_ref,
                name=upload.label,
                file=whole,
                by=by,
                at=at,
                announced=upload.length,
            )
            upload.evidence_id = offer.evidence_id
        except FileRefused as refusal:
            if refusal.code == BUSY:
                raise
            upload.problem = refusal.reason
    upload.pieces = []
    upload.save(update_fields=["evidence", "problem", "pieces"])
    transaction.on_commit(lambda: _forget_pieces(upload), robust=True)
    return upload


@transaction.atomic
def abandon_upload(*, upload: Upload, by: Membership, at: datetime) -> None:
    """Give up a file on its way; one that has arrived stays where it is. Twice is the same as once."""
    try:
        upload = Upload.locked(upload.pk)
    except Upload.DoesNotExist:
        return
    record_event("portfolios.upload.abandoned", target=upload, by=by, at=at, received=upload.received)
    _forget(upload)


@transaction.atomic
def expire_upload(*, upload: Upload, at: datetime) -> None:
    """Forget a file on its way whose time is over, so that halves of files do not lie about."""
    upload = Upload.locked(upload.pk)
    if upload.is_over(at):
        _forget(upload)


def folder_of(upload: Upload) -> str:
    """Return where the pieces of an upload lie."""
    return f"{upload.centre_id}/uploads/{upload.pk}"


def _put_off(task: str, upload: Upload, *, until: datetime) -> None:
    Wakeup.objects.update_or_create(
        centre_id=current_centre(), task=task, object_id=upload.pk, defaults={"due_at": until}
    )


def _forget(upload: Upload) -> None:
    rest(EXPIRE, upload.pk)
    rest(FINISH, upload.pk)
    folder = folder_of(upload)
    upload.delete()
    transaction.on_commit(lambda: _empty(folder), robust=True)


def _forget_pieces(upload: Upload) -> None:
    _empty(folder_of(upload))


def _empty(folder: str) -> None:
    """Delete every piece in a folder, those too that a cut left behind without a row."""
    try:
        _, names = default_storage.listdir(folder)
    except OSError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


def _join(upload: Upload, whole: IO[bytes]) -> None:
    for name in upload.pieces:
        with default_storage.open(name) as piece:
            while block := piece.read(BLOCK):
                whole.write(block)
