"""A file that is not what it should be is refused with its line and column, never with a traceback."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.rules import CatalogueRefused, Fault, plan_publication
from assessments.rules.reading import DEEPEST, LARGEST_FILE, read_document
from tests.catalogue.files import EMPTY, as_bytes, small

GOOD = as_bytes(small())


@pytest.mark.parametrize(
    ("data", "place", "reason"),
    [
        (b"", "line 1, column 1", "not JSON: expecting value"),
        (b'{"units": [', "line 1, column 12", "not JSON: expecting value"),
        (b'{\n  "units": [],\n}', "line 3, column 1", "not JSON: expecting property name"),
        (b'{"units": []}\n[]', "line 2, column 1", "not JSON: extra data"),
        (b'{"a": "line\nbreak"}', "line 1, column 12", "not JSON: invalid control character"),
        (b"\xef\xbb\xbf{}", "line 1, column 1", "starts with a byte order mark"),
        ('{"title": "é\n'.encode() + b'\xe9"}', "line 2, column 1", "not UTF-8: byte 0xe9"),
        ("{}".encode("utf-16"), "line 1, column 1", "not UTF-8: byte 0xff"),
        (b'{"credits":\n NaN}', "line 2, column 2", "NaN is not a number that JSON knows"),
        (b'{"credits": -Infinity}', "line 1, column 13", "-Infinity is not a number"),
        (b'{"ref": 1,\n "ref": 2}', "line 2, column 2", "the key ref is given twice"),
        (b'{"ref": 1, "r\\u0065f": 2}', "line 1, column 12", "the key ref is given twice"),
        (b'{"credits": 1234567890123456}', "line 1, column 13", "is too long a number"),
        (b'{"credits": ' + b"9" * 6000 + b"}", "line 1, column 13", "is too long a number"),
        (b"[" * 100_000, f"line 1, column {DEEPEST + 1}", f"nested more than {DEEPEST} deep"),
        (b'{"a":' * 100_000, f"line 1, column {5 * DEEPEST + 1}", f"nested more than {DEEPEST} deep"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(data: bytes, place: str, reason: str) -> None:
    value, faults = read_document("bad.json", data)
    assert value is None
    assert [(fault.file, fault.place) for fault in faults] == [("bad.json", place)]
    assert faults[0].reason.startswith(reason) or reason in faults[0].reason


def test_a_key_may_return_in_another_object() -> None:
    value, faults = read_document("good.json", b'[{"ref": ":"}, {"ref": "a\\"}{", "inner": {"ref": 3}}]')
    assert faults == []
    assert value[1] == {"ref": 'a"}{', "inner": {"ref": 3}}


def test_a_file_beyond_all_measure_is_not_read() -> None:
    _, faults = read_document("big.json", b" " * (LARGEST_FILE + 1))
    assert [fault.reason for fault in faults] == ["larger than 20 MB"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"[]", "should be an object with the lists"),
        (b'"units"', "should be an object"),
        (b"null", "should be an object"),
        (b"{}", "holds none of the lists"),
        (b'{"unit": []}', "holds none of the lists"),
        (b'{"units": {}}', "should be a list"),
        (b'{"units": [1, null, []]}', "should be an object, not the number 1"),
        (b'{"units": [{"ref": "A\\u0000"}]}', "holds a character that cannot be stored"),
        (b'{"units": [{"ref": "A", "\\ud800": 1}]}', "holds a character that cannot be stored"),
        (b'{"units": [{"ref": "A", "factor": 1.5}]}', "1.5 is a decimal number"),
        (b'{"units": [{"ref": "A", "factor": 1e999}]}', "inf is a decimal number"),
    ],
)
def test_json_that_is_no_catalogue_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(CatalogueRefused) as refused:
        plan_publication([("odd.json", data)], EMPTY)
    assert any(reason in str(fault) for fault in refused.value.faults)
    assert all(
        str(fault).startswith("odd.json: ") and "\n" not in str(fault) for fault in refused.value.faults
    )


def faults_in(data: bytes) -> list[Fault]:
    try:
        plan_publication([("damaged.json", data)], EMPTY)
    except CatalogueRefused as refused:
        return refused.faults
    return []


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    value, faults = read_document("any.json", data)
    assert value is None or not faults


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, len(GOOD) - 1),
    st.sampled_from([b"", b'"', b"{", b"]", b"\\", b"\x00", b"\xff", b",", b"1"]),
)
def test_a_good_file_with_one_byte_changed_or_cut_off_gets_an_answer(place: int, sign: bytes) -> None:
    for data in (GOOD[:place] + sign + GOOD[place + 1 :], GOOD[:place] + sign):
        answers = faults_in(data)
        assert all(fault.file == "damaged.json" and fault.reason for fault in answers)
