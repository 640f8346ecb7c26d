"""Film and sound in boxes: MP4, MOV and M4A."""

from collections.abc import Iterator
from typing import IO

from lib.inspection.boxes import Box, boxes_between, check_boxes, top_boxes
from lib.inspection.decision import damaged, external, hidden
from lib.inspection.marks import check_alone, is_foreign

FIRST = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
MEDIA = {b"mdat", b"moof"}
SPARE = {b"free", b"skip"}
FOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl"}
FOREIGN_BRANDS = {b"heic", b"heix", b"mif1", b"avif", b"jp2 "}
SELF_CONTAINED = 1
DEEPEST = 8


def check_film(file: IO[bytes]) -> str:
    """Return the type of a film or a sound by what its tracks hold. Raises Unfit."""
    check_alone(file)
    boxes = top_boxes(file)
    check_boxes(boxes)
    for box in boxes:
        if box.kind in SPARE and is_foreign(_bytes_at(file, box.start, 64)):
            raise hidden("a program or an archive")
    kinds = [box.kind for box in boxes]
    if kinds[0] not in FIRST or b"moov" not in kinds or not MEDIA & set(kinds):
        raise damaged()
    brands = boxes[0].brands(file) if kinds[0] == b"ftyp" else {b"qt  "}
    if brands & FOREIGN_BRANDS:
        raise damaged()
    handlers = _handlers(file, next(box for box in boxes if box.kind == b"moov"))
    if not handlers & {b"vide", b"soun"}:
        raise damaged()
    if b"vide" not in handlers:
        return "audio/mp4"
    return "video/quicktime" if b"qt  " in brands else "video/mp4"


def _handlers(file: IO[bytes], moov: Box) -> set[bytes]:
    """Return what the tracks are for, and refuse those whose content lies elsewhere."""
    handlers = set()
    for box in _inside(file, moov, 0):
        if box.kind == b"hdlr":
            handlers.add(_bytes_at(file, box.start + 8, 4))
        elif box.kind == b"dref":
            _check_sources(file, box)
        elif box.kind == b"rmra":
            raise external("a film")
    return handlers


def _inside(file: IO[bytes], folder: Box, depth: int) -> Iterator[Box]:
    for box in boxes_between(file, folder.start, _end_of_folder(file, folder)):
        yield box
        if box.kind in FOLDERS and depth < DEEPEST:
            yield from _inside(file, box, depth + 1)


def _end_of_folder(file: IO[bytes], folder: Box) -> int:
    """Return where the boxes of a folder end; QuickTime may close one with four zero bytes."""
    if folder.end - folder.start >= 4 and _bytes_at(file, folder.end - 4, 4) == b"\0\0\0\0":
        return folder.end - 4 if _ends_in_zeros(file, folder) else folder.end
    return folder.end


def _ends_in_zeros(file: IO[bytes], folder: Box) -> bool:
    """Say whether the last four bytes belong to no box."""
    at = folder.start
    while at < folder.end - 4:
        size = int.from_bytes(_bytes_at(file, at, 4), "big")
        if size < 8:
            return False
        at += size
    return at == folder.end - 4


def _check_sources(file: IO[bytes], box: Box) -> None:
    for source in boxes_between(file, box.start + 8, box.end):
        if not int.from_bytes(_bytes_at(file, source.start + 1, 3), "big") & SELF_CONTAINED:
            raise external("its sound or pictures")


def _bytes_at(file: IO[bytes], at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)
