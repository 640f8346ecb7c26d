"""Pictures to be looked at: upright, of a size for a screen, without what they say of who took them where."""

import io
from typing import IO

import pillow_heif
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from lib.kept import kept_beside

LONGEST_SIDE = 1600
QUALITY = 85
TYPE = "image/jpeg"


class NoPicture(Exception):
    """The file is gone, or cannot be drawn."""


def picture_preview(storage_key: str) -> bytes:
    """Return a stored picture as JPEG, drawn once and then kept beside the file. Raises NoPicture."""
    return kept_beside(storage_key, f"preview-{LONGEST_SIDE}.jpg", lambda: _draw(storage_key))


def _draw(storage_key: str) -> bytes:
    try:
        with default_storage.open(storage_key) as file:
            shown = _upright(file)
    except (OSError, ValueError, SyntaxError, RuntimeError, Image.DecompressionBombError) as error:
        raise NoPicture from error
    # A new picture, since a copy would bring its remarks along.
    clean = Image.new("RGB", shown.size, "white")
    clean.paste(shown, mask=shown.getchannel("A") if shown.mode == "RGBA" else None)
    buffer = io.BytesIO()
    clean.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


def _upright(file: IO[bytes]) -> Image.Image:
    if pillow_heif.is_supported(file):
        picture: Image.Image = pillow_heif.open_heif(file).to_pillow()
    else:
        picture = Image.open(file, formats=["JPEG", "PNG"])
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    has_holes = "A" in picture.getbands() or "transparency" in picture.info
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return ImageOps.exif_transpose(picture).convert("RGBA" if has_holes else "RGB")
