"""Word files and LibreOffice texts page by page: where LibreOffice is present, and where it is not."""

import os
import re
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from centres.models import Wakeup
from centres.scoping import centre_scope
from lib import office_pages
from lib.office_pages import NoPages, draw_document
from portfolios import tasks
from portfolios.actions import offer_file
from portfolios.actions.offer import DRAW
from portfolios.models import Evidence, Submission
from portfolios.selectors import evidence_pane
from portfolios.selectors.extent import extent_of
from portfolios.selectors.pane import Piece
from tests.makers import AT, Cast
from tests.uploads.good import DOCUMENTS

pytestmark = pytest.mark.django_db
WORD, WRITER = office_pages.ENDINGS
has_libreoffice = pytest.mark.skipif(
    not os.environ.get("LIBREOFFICE") and not Path("/usr/bin/soffice").exists(),
    reason="LibreOffice is not present, so that no pages are drawn here",
)


def keep(cast: Cast, draft: Submission, name: str) -> Evidence:
    with centre_scope(cast.centre.pk):
        file = BytesIO(DOCUMENTS[name]())
        offer = offer_file(submission=draft, part_ref="1", name=name, file=file, by=cast.learner, at=AT)
        evidence: Evidence = offer.evidence
        assert Wakeup.objects.filter(task=DRAW, object_id=evidence.pk).exists()
    tasks.draw_pages(str(cast.centre.pk), str(evidence.pk))
    return evidence


def piece(cast: Cast, draft: Submission) -> Piece:
    with centre_scope(cast.centre.pk):
        [found] = evidence_pane(draft)[0].pieces
        return found


def address(cast: Cast, evidence: Evidence, name: str, **more: Any) -> str:
    kwargs = {"slug": cast.centre.slug, "evidence_id": evidence.pk, **more}
    return reverse(f"portfolios:{name}", kwargs=kwargs)


@has_libreoffice
@pytest.mark.parametrize(("name", "pages"), [("word.docx", 1), ("writer.odt", 1), ("word-long.docx", 31)])
def test_a_document_is_shown_by_its_pages_and_its_text_beside_them(
    cast: Cast, draft: Submission, learner: Client, name: str, pages: int
) -> None:
    evidence = keep(cast, draft, name)
    shown = piece(cast, draft)
    assert (shown.shown_as, shown.pages >= pages) == ("words", True)
    picture = learner.get(address(cast, evidence, "evidence_page", page=shown.pages))
    assert picture.status_code == 200
    assert picture.content.startswith(b"\x89PNG")
    assert "sandbox" in picture["Content-Security-Policy"]
    assert learner.get(address(cast, evidence, "evidence_page", page=shown.pages + 1)).status_code == 404
    page = learner.get(address(cast, evidence, "evidence_pages")).content.decode()
    assert f"Page 1 of {evidence.label}" in page
    assert learner.get(address(cast, evidence, "preview")).status_code == 200
    with centre_scope(cast.centre.pk):
        assert not Wakeup.objects.filter(task=DRAW).exists()


@has_libreoffice
def test_a_claim_points_at_the_words_of_a_document_whether_its_pages_are_drawn_or_not(
    cast: Cast, draft: Submission
) -> None:
    evidence = keep(cast, draft, "word.docx")
    assert piece(cast, draft).pages
    assert extent_of(evidence).kind == "WORDS"


def test_without_libreoffice_the_text_is_shown(
    cast: Cast, draft: Submission, learner: Client, settings: Any
) -> None:
    settings.LIBREOFFICE = ""
    evidence = keep(cast, draft, "word.docx")
    shown = piece(cast, draft)
    assert (shown.shown_as, shown.pages, shown.run) == ("words", 0, None)
    assert learner.get(address(cast, evidence, "evidence_page", page=1)).status_code == 404
    assert learner.get(address(cast, evidence, "evidence_pages")).status_code == 404
    assert learner.get(address(cast, evidence, "preview")).status_code == 200
    with centre_scope(cast.centre.pk):
        assert not Wakeup.objects.filter(task=DRAW).exists()


def test_a_program_that_never_ends_is_ended_with_all_that_it_started(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = tmp_path / "started"
    slow = tmp_path / "slow"
    slow.write_text(f"#!/bin/sh\nsleep 300 &\necho $! > {started}\nwait\n")
    slow.chmod(0o755)
    settings.LIBREOFFICE = str(slow)
    monkeypatch.setattr(office_pages, "WALL_SECONDS", 1.0)
    key = default_storage.save("drawn/slow", ContentFile(DOCUMENTS["word.docx"]()))
    before = time.monotonic()
    with pytest.raises(NoPages):
        draw_document(key, WORD)
    assert time.monotonic() - before < 10
    assert not _lives(int(started.read_text()))
    assert not default_storage.exists(office_pages.pages_key(key))


def _lives(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


@has_libreoffice
def test_what_libreoffice_cannot_read_has_no_pages() -> None:
    key = default_storage.save("drawn/broken", ContentFile(b"PK\x03\x04 not a document"))
    with pytest.raises(NoPages):
        draw_document(key, WORD)
    with pytest.raises(NoPages):
        draw_document("drawn/gone", WRITER)


def test_the_program_is_told_nothing_of_ours(tmp_path: Path, settings: Any, monkeypatch: Any) -> None:
    told = tmp_path / "told"
    curious = tmp_path / "curious"
    curious.write_text(f'#!/bin/sh\nenv > {told}\nulimit -a >> {told}\necho "$@" >> {told}\n')
    curious.chmod(0o755)
    settings.LIBREOFFICE = str(curious)
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    key = default_storage.save("drawn/curious", ContentFile(DOCUMENTS["writer.odt"]()))
    with pytest.raises(NoPages):
        draw_document(key, WRITER)
    words = told.read_text()
    assert "secret" not in words
    assert "--headless" in words
    assert re.search(r"cpu time.*\s40\b|time\(cpu.*\s40\b|time\(seconds\)\s+40", words)
