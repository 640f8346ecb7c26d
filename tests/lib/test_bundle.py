"""ZIP files: names that unpack anywhere, each once, and the same bytes for the same content."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from lib.bundle import Bundle, safe_name

AT = datetime(2026, 11, 5, 10, 30, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc passwd.pdf"),
        ("C:\\Windows\\a", "C Windows a.pdf"),
        ("a\x00b\u202ec\n", "a b c.pdf"),
        ("...", "file.pdf"),
        ("Ọlámidé Adébáyọ̀", "Ọlámidé Adébáyọ̀.pdf"),
    ],
)
def test_names_hold_no_folder_and_no_trick(text: str, name: str) -> None:
    assert safe_name(text, ".pdf") == name


def test_a_long_name_is_cut_between_letters() -> None:
    name = safe_name("é" * 300, ".pdf")
    assert len(name.encode()) <= 124
    assert name.endswith("é.pdf")


def fill(*names: str) -> bytes:
    file = io.BytesIO()
    with Bundle(file) as bundle:
        for name in names:
            bundle.add(name, name.encode(), made_at=AT)
    return file.getvalue()


def test_two_files_of_one_name_are_numbered_whatever_their_letter_case() -> None:
    with zipfile.ZipFile(io.BytesIO(fill("a.pdf", "A.pdf", "a.pdf"))) as archive:
        assert archive.namelist() == ["a.pdf", "A (2).pdf", "a (3).pdf"]
        assert {info.date_time for info in archive.infolist()} == {(2026, 11, 5, 10, 30, 2)}


def test_same_content_same_bytes() -> None:
    assert fill("a.pdf", "b.pdf") == fill("a.pdf", "b.pdf")
