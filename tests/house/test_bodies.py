"""What nobody may send: bodies beyond what forms need, and files to pages that take none."""

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from centres.models import Centre
from centres.scoping import centre_scope
from lib.bodies import DRAINED_BYTES, BoundedBodies
from tests.house.test_contract import ALL_PATTERNS
from tests.makers import Cast, make_learner, start
from tests.portfolios.samples import at, signed_in

LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class Body:
    """A body that remembers how much of it was read."""

    def __init__(self, content: bytes) -> None:
        self.left, self.taken = content, 0

    def read(self, size: int = -1) -> bytes:
        """Hand out the next bytes."""
        size = len(self.left) if size < 0 else size
        block, self.left = self.left[:size], self.left[size:]
        self.taken += len(block)
        return block

    readline = read


def announced(path: str, length: int, kind: str) -> tuple[HttpRequest, Body]:
    body = Body(b"x" * 1000)
    request = RequestFactory().post(path, content_type=kind)
    request.META["CONTENT_LENGTH"] = str(length)
    request._stream = body  # type: ignore[assignment]
    return request, body


def answer(request: HttpRequest) -> Any:
    return BoundedBodies(lambda request: None)(request)  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=B"])
@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/", "/c/northgate/staff/"])
def test_too_long_a_body_is_refused_in_words_and_unread(path: str, kind: str) -> None:
    request, body = announced(path, DRAINED_BYTES + 1, kind)
    refused = answer(request)
    assert refused.status_code == 413
    assert b"This is too much at once" in refused.content
    assert body.taken == 0


def test_a_little_too_much_is_read_away_so_that_the_words_arrive(client: Client) -> None:
    request, body = announced("/sign-in/", LIMIT + 1, "text/plain")
    assert answer(request).status_code == 413
    assert body.taken == 1000
    assert client.post("/sign-in/", {"email": "x" * LIMIT}).status_code == 413


def test_no_file_reaches_a_page_that_takes_none(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    def never(self: object, *args: object, **kwargs: object) -> None:
        raise AssertionError("a file was kept")

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", never)
    monkeypatch.setattr("django.core.files.uploadhandler.MemoryFileUploadHandler.new_file", never)
    file = SimpleUploadedFile("a.bin", b"x" * 1000)
    refused = client.post("/sign-in/", {"email": "no address", "file": file})
    assert refused.status_code == 422
    assert b"no address" in refused.content


def test_only_the_pages_that_bound_their_files_themselves_take_any() -> None:
    taking = {
        pattern.name
        for _, pattern in ALL_PATTERNS
        if getattr(getattr(pattern.callback, "view_class", None), "takes_files", False)
    }
    assert taking == {"add_deviation", "add_files", "upload"}


@pytest.mark.django_db
def test_whose_attempt_it_is_comes_before_reading_what_is_sent(northgate: Centre, harbour: Centre) -> None:
    cast = Cast(northgate)
    draft = start(cast, "wba-d3-01-02")
    other = make_learner(northgate, "Ben Okoro", by=cast.administrator, number="R-9")
    with centre_scope(northgate.pk):
        ben = other.learner.membership
    strangers = {
        signed_in(cast.assessor): 403,
        signed_in(ben): 404,
        signed_in(Cast(harbour).learner): 404,
    }
    path = at(cast, "add_files", draft, part_ref="1")
    for client, status in strangers.items():
        body = Body(b"x" * 1000)
        sent: dict[str, Any] = {"wsgi.input": body, "CONTENT_LENGTH": "1000"}
        answer = client.generic("POST", path, content_type="multipart/form-data; boundary=B", **sent)
        assert (answer.status_code, body.taken) == (status, 0)
    assert reverse("sign-in") in Client().post(path)["Location"]
