"""Pictures of a PDF's pages, since a browser's own viewer does not run in a sandbox.

A PDF is a program that a stranger wrote, so it is read in a child process with limits (``lib.pdf_child``).
What comes of it is kept beside the file: how many pages, the pictures, and which pages could not be drawn.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from lib.kept import kept_beside

CHILD = Path(__file__).with_name("pdf_child.py")
WIDTH = 1100
MAX_PIXELS = 4_000_000
WALL_SECONDS = 8.0
# Children of this process at once, and how long a thread of it waits for its turn: the others serve pages.
AT_ONCE = 2
PATIENCE = 2.0
# A file whose pages fail this often is not tried any more.
MOST_FAILURES = 3
PAGES_AT_ONCE = 20
MOST_LETTERS = 200_000
WORDS_FOLLOW = b"words:"

_turns = BoundedSemaphore(AT_ONCE)


class NoSuchPage(Exception):
    """The file has no page of that number, or it cannot be drawn."""


class PicturesBusy(Exception):
    """Other files are being drawn; it may be asked again in a moment."""


class _NoAnswer(Exception):
    """The child ended at a limit, or broke."""


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What is known of a PDF before it is kept; one that cannot be read has no pages."""

    pages: int
    is_locked: bool


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page of a run, and whether there is, or may yet be, a picture of it."""

    number: int
    is_shown: bool


@dataclass(frozen=True, slots=True)
class PageRun:
    """As many pages of a file as are shown at once."""

    pages: list[PagePicture]
    total: int

    @property
    def last(self) -> int:
        """The last page of this run."""
        return self.pages[-1].number if self.pages else 0

    @property
    def next_first(self) -> int:
        """The first page of the next run, 0 after the last."""
        return self.last + 1 if self.last < self.total else 0

    @property
    def next_last(self) -> int:
        """The last page of the next run."""
        return min(self.next_first + PAGES_AT_ONCE - 1, self.total)


def examine(content: bytes) -> PdfFacts:
    """Say how many pages a PDF has, and whether it asks for a password. Raises PicturesBusy."""
    try:
        with _turn():
            answer = _ask("examine", content=content)
    except _NoAnswer:
        answer = b""
    return PdfFacts(pages=int(answer) if answer.isdigit() else 0, is_locked=answer == b"locked")


def words_in(storage_key: str) -> str:
    """Return the first words of a stored PDF, read once and then kept beside it; none of a picture.

    Raises PicturesBusy, OSError where the file is gone.
    """
    return kept_beside(storage_key, "words.txt", lambda: _words(storage_key)).decode()


def _words(storage_key: str) -> bytes:
    with default_storage.open(storage_key) as file:
        content = file.read()
    try:
        with _turn():
            answer = _ask("words", MOST_LETTERS, content=content)
    except _NoAnswer:
        return b""
    return answer.removeprefix(WORDS_FOLLOW) if answer.startswith(WORDS_FOLLOW) else b""


def keep_page_count(storage_key: str, pages: int) -> None:
    """Keep the number of pages beside a file, so that it is not counted again."""
    _keep(f"{_beside(storage_key)}/count", str(pages).encode())


def page_count(storage_key: str) -> int:
    """Return how many pages a stored PDF has; 0 where it is gone or cannot be read."""
    try:
        return _page_count(storage_key)
    except (OSError, PicturesBusy):
        return 0


def page_run(storage_key: str, total: int, *, first: int = 1) -> PageRun:
    """Return the pages from ``first`` that are shown at once, with those that cannot be drawn marked."""
    kept = _kept(storage_key)
    failed = _failed(kept)
    first = first if 1 <= first <= total else 1
    last = min(first + PAGES_AT_ONCE - 1, total)
    is_given_up = len(failed) >= MOST_FAILURES
    return PageRun(
        [
            PagePicture(number, _name(number) in kept or not (is_given_up or number in failed))
            for number in range(first, last + 1)
        ],
        total,
    )


def page_picture(storage_key: str, page: int) -> bytes:
    """Return a page (from 1) as PNG, drawn once and then kept beside the file.

    A page that cannot be drawn is not tried again, and one beyond the last is not tried at all.

    Raises NoSuchPage and PicturesBusy.
    """
    kept = f"{_beside(storage_key)}/{_name(page)}"
    if default_storage.exists(kept):
        with default_storage.open(kept) as file:
            return bytes(file.read())
    if not 1 <= page <= _counted(storage_key):
        raise NoSuchPage
    with _turn():
        failed = _failed(_kept(storage_key))
        if page in failed or len(failed) >= MOST_FAILURES:
            raise NoSuchPage
        picture = _drawn(storage_key, page)
    _keep(kept, picture)
    return picture


def _counted(storage_key: str) -> int:
    """Return how many pages a stored PDF has. Raises NoSuchPage where it is gone, PicturesBusy."""
    try:
        return _page_count(storage_key)
    except OSError as error:
        raise NoSuchPage from error


@lru_cache(maxsize=4096)
def _page_count(storage_key: str) -> int:
    kept = f"{_beside(storage_key)}/count"
    if default_storage.exists(kept):
        with default_storage.open(kept) as file:
            return int(file.read())
    with default_storage.open(storage_key) as file:
        pages = examine(file.read()).pages
    keep_page_count(storage_key, pages)
    return pages


def _drawn(storage_key: str, page: int) -> bytes:
    try:
        with default_storage.open(storage_key) as file:
            answer = _ask("draw", page, WIDTH, MAX_PIXELS, content=file.read())
    except OSError as error:
        raise NoSuchPage from error
    except _NoAnswer as error:
        _keep(f"{_beside(storage_key)}/{page}.failed", b"not drawn")
        raise NoSuchPage from error
    if not answer.startswith(b"\x89PNG"):
        raise NoSuchPage
    return answer


def _ask(*words: object, content: bytes) -> bytes:
    """Return the child's answer. Raises _NoAnswer."""
    try:
        child = subprocess.run(
            # No environment: it holds the passwords of the databases.
            [sys.executable, "-I", str(CHILD), *map(str, words)],
            env={},
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise _NoAnswer from error
    return child.stdout


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise PicturesBusy
    try:
        yield
    finally:
        _turns.release()


def _beside(storage_key: str) -> str:
    return f"{storage_key}.pages"


def _name(page: int) -> str:
    return f"{page}-{WIDTH}.png"


def _kept(storage_key: str) -> set[str]:
    try:
        listed: Any = default_storage.listdir(_beside(storage_key))
    except FileNotFoundError:
        return set()
    return set(listed[1])


def _failed(kept: set[str]) -> set[int]:
    return {int(name.removesuffix(".failed")) for name in kept if name.endswith(".failed")}


def _keep(name: str, content: bytes) -> None:
    """Keep a small file beside the PDF; of two who write it at once the first stays."""
    written = default_storage.save(name, ContentFile(content))
    if written != name:
        default_storage.delete(written)
