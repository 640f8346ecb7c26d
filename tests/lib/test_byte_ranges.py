"""What a player asks for is a stretch of the file, the whole of it, or not there, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.byte_ranges import RangeNotThere, wanted_range

places = st.none() | st.integers(0, 40)


@given(size=st.integers(1, 30), first=places, last=places)
def test_a_range_is_the_bytes_that_it_names(size: int, first: int | None, last: int | None) -> None:
    header = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    content = bytes(range(size))
    if first is None and last is None:
        assert wanted_range(header, size) is None
        return
    if first is None:
        expected = content[-last:] if last else b""
    else:
        expected = content[first:] if last is None else content[first : last + 1]
    if not expected:
        with pytest.raises(RangeNotThere):
            wanted_range(header, size)
        return
    wanted = wanted_range(header, size)
    assert wanted is not None
    assert content[wanted[0] : wanted[1] + 1] == expected
    assert 0 <= wanted[0] <= wanted[1] < size


@pytest.mark.parametrize(
    "header", ["", "bytes=0-1,4-5", "bytes=-", "bytes=a-b", "bytes=--1", "lines=1-2", f"bytes={'9' * 19}-"]
)
def test_what_is_not_one_range_is_the_whole_file(header: str) -> None:
    assert wanted_range(header, 10) is None
