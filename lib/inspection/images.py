"""Pictures: JPEG, PNG and HEIC, whole, of a size that can be shown, and with no other file behind them."""

import struct
import zlib
from collections.abc import Iterator
from typing import IO

import pillow_heif
from PIL import Image, UnidentifiedImageError

from lib.inspection.boxes import check_boxes, top_boxes
from lib.inspection.decision import Unfit, damaged, hidden
from lib.inspection.marks import MARKUP, check_alone, is_foreign, only_zeros_follow

MOST_PIXELS = 120_000_000
BLOCK = 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
SAMSUNG_END = b"SEFT"
DRAFT = (512, 512)

# For the whole process: no picture is opened that claims to be larger.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def check_jpeg(file: IO[bytes]) -> str:
    """Return the type of a JPEG. Raises Unfit."""
    check_alone(file)
    try:
        file.seek(0)
        with Image.open(file, formats=["JPEG"]) as picture:
            _check_pixels(*picture.size)
            # An eighth of the size is decoded, which still reads every byte.
            picture.draft("RGB", DRAFT)
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large(2 * MOST_PIXELS) from error
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError) as error:
        raise damaged() from error
    _check_behind_jpeg(file)
    return "image/jpeg"


def check_png(file: IO[bytes]) -> str:
    """Return the type of a PNG. Raises Unfit."""
    file.seek(0)
    if file.read(8) != PNG:
        raise damaged()
    inflater = zlib.decompressobj()
    for kind, content in _chunks(file):
        if kind == b"IHDR":
            _check_pixels(*struct.unpack(">II", content[:8]))
        elif kind == b"IDAT":
            _inflate(inflater, content)
    if not inflater.eof:
        raise damaged()
    if not only_zeros_follow(file):
        raise hidden()
    check_alone(file)
    return "image/png"


def check_heic(file: IO[bytes]) -> str:
    """Return the type of a HEIC picture. Raises Unfit."""
    check_alone(file)
    boxes = top_boxes(file)
    check_boxes(boxes)
    kinds = {box.kind for box in boxes}
    if boxes[0].kind != b"ftyp" or not boxes[0].brands(file) & HEIC_BRANDS or b"meta" not in kinds:
        raise damaged()
    try:
        file.seek(0)
        picture = pillow_heif.open_heif(file)
        _check_pixels(*picture.size)
    except (ValueError, RuntimeError, OSError, EOFError, SyntaxError) as error:
        raise damaged() from error
    return "image/heic"


def too_large(pixels: int) -> Unfit:
    """Return the finding of a picture with more dots than can be shown."""
    shown, limit = -(-pixels // 10**6), MOST_PIXELS // 10**6
    return Unfit(
        "bomb",
        f"this picture has {shown:,} million dots; the limit is {limit} million. "
        "Save it smaller and choose it again.",
    )


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise damaged()
    if width * height > MOST_PIXELS:
        raise too_large(width * height)


def _check_behind_jpeg(file: IO[bytes]) -> None:
    """Allow behind a picture what phones write there: more pictures, a moving one, a maker's note."""
    end = _end_of_jpeg(file, 0)
    file.seek(end)
    rest = file.read(BLOCK)
    while rest.startswith(b"\xff\xd8"):
        end = _end_of_jpeg(file, end)
        file.seek(end)
        rest = file.read(BLOCK)
    if not rest.strip(b"\0"):
        if not only_zeros_follow(file):
            raise hidden()
        return
    file.seek(-len(SAMSUNG_END), 2)
    if file.read() == SAMSUNG_END and not is_foreign(rest) and not any(m in rest.lower() for m in MARKUP):
        return
    if rest[4:8] != b"ftyp":
        raise hidden()
    check_boxes(top_boxes(file, end))


def _end_of_jpeg(file: IO[bytes], start: int) -> int:
    """Return where a JPEG ends: behind the marker that closes its last scan."""
    at = start + 2
    while True:
        file.seek(at)
        marker = _exactly(file, 2)
        if marker[0] != 0xFF:
            raise damaged()
        if marker == b"\xff\xd9":
            return at + 2
        if marker[1] == 0xFF:
            at += 1
            continue
        length = int.from_bytes(_exactly(file, 2), "big")
        at += 2 + length
        if marker == b"\xff\xda":
            at = _end_of_scan(file, at)


def _end_of_scan(file: IO[bytes], start: int) -> int:
    """Return where the packed data of a scan ends: at the first marker that is no restart."""
    file.seek(start)
    carried = b""
    while block := file.read(BLOCK):
        data = carried + block
        at = data.find(b"\xff")
        while 0 <= at < len(data) - 1:
            if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
                return start + at
            at = data.find(b"\xff", at + 1)
        carried = data[-1:] if data.endswith(b"\xff") else b""
        start += len(data) - len(carried)
    raise damaged()


def _chunks(file: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks of a PNG up to its last, each with its checksum made."""
    kind = b""
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", _exactly(file, 8))
        content = _exactly(file, length)
        if zlib.crc32(content, zlib.crc32(kind)) != int.from_bytes(_exactly(file, 4), "big"):
            raise damaged()
        yield kind, content


def _inflate(inflater: "zlib._Decompress", content: bytes) -> None:
    try:
        while content:
            inflater.decompress(content, BLOCK)
            content = inflater.unconsumed_tail
    except zlib.error as error:
        raise damaged() from error


def _exactly(file: IO[bytes], count: int) -> bytes:
    content = file.read(count)
    if len(content) != count:
        raise damaged()
    return content
