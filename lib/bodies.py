"""How much a request may carry, decided before anything of it is read."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve

BLOCK = 64 * 1024
# A browser that is answered while it still sends shows no answer, so what is a little too much is read away.
DRAINED_BYTES = 8 * 1024 * 1024


class BoundedBodies:
    """Refuses bodies beyond what forms need, and lets no file reach the disk, but for views that take files.

    A view says so with ``takes_files`` and bounds what it reads by itself. Without this the forgery check
    would read any body that anybody sends to any address, files and all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = announced_bytes(request)
        is_form_with_files = request.content_type == "multipart/form-data"
        is_too_much = length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if (is_form_with_files or is_too_much) and not _takes_files(request):
            if is_too_much:
                drain(request, length if length <= DRAINED_BYTES else 0)
                return render(request, "413.html", status=413)
            request.upload_handlers = [_NoFiles(request)]
        return self.get_response(request)


class _NoFiles(FileUploadHandler):
    """Reads a file away and keeps nothing of it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def announced_bytes(request: HttpRequest) -> int:
    """Return how long the request says that its body is; the server reads no further."""
    length = str(request.META.get("CONTENT_LENGTH") or "")
    return int(length) if length.isascii() and length.isdigit() else 0


def drain(request: HttpRequest, most: int) -> None:
    """Read away what is refused unread, up to a bound, so that the browser listens to the answer."""
    while most > 0 and (block := request.read(min(BLOCK, most))):
        most -= len(block)


def _takes_files(request: HttpRequest) -> bool:
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return False
    return bool(getattr(getattr(found.func, "view_class", None), "takes_files", False))
