"""The scanner: what it finds, what it cannot say, and that the real one answers like the stand-in."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from lib.inspection import FileRefused
from lib.inspection.marks import TEST_STRING
from lib.scan import ScannerAway, scan
from portfolios.actions import judge_file
from tests.uploads.clamd import CLAMD, broken_clamd, real_clamd, small_clamd
from tests.uploads.good import GOOD, SAMPLES
from tests.uploads.hostile_others import box
from tests.uploads.pictures import jpeg

Server = Callable[[], AbstractContextManager[str]]
REAL = pytest.param(real_clamd, marks=pytest.mark.skipif(CLAMD is None, reason="clamd is not installed"))
# What only a scanner sees: the test string where any text may stand.
INFECTED: dict[str, Callable[[], bytes]] = {
    "remark.jpg": lambda: jpeg(comment=TEST_STRING),
    "box.mp4": lambda: (SAMPLES / "silent.mp4").read_bytes() + box(b"free", TEST_STRING),
}


@pytest.mark.parametrize("server", [small_clamd, REAL])
def test_a_scanner_finds_what_is_there_and_nothing_else(server: Server) -> None:
    with server() as address:
        assert scan(io.BytesIO(b"What I did." * 100_000), address=address) == ""
        assert "Eicar" in scan(io.BytesIO(TEST_STRING), address=address)
        assert "Eicar" in scan(io.BytesIO(b"x" * 1000 + TEST_STRING), address=address)


@pytest.mark.skipif(CLAMD is None, reason="clamd is not installed")
def test_the_real_scanner_passes_nothing_that_is_too_large_for_it() -> None:
    with real_clamd() as address:
        found = scan(io.BytesIO(TEST_STRING + b"\0" * 30 * 2**20), address=address)
    assert found


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.socket", "nonsense", "host:port"])
def test_a_scanner_that_is_not_there_is_away(address: str) -> None:
    with pytest.raises(ScannerAway):
        scan(io.BytesIO(b"text"), address=address)


def test_an_answer_that_says_neither_is_no_answer() -> None:
    with broken_clamd() as address, pytest.raises(ScannerAway):
        scan(io.BytesIO(b"text" * 10), address=address)


@pytest.mark.parametrize("server", [small_clamd, REAL])
def test_the_whole_pipeline_refuses_what_only_the_scanner_sees(server: Server, settings: Any) -> None:
    settings.UPLOAD_SCAN_IS_LEFT_OUT = False
    with server() as settings.CLAMD_ADDRESS:
        for name, make in INFECTED.items():
            with pytest.raises(FileRefused) as caught:
                judge_file(io.BytesIO(make()), name=name)
            assert caught.value.code == "virus", name
        for name, make in GOOD.items():
            judge_file(io.BytesIO(make()), name=name)


def test_without_a_scanner_nothing_is_clean(settings: Any) -> None:
    settings.UPLOAD_SCAN_IS_LEFT_OUT = False
    with pytest.raises(ScannerAway):
        judge_file(io.BytesIO(GOOD["scan.pdf"]()), name="scan.pdf")
