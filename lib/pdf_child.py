"""Reads one PDF in a process of its own, which may use little, knows no secret and ends with its answer.

It is started by path and imports nothing of ours. The PDF comes on standard input; ``examine`` answers how
many pages there are, ``draw PAGE WIDTH PIXELS`` a PNG or ``no page``, ``words LETTERS`` the first words,
and all of them ``locked`` or ``unreadable``.
Any other end, by a limit or by a crash, is no answer.
"""

import io
import resource
import sys
from collections.abc import Callable
from math import sqrt
from time import process_time
from typing import Any

import pypdfium2
from PIL import Image

CPU_SECONDS = 3
MEMORY = 1024 * 1024 * 1024
COLOURS = 128
LOCKED_ERROR = 4
WORDS_FOLLOW = b"words:"


def main() -> None:
    """Answer one question."""
    _live_small()
    what, *numbers = sys.argv[1:]
    try:
        with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as document:
            answer = ANSWERS[what](document, *map(int, numbers))
    except pypdfium2.PdfiumError as error:
        answer = b"locked" if error.err_code == LOCKED_ERROR else b"unreadable"
    sys.stdout.buffer.write(answer)


def _live_small() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _examine(document: Any) -> bytes:
    return str(len(document)).encode()


def _words(document: Any, letters: int) -> bytes:
    """Read page after page, until there are as many letters or half of the time is used."""
    found: list[str] = []
    for number in range(len(document)):
        page = document[number]
        found.append(page.get_textpage().get_text_bounded())
        page.close()
        letters -= len(found[-1])
        if letters <= 0 or process_time() > CPU_SECONDS / 2:
            break
    return WORDS_FOLLOW + "\n".join(found).encode("utf-8", "replace")


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


ANSWERS: dict[str, Callable[..., bytes]] = {"examine": _examine, "draw": _draw, "words": _words}


if __name__ == "__main__":
    main()
