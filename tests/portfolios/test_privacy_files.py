"""Possible people in the documents that an attempt offers."""

from html import unescape
from io import BytesIO

import pytest
from weasyprint import HTML

from centres.scoping import centre_scope
from portfolios.actions import offer_file
from portfolios.models import Submission
from portfolios.selectors.reading import reading_of
from tests.makers import AT, Cast
from tests.portfolios.samples import at, signed_in
from tests.uploads import office, pictures

pytestmark = pytest.mark.django_db
SAID = "Then we met Mr Jones."
MENDED = "The file says “Mr Jones”. Is that your client's real name? If so, put a copy"


def document(kind: str) -> bytes:
    if kind == "pdf":
        pages = "".join(f"<p style='break-before: page'>Page {number}.</p>" for number in range(30))
        return bytes(HTML(string=f"{pages}<p>{SAID}</p>").write_pdf())
    if kind == "docx":
        return office.packed(office.word_parts(f"<w:p><w:r><w:t>{SAID}</w:t></w:r></w:p>"))
    return SAID.encode()


def offered(cast: Cast, draft: Submission, name: str, content: bytes) -> None:
    with centre_scope(cast.centre.pk):
        offer_file(submission=draft, part_ref="1", name=name, file=BytesIO(content), by=cast.learner, at=AT)


@pytest.mark.parametrize("kind", ["pdf", "docx", "txt"])
def test_a_name_in_a_document_is_asked_about(cast: Cast, draft: Submission, kind: str) -> None:
    offered(cast, draft, f"log.{kind}", document(kind))
    for _ in range(2):
        page = unescape(signed_in(cast.learner).get(at(cast, "submit", draft)).content.decode())
        assert page.count(MENDED) == 1
    assert f"log.{kind}" in page


def test_what_has_no_words_is_passed_over(cast: Cast, draft: Submission) -> None:
    offered(cast, draft, "photo.jpg", pictures.jpeg(comment=b"Mr Jones"))
    offered(cast, draft, "scan.pdf", bytes(HTML(string="").write_pdf()))
    with centre_scope(cast.centre.pk):
        assert reading_of(draft).noted == []
