"""PDFs as scanners and word processors write them, and with one object more."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Stream, String
from weasyprint import HTML

from tests.uploads.pictures import jpeg, picture

Change = Callable[[pikepdf.Pdf], None]


def pdf(*changes: Change, pages: int = 1, **how: Any) -> bytes:
    """Return a PDF of empty pages after some changes."""
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(595, 842))
        for change in changes:
            change(document)
        document.save(buffer, **how)
    return buffer.getvalue()


def scan(pages: int = 1, *, mode: str = "RGB") -> bytes:
    """Return what a scanner writes: a picture a page and nothing else."""
    buffer = io.BytesIO()
    first, *others = [picture(120, 170, mode) for _ in range(pages)]
    first.save(buffer, "PDF", save_all=True, append_images=others, resolution=10)
    return buffer.getvalue()


def written(text: str) -> bytes:
    """Return a PDF with text in it, as a word processor exports one."""
    return bytes(HTML(string=f"<html lang=en><title>Log</title><h1>Log</h1><p>{text}</p></html>").write_pdf())


def root(**entries: Any) -> Change:
    """Return a change that adds entries to the catalogue of a PDF."""

    def change(document: pikepdf.Pdf) -> None:
        for key, value in entries.items():
            document.Root[f"/{key}"] = value(document) if callable(value) else value

    return change


def action(kind: str, **entries: Any) -> Dictionary:
    """Return an action of a PDF."""
    return Dictionary({"/S": Name(f"/{kind}"), **{f"/{key}": value for key, value in entries.items()}})


def annotation(kind: str, **entries: Any) -> Change:
    """Return a change that puts an annotation on the first page."""

    def change(document: pikepdf.Pdf) -> None:
        row = Dictionary({"/Type": Name.Annot, "/Subtype": Name(f"/{kind}"), "/Rect": [0, 0, 9, 9]})
        for key, value in entries.items():
            row[f"/{key}"] = value
        document.pages[0].Annots = document.make_indirect(pikepdf.Array([document.make_indirect(row)]))

    return change


def link(address: str) -> Change:
    """Return a change that puts a link on the first page."""
    return annotation("Link", A=action("URI", URI=String(address)))


def attached(name: str, content: bytes) -> Change:
    """Return a change that puts a file into a PDF."""

    def change(document: pikepdf.Pdf) -> None:
        document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)

    return change


def stream(content: bytes, *filters: str, **entries: Any) -> Change:
    """Return a change that adds a stream, packed already by the filters named."""

    def change(document: pikepdf.Pdf) -> None:
        row = Stream(document, b"")
        if filters:
            row.write(content, filter=pikepdf.Array([Name(f"/{name}") for name in filters]))
        else:
            row.write(content)
        for key, value in entries.items():
            row[f"/{key}"] = value
        document.Root.Extra = document.make_indirect(row)

    return change


def photograph(document: pikepdf.Pdf) -> None:
    """Put a JPEG on the first page, as an app that photographs paper does."""
    row = Stream(document, jpeg(picture(80, 60)))
    row.Type, row.Subtype, row.Width, row.Height = Name.XObject, Name.Image, 80, 60
    row.ColorSpace, row.BitsPerComponent, row.Filter = Name.DeviceRGB, 8, Name.DCTDecode
    page = document.pages[0]
    page.Resources = Dictionary(XObject=Dictionary(Im0=document.make_indirect(row)))
    page.Contents = Stream(document, b"q 595 0 0 842 0 0 cm /Im0 Do Q")
