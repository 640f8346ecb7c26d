"""What support learns about a file: the decision, its reason, and an exit code."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.uploads.office import word
from tests.uploads.pdfs import pdf


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


def test_a_file_that_is_not_there_is_no_refusal(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("inspect_upload", str(tmp_path / "gone.pdf"))
    assert caught.value.returncode == 2
