"""No file that must be refused gets in, and each is refused for its own reason in words for a person."""

import io
import tracemalloc
from collections import defaultdict
from collections.abc import Callable
from hashlib import sha256
from typing import IO

import pytest

from lib.inspection import FileRefused, Limits, clean_label, inspect
from tests.uploads import hostile_office, hostile_others, hostile_pdf
from tests.uploads.good import GOOD
from tests.uploads.pdfs import pdf

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    **hostile_office.WORD,
    **hostile_office.ARCHIVES,
    **hostile_office.WRITER,
    **hostile_pdf.PDF,
    **hostile_others.PICTURES,
    **hostile_others.MEDIA,
    **hostile_others.OTHERS,
}
NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "..\\..\\windows\\system32\\diary.pdf": "diary.pdf",
    "C:\\Users\\amira\\diary.pdf": "diary.pdf",
    "/etc/diary.pdf": "diary.pdf",
    "photo\u202egpj.pdf": "photogpj.pdf",
    "dia\u200bry\ufeff.pdf": "diary.pdf",
    "diary\r\nSet-Cookie: a=b.pdf": "diary Set-Cookie: a=b.pdf",
    "dia\x00ry.pdf": "diary.pdf",
    "dia\x1b[31mry.pdf": "dia[31mry.pdf",
    "<script>alert(1)<b>.pdf": "<script>alert(1)<b>.pdf",
    f"{'x' * 300}.pdf": f"{'x' * 187}.pdf",
    " .pdf": "pdf",
    "...pdf": "pdf",
    "~$diary.pdf": "filediary.pdf",
    "Cafe\u0301.pdf": "Caf\u00e9.pdf",
    "diary.pdf.": "diary.pdf",
    "'; DROP TABLE evidence;--.pdf": "'; DROP TABLE evidence;--.pdf",
    "{{ 7*7 }}.pdf": "{{ 7*7 }}.pdf",
    "": "file",
    "CON.pdf": "file CON.pdf",
    "nul.tar.pdf": "file nul.tar.pdf",
    "lpt1 .pdf": "file lpt1.pdf",
    "COM\u00b9.pdf": "file COM\u00b9.pdf",
    "console.pdf": "console.pdf",
    f"{'y' * 10_000}.pdf": f"{'y' * 187}.pdf",
    f"a.{'pdf' * 3_000}": f"a.{'pdf' * 63}"[:190],
    "diary\u2028\u2029.pdf": "diary.pdf",
    "\u202e\u2066fdp.exe\u2069.pdf": "fdp.exe.pdf",
    "%2e%2e%2fdiary.pdf": "%2e%2e%2fdiary.pdf",
}


CODES = {
    "active",
    "bomb",
    "damaged",
    "empty",
    "external",
    "hidden",
    "locked",
    "macros",
    "path",
    "type",
    "virus",
}


class OnDisk(io.BytesIO):
    """A file of any size, of which only the size is real."""

    def __init__(self, head: bytes, size: int) -> None:
        super().__init__(head)
        self.size = size

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.size if whence == 2 else super().seek(offset, whence)


def refused(file: IO[bytes], name: str) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        inspect(file, name=name, limits=Limits())
    return caught.value


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_for_its_reason(name: str) -> None:
    make, code = HOSTILE[name]
    refusal = refused(io.BytesIO(make()), name)
    assert refusal.code == code
    assert refusal.message.startswith(f"{clean_label(name)}: ")
    assert refusal.message.endswith(".")


@pytest.mark.parametrize(
    ("name", "megabytes", "says"),
    [
        (
            "film.mp4",
            612,
            "film.mp4: this file is 612 MB; the limit is 500 MB. Split it or lower the quality.",
        ),
        ("sound.mp3", 501, "the limit is 500 MB"),
        ("diary.pdf", 51, "the limit is 50 MB"),
        ("photo.heic", 51, "the limit is 50 MB"),
        ("diary.docx", 2000, "the limit is 50 MB"),
    ],
)
def test_an_oversized_file_is_refused_before_it_is_read(name: str, megabytes: int, says: str) -> None:
    refusal = refused(OnDisk(GOOD["scan.pdf"](), megabytes * 2**20), name)
    assert refusal.code == "size"
    assert says in refusal.message


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_becomes_a_label(name: str) -> None:
    label = clean_label(name)
    assert label == NAMES[name]
    assert label.isprintable()
    assert len(label) <= 200
    if label.endswith(".pdf"):
        assert inspect(io.BytesIO(pdf()), name=name, limits=Limits()).label == label


def test_a_long_list_of_contents_is_refused_before_it_is_read() -> None:
    make, _code = HOSTILE["million-entries.docx"]
    content = make()
    tracemalloc.start()
    refused(io.BytesIO(content), "million-entries.docx")
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < len(content) + 2**22


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_corpus_is_made_in_many_ways() -> None:
    """By many contents, not by one under many names, which is a trick of its own for a few."""
    names: dict[bytes, list[str]] = defaultdict(list)
    for name, (make, _code) in HOSTILE.items():
        names[sha256(make()).digest()].append(name)
    assert len(names) >= 200
    assert max(map(len, names.values())) <= 8
    assert {code for _make, code in HOSTILE.values()} == CODES
