"""Pictures of a PDF's pages, since a browser's own viewer does not run in a sandbox."""

import io
from functools import lru_cache
from math import sqrt
from threading import Lock
from typing import Any

import pypdfium2
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

WIDTH = 1100
MAX_PIXELS = 4_000_000
COLOURS = 128
LOCKED_ERROR = 4

# PDFium is not made for two threads at once.
_one_at_a_time = Lock()


class NoSuchPage(Exception):
    """The file has no page of that number, or cannot be read as a PDF at all."""


def is_locked(content: bytes) -> bool:
    """Say whether a PDF asks for a password before it can be read."""
    try:
        with _one_at_a_time:
            pypdfium2.PdfDocument(content).close()
    except pypdfium2.PdfiumError as error:
        return bool(error.err_code == LOCKED_ERROR)
    return False


def page_count(storage_key: str) -> int:
    """Return how many pages a stored PDF has; 0 where it is gone or cannot be read."""
    try:
        return _page_count(storage_key)
    except (OSError, pypdfium2.PdfiumError):
        return 0


def page_picture(storage_key: str, page: int) -> bytes:
    """Return a page (from 1) as PNG, drawn once and then kept beside the file. Raises NoSuchPage."""
    kept = f"{storage_key}.pages/{page}-{WIDTH}.png"
    if default_storage.exists(kept):
        with default_storage.open(kept) as file:
            return bytes(file.read())
    picture = _draw(storage_key, page)
    written = default_storage.save(kept, ContentFile(picture))
    if written != kept:
        default_storage.delete(written)
    return picture


@lru_cache(maxsize=4096)
def _page_count(storage_key: str) -> int:
    with default_storage.open(storage_key) as file, _one_at_a_time:
        document = pypdfium2.PdfDocument(file.read())
        try:
            return len(document)
        finally:
            document.close()


def _draw(storage_key: str, page: int) -> bytes:
    try:
        with default_storage.open(storage_key) as file, _one_at_a_time:
            document = pypdfium2.PdfDocument(file.read())
            try:
                if not 1 <= page <= len(document):
                    raise NoSuchPage
                image = _rendered(document[page - 1])
            finally:
                document.close()
    except (OSError, pypdfium2.PdfiumError) as error:
        raise NoSuchPage from error
    return _as_png(image)


def _rendered(page: Any) -> Image.Image:
    """Draw a page as wide as a pane, but never with more pixels than memory should hold."""
    width, height = (max(side, 1.0) for side in page.get_size())
    scale = min(WIDTH / width, sqrt(MAX_PIXELS / (width * height)))
    picture: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    return picture


def _as_png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    few = image.convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS)
    few.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
