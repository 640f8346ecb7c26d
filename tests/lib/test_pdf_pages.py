"""Reading strangers' PDFs: in a child with limits, a few at once, and what failed is not tried again."""

import subprocess
import sys
import time
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from lib import pdf_pages
from lib.pdf_pages import (
    CHILD,
    MOST_FAILURES,
    NoSuchPage,
    PdfFacts,
    PicturesBusy,
    examine,
    page_count,
    page_picture,
    page_run,
)
from tests.portfolios.samples import pdf, slow_pdf

AT_ONCE_IS_UNDER = 1.0


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def keep(content: bytes) -> str:
    return default_storage.save(f"centre/{time.monotonic_ns()}", ContentFile(content))


def test_what_a_pdf_says_of_itself() -> None:
    assert examine(pdf(3)) == PdfFacts(pages=3, is_locked=False)
    assert examine(pdf(password="secret")) == PdfFacts(pages=0, is_locked=True)
    assert examine(b"%PDF-1.7\nnothing") == PdfFacts(pages=0, is_locked=False)


def test_a_picture_is_drawn_once_and_kept(files: Path) -> None:
    key = keep(pdf(2))
    first = page_picture(key, 2)
    assert first.startswith(b"\x89PNG")
    default_storage.delete(key)
    assert page_picture(key, 2) == first
    with pytest.raises(NoSuchPage):
        page_picture(key, 1)


def test_a_page_that_is_not_there_starts_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    key = keep(pdf(2))
    assert page_count(key) == 2
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_kwargs: pytest.fail("a child was started"))
    for page in (0, 3, 999_999):
        with pytest.raises(NoSuchPage):
            page_picture(key, page)


def test_a_page_that_takes_too_long_ends_and_is_not_tried_again(files: Path) -> None:
    key = keep(slow_pdf())
    started = time.monotonic()
    with pytest.raises(NoSuchPage):
        page_picture(key, 1)
    assert time.monotonic() - started < pdf_pages.WALL_SECONDS + 2
    started = time.monotonic()
    with pytest.raises(NoSuchPage):
        page_picture(key, 1)
    assert time.monotonic() - started < AT_ONCE_IS_UNDER
    assert [page.is_shown for page in page_run(key, page_count(key)).pages] == [False]


def test_a_file_that_fails_often_is_given_up(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = keep(slow_pdf(MOST_FAILURES + 2))
    assert page_count(key) == MOST_FAILURES + 2
    monkeypatch.setattr(pdf_pages, "WALL_SECONDS", 0.3)
    for page in range(1, MOST_FAILURES + 1):
        with pytest.raises(NoSuchPage):
            page_picture(key, page)
    assert not any(page.is_shown for page in page_run(key, MOST_FAILURES + 2).pages)
    # Tried again, it would now take until the processor's limit.
    monkeypatch.undo()
    started = time.monotonic()
    with pytest.raises(NoSuchPage):
        page_picture(key, MOST_FAILURES + 1)
    assert time.monotonic() - started < AT_ONCE_IS_UNDER


def test_others_go_on_while_some_are_drawn(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warm, ready = keep(pdf()), Barrier(pdf_pages.AT_ONCE + 1)
    page_picture(warm, 1)
    slow = [keep(slow_pdf()) for _ in range(pdf_pages.AT_ONCE)]
    assert [page_count(key) for key in slow] == [1] * pdf_pages.AT_ONCE
    monkeypatch.setattr(pdf_pages, "PATIENCE", 0.1)
    monkeypatch.setattr(pdf_pages, "WALL_SECONDS", 1.5)

    def draw(key: str) -> None:
        ready.wait(timeout=10)
        with pytest.raises(NoSuchPage):
            page_picture(key, 1)

    threads = [Thread(target=draw, args=[key]) for key in slow]
    for thread in threads:
        thread.start()
    ready.wait(timeout=10)
    time.sleep(0.3)
    with pytest.raises(PicturesBusy):
        page_picture(keep(pdf()), 1)
    assert page_picture(warm, 1)
    for thread in threads:
        thread.join(timeout=10)
    monkeypatch.undo()
    assert page_picture(keep(pdf()), 1)


def test_a_run_of_pages_ends_where_the_file_does() -> None:
    run = page_run("nothing", 45)
    assert (run.pages[0].number, run.last, run.next_first, run.next_last) == (1, 20, 21, 40)
    run = page_run("nothing", 45, first=41)
    assert (run.pages[0].number, run.last, run.next_first) == (41, 45, 0)
    assert page_run("nothing", 45, first=46).pages[0].number == 1


def test_the_child_knows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "child.py"
    child.write_text("import os; print(sorted(os.environ))")
    monkeypatch.setattr(pdf_pages, "CHILD", child)
    monkeypatch.setenv("DATABASE_URL", "postgres://someone:secret@somewhere/")
    assert b"DATABASE_URL" not in pdf_pages._ask("examine", content=b"")


def test_the_child_takes_little_memory_and_time_and_writes_no_file() -> None:
    words = (
        "import runpy, sys; from resource import *; runpy.run_path(sys.argv[1])['_live_small'](); "
        "print(*(getrlimit(which)[1] for which in (RLIMIT_AS, RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_CORE)))"
    )
    found = subprocess.run([sys.executable, "-c", words, CHILD], capture_output=True, text=True, check=True)
    assert found.stdout.split() == [str(2**30), "3", "0", "0"]
