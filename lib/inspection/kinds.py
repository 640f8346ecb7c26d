"""The kinds of file that are taken: by which ending, as what, and by which check."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from lib.inspection.decision import Family
from lib.inspection.film import check_film
from lib.inspection.images import check_heic, check_jpeg, check_png
from lib.inspection.mp3 import check_mp3
from lib.inspection.pdf import check_pdf
from lib.inspection.text import check_text
from lib.inspection.webm import check_webm
from lib.inspection.word import check_word
from lib.inspection.writer import check_writer

Check = Callable[[IO[bytes]], str]
ALLOWED = (
    "PDF, Word (.docx), LibreOffice (.odt), plain text (.txt), JPEG, PNG, HEIC, MP3, M4A, MP4, MOV or WebM"
)
MACRO_ENDINGS = {".docm", ".dotm", ".xlsm", ".xltm", ".pptm", ".potm", ".ppsm"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: its family, how its first bytes look, and the check of its structure."""

    family: Family
    is_begun: Callable[[bytes], bool]
    check: Check


def _begins(*starts: bytes, at: int = 0) -> Callable[[bytes], bool]:
    return lambda head: head[at:].startswith(starts)


def _any(_head: bytes) -> bool:
    return True


_ZIP = _begins(b"PK\x03\x04")
_BOX = _begins(b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", at=4)
_JPEG = Kind(Family.PICTURE, _begins(b"\xff\xd8\xff"), check_jpeg)
_HEIC = Kind(Family.PICTURE, _begins(b"ftyp", at=4), check_heic)
_SOUND = Kind(Family.SOUND, _BOX, check_film)
_FILM = Kind(Family.FILM, _BOX, check_film)
KINDS = {
    ".pdf": Kind(Family.DOCUMENT, _begins(b"%PDF-"), check_pdf),
    ".docx": Kind(Family.DOCUMENT, _ZIP, check_word),
    ".odt": Kind(Family.DOCUMENT, _ZIP, check_writer),
    ".txt": Kind(Family.DOCUMENT, _any, check_text),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".png": Kind(Family.PICTURE, _begins(b"\x89PNG\r\n\x1a\n"), check_png),
    ".heic": _HEIC,
    ".heif": _HEIC,
    ".mp3": Kind(Family.SOUND, _begins(b"ID3", b"\xff", b"\0"), check_mp3),
    ".m4a": _SOUND,
    ".mp4": _FILM,
    ".mov": _FILM,
    ".webm": Kind(Family.FILM, _begins(b"\x1a\x45\xdf\xa3"), check_webm),
}
ENDINGS = tuple(KINDS)
