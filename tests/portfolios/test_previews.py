"""What is shown of a file: pictures that say nothing of their maker, and the words of documents, escaped."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from centres.scoping import centre_scope
from portfolios.models import Evidence, Submission
from portfolios.selectors import evidence_pane
from tests.makers import Cast, make_learner
from tests.portfolios.samples import signed_in
from tests.portfolios.test_evidence import keep
from tests.uploads import pictures
from tests.uploads.office import word, writer
from tests.uploads.pdfs import pdf

pytestmark = pytest.mark.django_db
TABLE = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Hours</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
FIRST = "<w:p><w:r><w:t>I asked &lt;b&gt;why&lt;/b&gt;.</w:t></w:r></w:p>"
WORDS = f"{FIRST}<w:p><w:r><w:t>And w\u0175.</w:t></w:r></w:p>"


@pytest.fixture(autouse=True)
def files(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def preview(cast: Cast, evidence: Evidence) -> str:
    return reverse("portfolios:preview", kwargs={"slug": cast.centre.slug, "evidence_id": evidence.pk})


@pytest.mark.parametrize(
    ("name", "content", "size"),
    [
        ("turned.jpg", pictures.phone_jpeg("Apple", "iPhone 17 Pro", comment=b"A secret remark"), (48, 64)),
        ("upright.jpg", pictures.phone_jpeg("samsung", "SM-S936B", orientation=1), (64, 48)),
        ("a.heic", pictures.heic(), (64, 64)),
        ("clear.png", pictures.png(pictures.picture(mode="RGBA")), (48, 32)),
        ("large.png", pictures.png(Image.new("L", (4000, 1000))), (1600, 400)),
        ("print.jpg", pictures.jpeg(pictures.picture(mode="CMYK")), (48, 32)),
    ],
)
def test_a_picture_is_shown_upright_and_says_nothing_of_its_maker(
    cast: Cast, draft: Submission, learner: Client, name: str, content: bytes, size: tuple[int, int]
) -> None:
    address = preview(cast, keep(cast, draft, name, content))
    for _ in range(2):
        answer = learner.get(address)
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        shown = Image.open(io.BytesIO(answer.content))
        assert shown.size == size
        assert not shown.getexif()
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for word_of_it in (b"Apple", b"iPhone", b"samsung", b"secret", b"Exif"):
        assert word_of_it not in answer.content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", word(WORDS + TABLE)),
        ("a.odt", writer("<text:p>I asked &lt;b&gt;why&lt;/b&gt;.</text:p><text:p>And w\u0175.</text:p>")),
        ("a.txt", "I asked <b>why</b>.\r\n\r\nAnd w\u0175.".encode()),
        ("notepad.txt", "I asked <b>why</b>.\r\n\r\nAnd w\u0175.".encode("utf-16")),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_words_of_a_document_are_shown_escaped(
    cast: Cast, draft: Submission, learner: Client, name: str, content: bytes, headers: dict[str, str]
) -> None:
    evidence = keep(cast, draft, name, content)
    for _ in range(2):
        page = learner.get(preview(cast, evidence), headers=headers).content.decode()
        assert "I asked &lt;b&gt;why&lt;/b&gt;.\n\nAnd w\u0175." in page
        assert "<b>why" not in page
    with centre_scope(cast.centre.pk):
        assert [piece.shown_as for piece in evidence_pane(draft)[0].pieces] == ["words"]


def test_what_has_no_preview_is_not_found(cast: Cast, draft: Submission, learner: Client) -> None:
    assert learner.get(preview(cast, keep(cast, draft, "a.pdf", pdf()))).status_code == 404


def test_a_preview_is_for_those_who_may_read_the_file(cast: Cast, draft: Submission) -> None:
    address = preview(cast, keep(cast, draft, "a.png", pictures.png()))
    ben = make_learner(cast.centre, "Ben Okoro", by=cast.administrator, number="R-2")
    assert signed_in(ben.learner.membership).get(address).status_code == 404
    assert signed_in(cast.assessor).get(address).status_code == 404
    assert signed_in(cast.administrator).get(address).status_code == 403
