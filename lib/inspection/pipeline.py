"""The inspection from its first quick look to the last byte."""

from typing import IO

from lib.inspection.decision import MEGABYTE, Accepted, Family, FileRefused, Limits, Unfit, locked
from lib.inspection.kinds import ALLOWED, KINDS, MACRO_ENDINGS, Kind
from lib.inspection.names import clean_label, ending_of

HEAD = 64
# An office file that asks for a password is kept in a container of the old kind.
OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OFFICE = {".docx", ".odt"}


def inspect(file: IO[bytes], *, name: str, limits: Limits) -> Accepted:
    """Decide whether a file may be kept: by its size, its type and all of its structure.

    The file is read in blocks; the most that is held is a picture being looked at. Raises FileRefused.
    """
    label = clean_label(name)
    size = file.seek(0, 2)
    file.seek(0)
    kind = check_start(name=name, size=size, head=file.read(HEAD), limits=limits)
    try:
        content_type = kind.check(file)
    except Unfit as unfit:
        raise FileRefused(label, unfit) from unfit
    return Accepted(label, content_type, _family_of(content_type, kind))


def check_start(*, name: str, size: int, head: bytes, limits: Limits) -> Kind:
    """Refuse what its name, its size and its first bytes already show. Raises FileRefused."""
    label = clean_label(name)
    kind = check_name(name=name, size=size, limits=limits)
    if ending_of(label) in OFFICE and head.startswith(OLD_CONTAINER):
        raise FileRefused(label, locked("file"))
    if not kind.is_begun(head):
        raise FileRefused(label, _unknown())
    return kind


def check_name(*, name: str, size: int, limits: Limits) -> Kind:
    """Refuse what can be told before a single byte has come. Raises FileRefused."""
    label = clean_label(name)
    check_size(name=name, size=size, limits=limits)
    ending = ending_of(label)
    if ending in MACRO_ENDINGS:
        reason = f"we cannot take {ending} files: they can hold macros. Save it as .docx and choose it again."
        raise FileRefused(label, Unfit("macros", reason))
    if ending not in KINDS:
        raise FileRefused(label, _unknown())
    return KINDS[ending]


def _unknown() -> Unfit:
    return Unfit("type", f"we can take {ALLOWED}. Save it as one of these and choose it again.")


def check_size(*, name: str, size: int, limits: Limits) -> None:
    """Refuse an empty or an oversized file, which can be told before it is read. Raises FileRefused."""
    label = clean_label(name)
    if not size:
        reason = "this file is empty. Open it, check it, and choose it again."
        raise FileRefused(label, Unfit("empty", reason))
    kind = KINDS.get(ending_of(label))
    most = limits.of(kind.family if kind else Family.FILM)
    if size > most:
        shown, limit = -(-size // MEGABYTE), most // MEGABYTE
        reason = f"this file is {shown} MB; the limit is {limit} MB. Split it or lower the quality."
        raise FileRefused(label, Unfit("size", reason))


def _family_of(content_type: str, kind: Kind) -> Family:
    return {"audio": Family.SOUND, "video": Family.FILM}.get(content_type.split("/")[0], kind.family)
