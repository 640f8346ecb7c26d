"""What support learns about a file: the decision, its reason, and an exit code."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lib.inspection import FileRefused, Limits, inspect
from tests.uploads.good import GOOD
from tests.uploads.office import word
from tests.uploads.pdfs import pdf
from tests.uploads.test_hostile import HOSTILE


def said_of(path: Path, *, name: str) -> tuple[int, str]:
    """Return the exit code of the command and what it says."""
    said = io.StringIO()
    try:
        call_command("inspect_upload", str(path), name=name, stdout=said)
    except CommandError as refused:
        return refused.returncode, str(refused)
    return 0, said.getvalue()


def test_a_clean_file_is_said_to_be_clean(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(pdf())
    said = io.StringIO()
    call_command("inspect_upload", str(path), name="../diary.pdf", stdout=said)
    assert said.getvalue() == "Clean (the scan is left out here). diary.pdf: application/pdf\n"


def test_a_refused_file_is_named_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "notes.docx"
    path.write_bytes(word(word__vbaProject_dot_bin=b"x"))
    with pytest.raises(CommandError) as caught:
        call_command("inspect_upload", str(path))
    assert caught.value.returncode == 1
    assert str(caught.value).startswith("Refused (macros). notes.docx: this file holds macros.")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", [*HOSTILE, *GOOD])
def test_it_says_of_every_file_what_the_inspection_says(name: str, tmp_path: Path) -> None:
    content = GOOD[name]() if name in GOOD else HOSTILE[name][0]()
    path = tmp_path / "upload"
    path.write_bytes(content)
    try:
        accepted = inspect(io.BytesIO(content), name=name, limits=Limits())
        expected = (0, f"Clean (the scan is left out here). {accepted.label}: {accepted.content_type}\n")
    except FileRefused as refusal:
        expected = (1, f"Refused ({refusal.code}). {refusal.message}")
    assert said_of(path, name=name) == expected


@pytest.mark.parametrize(("pages", "says"), [(500, ""), (501, "501 pages; the limit is 500")])
def test_it_counts_pages_as_the_site_does(pages: int, says: str, tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf(pages=pages))
    code, said = said_of(path, name="")
    assert (code, says in said) == (int(bool(says)), True)


def test_a_file_that_is_not_there_is_no_refusal(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("inspect_upload", str(tmp_path / "gone.pdf"))
    assert caught.value.returncode == 2
