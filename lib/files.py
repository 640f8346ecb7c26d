"""What a file is, told from its bytes: the kinds that learners may upload and what is said of others."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic

from lib.refusals import Refusal

HEAD_BYTES = 8192
OFFICE = {
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "word/document.xml"),
    ".odt": ("application/vnd.oasis.opendocument.text", "content.xml"),
}
BY_CONTENT = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
}
ALSO_MP3 = {".mp3", ".mpga"}
ALLOWED = "PDF, Word (.docx), LibreOffice (.odt), plain text (.txt), JPEG, PNG, MP3, M4A, MP4 or MOV"
MACRO_ENDINGS = {".docm", ".dotm", ".xlsm", ".pptm"}
SHOWN_IN_BROWSER = {
    "application/pdf",
    "image/jpeg",
    "image/png",
    "text/plain",
    "audio/mpeg",
    "audio/mp4",
    "video/mp4",
}


class FileRefused(Refusal):
    """A file that cannot be taken, with what to do instead."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that may be kept: its cleaned label and the type that its bytes show."""

    label: str
    content_type: str


def inspect(*, name: str, content: bytes, max_bytes: int) -> Accepted:
    """Decide whether a file may be kept, by its bytes and not only by its name. Raises FileRefused."""
    label = clean_label(name)
    ending = PurePosixPath(label).suffix.lower()
    check_size(name=name, size=len(content), max_bytes=max_bytes)
    if ending in MACRO_ENDINGS:
        raise FileRefused(
            f"{label}: we cannot take {ending} files: they can hold macros. "
            "Save it as .docx and choose it again."
        )
    content_type = _type_of(ending, content)
    if content_type is None:
        raise FileRefused(f"{label}: we can take {ALLOWED}. Save it as one of these and choose it again.")
    return Accepted(label, content_type)


def check_size(*, name: str, size: int, max_bytes: int) -> None:
    """Refuse an empty or an oversized file, which can be told before it is read. Raises FileRefused."""
    label = clean_label(name)
    if not size:
        raise FileRefused(f"{label}: this file is empty. Open it, check it, and choose it again.")
    if size > max_bytes:
        shown, limit = -(-size // 2**20), max_bytes // 2**20
        raise FileRefused(
            f"{label}: this file is {shown} MB; the limit is {limit} MB. Split it or lower the quality."
        )


def clean_label(name: str) -> str:
    """Return a file's name as a label for people: no folders, no control characters, 200 at most.

    >>> clean_label("..\\\\..\\\\etc/my diary\\n.pdf")
    'my diary.pdf'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(character for character in last if character.isprintable()).strip() or "file"
    stem, dot, ending = shown.rpartition(".")
    return f"{stem[: 190 - len(ending)]}{dot}{ending}" if dot and len(ending) <= 10 else shown[:200]


def _type_of(ending: str, content: bytes) -> str | None:
    if ending in OFFICE:
        return _office_type(ending, content)
    if ending == ".txt":
        return "text/plain" if _is_text(content) else None
    if ending not in BY_CONTENT or not _endings_seen(content) & (ALSO_MP3 if ending == ".mp3" else {ending}):
        return None
    return BY_CONTENT[ending]


def _endings_seen(content: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(content[:HEAD_BYTES])}
    except (puremagic.PureError, ValueError):
        return set()


def _office_type(ending: str, content: bytes) -> str | None:
    mime, main_part = OFFICE[ending]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    has_macros = any("vbaproject" in name.lower() or name.lower().startswith("basic/") for name in names)
    return mime if main_part in names and not has_macros else None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text
