"""How long recordings are, from files that say it, files that do not, and files that lie."""

import struct

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st

from lib.media import length_of


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def recording(*, scale: int, duration: int, version: int = 0) -> bytes:
    """Return an MP4 of that length without any sound in it, its index after its data."""
    layout = ">QQIQ" if version else ">IIII"
    head = bytes([version, 0, 0, 0]) + struct.pack(layout, 0, 0, scale, duration)
    return (
        box(b"ftyp", b"M4A ")
        + box(b"mdat", b"\0" * 40)
        + box(b"moov", box(b"free", b"") + box(b"mvhd", head))
    )


def stored(content: bytes) -> str:
    return default_storage.save("tests/recording", ContentFile(content))


@pytest.mark.parametrize("version", [0, 1])
def test_the_length_is_read_from_the_index(version: int) -> None:
    assert length_of(stored(recording(scale=1000, duration=189_400, version=version))) == 190


@pytest.mark.parametrize(
    "content",
    [b"", b"ID3", recording(scale=0, duration=9), box(b"moov", b"\0\0"), struct.pack(">I4s", 2**31, b"moov")],
)
def test_what_says_no_length_has_none(content: bytes) -> None:
    assert length_of(stored(content)) == 0


def test_a_file_that_is_gone_has_no_length() -> None:
    assert length_of("tests/never-there") == 0


@given(st.binary(max_size=200), st.integers(0, 110))
def test_no_file_breaks_it(junk: bytes, at: int) -> None:
    whole = recording(scale=1000, duration=5000)
    assert length_of(stored(whole[:at] + junk + whole[at:])) >= 0
