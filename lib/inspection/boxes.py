"""The boxes of which MP4, MOV, M4A and HEIC files are made."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from lib.inspection.decision import damaged

MOST_BOXES = 100_000
LONGEST_BRANDS = 512


@dataclass(frozen=True, slots=True)
class Box:
    """One box: what it is called, where its content begins and where it ends."""

    kind: bytes
    start: int
    end: int

    def brands(self, file: IO[bytes]) -> set[bytes]:
        """Return the brands that a file-type box names, the first one major."""
        file.seek(self.start)
        content = file.read(min(self.end - self.start, LONGEST_BRANDS))
        return {content[:4], *(content[at : at + 4] for at in range(8, len(content) - 3, 4))}


def top_boxes(file: IO[bytes], start: int = 0) -> list[Box]:
    """Return the boxes from a place to the end of the file. Raises Unfit where they do not fit it."""
    size = file.seek(0, 2)
    boxes = list(boxes_between(file, start, size))
    if not boxes:
        raise damaged()
    return boxes


def boxes_between(file: IO[bytes], start: int, end: int) -> Iterator[Box]:
    """Yield the boxes that fill a stretch of a file exactly. Raises Unfit."""
    for _ in range(MOST_BOXES):
        if start == end:
            return
        file.seek(start)
        head = file.read(16)
        if len(head) < 8:
            raise damaged()
        size, kind, header = int.from_bytes(head[:4], "big"), head[4:8], 8
        if size == 1:
            size, header = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:
            size = end - start
        if size < header or start + size > end:
            raise damaged()
        yield Box(kind, start + header, start + size)
        start += size
    raise damaged()


def check_boxes(boxes: list[Box]) -> None:
    """Refuse boxes whose names no writer would give. Raises Unfit."""
    for box in boxes:
        if not all(32 <= letter < 127 or letter == 0xA9 for letter in box.kind):
            raise damaged()
