"""Pictures as phones, cameras and scanners write them."""

import io
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import Image

MAKE, MODEL, ORIENTATION, SOFTWARE, TAKEN = 0x010F, 0x0110, 0x0112, 0x0131, 0x0132
POSITION = 0x8825


def picture(width: int = 48, height: int = 32, mode: str = "RGB") -> Image.Image:
    """Return a picture with something in it."""
    grey = Image.linear_gradient("L").resize((width, height))
    return grey.convert(mode) if mode != "RGB" else Image.merge("RGB", (grey, grey.rotate(90), grey))


def jpeg(shown: Image.Image | None = None, **how: Any) -> bytes:
    """Return a JPEG."""
    return _saved(shown or picture(), "JPEG", **how)


def phone_jpeg(make: str, model: str, *, orientation: int = 6, **how: Any) -> bytes:
    """Return a photograph as a phone writes it: turned, dated and with the place where it was taken."""
    exif = Image.Exif()
    exif[MAKE], exif[MODEL], exif[ORIENTATION] = make, model, orientation
    exif[SOFTWARE], exif[TAKEN] = "26.1", "2026:11:02 09:30:00"
    exif.get_ifd(POSITION).update({1: "N", 2: (52.0, 37.0, 12.5), 3: "E", 4: (1.0, 17.0, 30.0)})
    return jpeg(picture(64, 48), exif=exif.tobytes(), quality=85, **how)


def png(shown: Image.Image | None = None, **how: Any) -> bytes:
    """Return a PNG."""
    return _saved(shown or picture(), "PNG", **how)


def heic(width: int = 64, height: int = 64, *, count: int = 1, **how: Any) -> bytes:
    """Return a picture as an iPhone keeps it."""
    file = pillow_heif.from_pillow(picture(width, height))
    for _ in range(count - 1):
        file.add_from_pillow(picture(width, height))
    buffer = io.BytesIO()
    file.save(buffer, **how)
    return buffer.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return one chunk of a PNG."""
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def huge_png(width: int, height: int, data: bytes = b"") -> bytes:
    """Return a PNG that says it is that large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packed = zlib.compress(data or b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def huge_jpeg(width: int, height: int) -> bytes:
    """Return a JPEG whose header says it is that large."""
    content = bytearray(jpeg())
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def _saved(shown: Image.Image, format_: str, **how: Any) -> bytes:
    buffer = io.BytesIO()
    shown.save(buffer, format_, **how)
    return buffer.getvalue()
