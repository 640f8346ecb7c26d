"""The PDF adapter: nothing is fetched, the words keep their letters, the bytes do not depend on the run."""

import hashlib
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from lib import pdf
from lib.pdf import Attached, DenyAll, FetchRefused, draw_pdf, printable

ROOT = Path(__file__).resolve().parents[2]
MADE = datetime(2026, 11, 5, 10, 30, tzinfo=UTC)
PAGE = """<!doctype html><html lang="en-GB"><head><title>A sheet</title>
<meta name="author" content="Northgate Training"></head><body><h1>A sheet</h1>{body}</body></html>"""


@pytest.fixture
def stylesheet(tmp_path: Path) -> Path:
    path = tmp_path / "plain.css"
    path.write_text('body { font: 400 10pt "Source Sans 3" } h1 { font-weight: 600 }')
    return path


def draw(stylesheet: Path, body: str = "<p>Words</p>") -> bytes:
    attached = Attached(name="record.json", description="The record", content=b'{"a":1}', made_at=MADE)
    return draw_pdf(PAGE.format(body=body), stylesheet=stylesheet, attached=attached)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "https://example.org/a.png",
        "data:text/plain,a",
        "ftp://a/b",
    ],
)
def test_no_address_is_fetched(address: str) -> None:
    with pytest.raises(FetchRefused):
        DenyAll({}).fetch(address)


def test_a_document_asks_only_the_fetcher_that_refuses(
    stylesheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    refuse = DenyAll.fetch

    def noted(self: DenyAll, url: str, headers: Any = None) -> Any:
        asked.append(url)
        return refuse(self, url, headers)

    monkeypatch.setattr(DenyAll, "fetch", noted)
    body = """<img src="file:///etc/passwd"><img src="http://127.0.0.1:9/a.png">
    <link rel="stylesheet" href="http://127.0.0.1:9/a.css"><style>@import "file:///etc/hostname";
    p { background: url(http://127.0.0.1:9/b.png) }</style><a rel="attachment" href="file:///etc/passwd">a</a>
    <object data="file:///etc/passwd"></object><p>Words</p>"""
    with pikepdf.open(_file(draw(stylesheet, body))) as document:
        assert list(document.attachments) == ["record.json"]
    assert {url for url in asked if not url.startswith(pdf.FONT_SCHEME)} >= {"file:///etc/passwd"}


def test_title_author_language_tags_and_attachment(stylesheet: Path) -> None:
    with pikepdf.open(_file(draw(stylesheet))) as document:
        assert str(document.docinfo["/Title"]) == "A sheet"
        assert str(document.docinfo["/Author"]) == "Northgate Training"
        assert str(document.Root.Lang) == "en-GB"
        assert bool(document.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in document.Root
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
        held = document.attachments["record.json"].get_file()
        assert json.loads(held.read_bytes()) == {"a": 1}
        assert held.creation_date == MADE
        assert held.mod_date == MADE


def test_only_the_packaged_typeface_is_used(stylesheet: Path) -> None:
    text = printable("Ọlá Łukasz ŵŷ Юлія Ωμέγα \N{PARTY POPPER} 日本 ﬁ ☑ “…”")
    with pikepdf.open(_file(draw(stylesheet, f"<p>{text}</p>"))) as document:
        fonts = {
            str(font.get("/BaseFont")) for page in document.pages for font in page.Resources.Font.values()
        }
    assert fonts
    assert all("Source-Sans-3" in name or "SourceSans3" in name for name in fonts), fonts


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("pay\u202egnp.exe", "paygnp.exe"),
        ("one\u2028two", "one\ntwo"),
        ("a\u00a0b\u2003c", "a\u00a0b c"),
        ("ﬁne", "fine"),
        ("well done \N{CLAPPING HANDS SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", None),
        ("Łukasz Ọlámidé Nguyễn Юлія Ωμέγα ŵŷ", "Łukasz Ọlámidé Nguyễn Юлія Ωμέγα ŵŷ"),
        ("tab\tand\nline", "tab\tand\nline"),
    ],
)
def test_letters_that_cannot_be_printed_lose_no_words(text: str, printed: str | None) -> None:
    if printed is None:
        assert printable(text).startswith("well done [clapping hands sign]")
    else:
        assert printable(text) == printed


def test_same_words_same_bytes_after_another_document_and_in_another_process(stylesheet: Path) -> None:
    first = draw(stylesheet)
    draw(stylesheet, "<p>Quite other words: ŵŷ</p>")
    assert draw(stylesheet) == first
    program = (
        "import sys, hashlib; from pathlib import Path; from tests.lib.test_pdf import draw;"
        "print(hashlib.sha256(draw(Path(sys.argv[1]))).hexdigest())"
    )
    sums = {
        subprocess.run(
            [sys.executable, "-c", program, str(stylesheet)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert sums == {pdf_sum(first)}


def pdf_sum(content: bytes) -> str:
    return f"{hashlib.sha256(content).hexdigest()}\n"


def _file(content: bytes) -> Any:
    return io.BytesIO(content)


def test_long_words_may_be_broken_and_few_letters_are_named() -> None:
    assert printable("m" * 130) == "\u200b".join(["m" * 60, "m" * 60, "m" * 10])
    assert printable("m" * 60) == "m" * 60
    party = printable("\N{PARTY POPPER}" * 201)
    assert (party.count("[party popper]"), party.count("[?]")) == (200, 1)


def test_a_long_word_asks_for_no_other_font_and_takes_no_time(stylesheet: Path) -> None:
    content = draw(stylesheet, f"<p>{printable('m' * 20_000)}</p>")
    with pikepdf.open(_file(content)) as document:
        fonts = {str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()}
    assert all("Source-Sans" in name for name in fonts), fonts
