"""WebM: what browsers record."""

from dataclasses import dataclass
from typing import IO

from lib.inspection.decision import damaged, hidden
from lib.inspection.marks import check_alone

EBML, DOCTYPE, SEGMENT, CLUSTER, TRACKS = 0x1A45DFA3, 0x4282, 0x18538067, 0x1F43B675, 0x1654AE6B
ATTACHMENTS, TRACK_ENTRY, TRACK_TYPE = 0x1941A469, 0xAE, 0x83
OPENED = {SEGMENT, CLUSTER, TRACKS, TRACK_ENTRY}
VIDEO = 1
MOST_ELEMENTS = 3_000_000


@dataclass(frozen=True, slots=True)
class _Element:
    kind: int
    start: int
    size: int | None


def check_webm(file: IO[bytes]) -> str:
    """Return the type of a WebM file by what its tracks hold. Raises Unfit."""
    check_alone(file)
    end = file.seek(0, 2)
    file.seek(0)
    head = _element(file, 0)
    if head.kind != EBML or head.size is None or head.size > 256:
        raise damaged()
    content = file.read(head.size)
    if b"\x42\x82\x84webm" not in content:
        raise damaged()
    types = _walk(file, head.start + head.size, end)
    if not types:
        raise damaged()
    return "video/webm" if VIDEO in types else "audio/webm"


def _walk(file: IO[bytes], at: int, end: int) -> set[int]:
    """Go through the elements to the end of the file; returns the types of the tracks."""
    types, seen, count = set(), set(), 0
    while at < end and count < MOST_ELEMENTS:
        element, count = _element(file, at), count + 1
        seen.add(element.kind)
        if element.kind == TRACK_TYPE and element.size == 1:
            types.add(file.read(1)[0])
        at = _next(element, end)
    if at != end or not {SEGMENT, CLUSTER} <= seen:
        raise damaged()
    return types


def _next(element: _Element, end: int) -> int:
    """Return where the element behind this one begins, or the first one in it where it is a folder."""
    if element.kind == ATTACHMENTS:
        raise hidden("another file")
    if element.size is not None and element.start + element.size > end:
        raise damaged()
    if element.kind in OPENED:
        return element.start
    if element.size is None:
        raise damaged()
    return element.start + element.size


def _element(file: IO[bytes], at: int) -> _Element:
    """Read an element's number and size, and leave the file where its content begins."""
    file.seek(at)
    head = file.read(12)
    kind_length = 9 - head[0].bit_length() if head and head[0] else 9
    if kind_length > 4 or len(head) <= kind_length or not head[kind_length]:
        raise damaged()
    size_length = 9 - head[kind_length].bit_length()
    field = head[kind_length : kind_length + size_length]
    if len(field) < size_length:
        raise damaged()
    size: int | None = int.from_bytes(field, "big") & (1 << 7 * size_length) - 1
    if size == (1 << 7 * size_length) - 1:
        size = None
    start = at + kind_length + size_length
    file.seek(start)
    return _Element(int.from_bytes(head[:kind_length], "big"), start, size)
