"""Reads one PDF in a process of its own, which may use little, knows no secret and ends with its answer.

It is started by path and imports nothing of ours. The PDF comes on standard input; ``examine`` answers how
many pages there are, ``draw PAGE WIDTH PIXELS`` a PNG or ``no page``, and both ``locked`` or ``unreadable``.
Any other end, by a limit or by a crash, is no answer.
"""

import io
import resource
import sys
from math import sqrt
from typing import Any

import pypdfium2
from PIL import Image

CPU_SECONDS = 3
MEMORY = 1024 * 1024 * 1024
COLOURS = 128
LOCKED_ERROR = 4


def main() -> None:
    """Answer one question."""
    _live_small()
    what, *numbers = sys.argv[1:]
    try:
        with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as document:
            answer = str(len(document)).encode() if what == "examine" else _draw(document, *map(int, numbers))
    except pypdfium2.PdfiumError as error:
        answer = b"locked" if error.err_code == LOCKED_ERROR else b"unreadable"
    sys.stdout.buffer.write(answer)


def _live_small() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _draw(document: Any, page: int, width: int, pixels: int) -> bytes:
    """Draw a page as wide as a pane, but never with more pixels than memory should hold."""
    if not 1 <= page <= len(document):
        return b"no page"
    drawn = document[page - 1]
    across, down = (max(side, 1.0) for side in drawn.get_size())
    scale = min(width / across, sqrt(pixels / (across * down)))
    picture = drawn.render(scale=scale).to_pil().convert("RGB")
    buffer = io.BytesIO()
    few = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS)
    few.save(buffer, format="PNG")
    return buffer.getvalue()


if __name__ == "__main__":
    main()
