"""Files in pieces that carry on after a cut: tus 1.0 with creation, termination and expiration."""

import binascii
from base64 import b64decode
from datetime import UTC
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date

from centres.access import NOT_YOURS, CentreView
from centres.permissions import Permission
from lib.inspection import FileRefused
from lib.refusals import Refusal, StaleVersion
from portfolios.actions.offer import BUSY, NoRoom
from portfolios.actions.upload import (
    UploadOver,
    abandon_upload,
    begin_upload,
    finish_upload,
    receive_piece,
)
from portfolios.models import Upload
from portfolios.selectors.uploads import own_uploads
from portfolios.views.page import AttemptPage

TUS = "1.0.0"
PIECE = "application/offset+octet-stream"
BLOCK = 64 * 1024


class UploadsView(AttemptPage):
    """The beginning of a file under a part."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, submission_id: UUID, part_ref: str) -> HttpResponse:
        submission = self.own(submission_id)
        self.shown(submission, part_ref)
        length = _whole_number(request.headers.get("Upload-Length"))
        metadata = _metadata(request.headers.get("Upload-Metadata", ""))
        if request.headers.get("Tus-Resumable") != TUS:
            return _said(412, "")
        if length is None or metadata is None:
            return _said(400, "Say how long the file is, and what it is called.")
        try:
            upload = begin_upload(
                submission=submission,
                part_ref=part_ref,
                name=metadata.get("filename", ""),
                mark=metadata.get("mark", ""),
                length=length,
                by=self.by,
                at=self.at,
            )
        except Refusal as refusal:
            reason = refusal.reason if isinstance(refusal, FileRefused) else refusal.message
            return _said(413 if _is_too_much(refusal) else 422, reason)
        answer = _said(201, "")
        answer["Location"] = reverse(
            "portfolios:upload", kwargs={"slug": self.centre.slug, "upload_id": upload.pk}
        )
        answer["Upload-Expires"] = http_date(upload.ends_at.timestamp())
        return answer

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = _said(204, "")
        answer["Tus-Version"] = TUS
        answer["Tus-Extension"] = "creation,termination,expiration"
        answer["Tus-Max-Size"] = str(settings.UPLOAD_MEDIA_BYTES)
        return answer


class UploadView(CentreView):
    """One file on its way: where it stands, the next piece of it, and giving it up.

    A piece is taken in three short transactions with none around the reading: may it come, it has come, and
    if it was the last the file is made whole. What arrived before a cut is kept.
    """

    http_method_names = ["head", "patch", "delete", "options"]
    takes_files = True
    permission = Permission.MAKE_SUBMISSION
    piece: IO[bytes] | None = None
    has_all = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        may_come = super().dispatch(request, *args, **kwargs)
        if request.method != "PATCH" or may_come.status_code != 204:
            return may_come
        with TemporaryFile() as self.piece:
            _read_away(request, self.piece)
            has_come = super().dispatch(request, *args, **kwargs)
        self.piece = None
        return super().dispatch(request, *args, **kwargs) if self.has_all else has_come

    def head(self, request: HttpRequest, upload_id: UUID) -> HttpResponse:
        upload = self._own(upload_id)
        return _said(410, "") if upload.is_over(self.at) else _standing(upload, 200)

    def patch(self, request: HttpRequest, upload_id: UUID) -> HttpResponse:
        upload = self._own(upload_id)
        try:
            if self.has_all:
                return self._finished(upload)
            if self.piece is not None:
                return self._received(request, upload, self.piece)
        except Upload.DoesNotExist as gone:
            raise Http404(NOT_YOURS) from gone
        return self._may_come(request, upload)

    def delete(self, request: HttpRequest, upload_id: UUID) -> HttpResponse:
        abandon_upload(upload=self._own(upload_id), by=self.by, at=self.at)
        return _said(204, "")

    def _own(self, upload_id: UUID) -> Upload:
        upload: Upload = self.get_or_404(own_uploads(self.by), upload_id)
        return upload

    def _received(self, request: HttpRequest, upload: Upload, piece: IO[bytes]) -> HttpResponse:
        offset = _whole_number(request.headers.get("Upload-Offset")) or 0
        try:
            upload = receive_piece(upload=upload, offset=offset, piece=piece, at=self.at)
        except StaleVersion as stale:
            return _said(409, stale.message)
        except UploadOver as over:
            return _said(410, over.message)
        self.has_all = upload.is_whole
        return _standing(upload, 204)

    def _may_come(self, request: HttpRequest, upload: Upload) -> HttpResponse:
        offset = _whole_number(request.headers.get("Upload-Offset"))
        announced = _whole_number(request.headers.get("Content-Length") or "0")
        if request.headers.get("Tus-Resumable") != TUS:
            return _said(412, "")
        if announced and request.content_type != PIECE:
            return _said(415, f"A piece is sent as {PIECE}.")
        if offset is None or announced is None:
            return _said(400, "Say where the piece begins, and how long it is.")
        if upload.is_over(self.at):
            return _said(410, UploadOver.default_message)
        if offset != upload.received:
            return _standing(upload, 409)
        if offset + announced > upload.length:
            return _said(413, "This is more than the file was said to have.")
        return _said(204, "")

    def _finished(self, upload: Upload) -> HttpResponse:
        try:
            upload = finish_upload(upload=upload, by=self.by, at=self.at)
        except Refusal as refusal:
            is_busy = isinstance(refusal, FileRefused) and refusal.code == BUSY
            return _said(503 if is_busy else 422, refusal.message)
        if upload.problem:
            return _said(422, upload.problem)
        return _standing(upload, 204)


def _standing(upload: Upload, status: int) -> HttpResponse:
    answer = _said(status, "")
    answer["Upload-Offset"] = str(upload.received)
    answer["Upload-Length"] = str(upload.length)
    answer["Upload-Expires"] = http_date(upload.ends_at.astimezone(UTC).timestamp())
    return answer


def _said(status: int, text: str) -> HttpResponse:
    headers = {"Tus-Resumable": TUS, "Cache-Control": "no-store"}
    if status == 412:
        headers["Tus-Version"] = TUS
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)


def _read_away(request: HttpRequest, piece: IO[bytes]) -> None:
    """Read the body to its end, or to where the connection was cut: what has come is kept."""
    try:
        while block := request.read(BLOCK):
            piece.write(block)
    except OSError:
        return


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _metadata(header: str) -> dict[str, str] | None:
    """Return what a client says of its file, or None where it cannot be read or names no file."""
    found = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return None
    return found if found.get("filename") else None


def _is_too_much(refusal: Refusal) -> bool:
    return isinstance(refusal, NoRoom) or (isinstance(refusal, FileRefused) and refusal.code == "size")
