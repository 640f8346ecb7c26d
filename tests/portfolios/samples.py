"""Small real files of each kind, and some that are not what they say."""

import io
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portfolios.models import Submission
from tests.makers import Cast
from tests.uploads import pdfs
from tests.uploads.office import word
from tests.uploads.pictures import png

__all__ = ["HOSTILE", "at", "docx", "pdf", "png", "signed_in", "slow_pdf", "upload"]
HOSTILE = "<script>alert(1)<b>\u202e ŵ.pdf"
FRAME = b"\xff\xfb\x10\xc4" + b"\x00" * 100  # 26 ms of silence
MINUTE = FRAME * 2297


def pdf(pages: int = 1, password: str = "") -> bytes:
    """Return a PDF of empty pages, behind a password if one is given."""
    lock: Any = pikepdf.Encryption(user=password, owner=password) if password else None
    return pdfs.pdf(pages=pages, encryption=lock)


def slow_pdf(pages: int = 1, levels: int = 8) -> bytes:
    """Return a small PDF whose pages would take minutes to draw: each form calls the next one ten times."""
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        calls, content = None, b"0 0 m 500 700 l 100 5 l f\n" * 10
        for _ in range(levels):
            form: Any = document.make_stream(content)
            form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            form.BBox = [0, 0, 600, 800]
            form.Resources = {"/XObject": {"/X": calls}} if calls is not None else {}
            calls, content = form, b"/X Do\n" * 10
        for _ in range(pages):
            page = document.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=calls))
            page.Contents = document.make_stream(b"/X Do")
        document.save(buffer)
    return buffer.getvalue()


def docx(*, macros: bool = False) -> bytes:
    """Return a small Word file."""
    return word(word__vbaProject_dot_bin=b"x") if macros else word()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def signed_in(member: Any) -> Client:
    """Return a browser in which that member is signed in."""
    client = Client()
    client.force_login(member.user)
    return client


def at(cast: Cast, name: str, submission: Submission, **more: Any) -> str:
    """Return the address of a page about an attempt."""
    room = "desks" if name in ("feedback", "before") else "portfolios"
    return reverse(
        f"{room}:{name}", kwargs={"slug": cast.centre.slug, "submission_id": submission.pk, **more}
    )
