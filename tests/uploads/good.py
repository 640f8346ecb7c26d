"""Files that must get in, by name: what learners' programs, phones, scanners and recorders write."""

import io
import zipfile
import zlib
from base64 import a85encode
from collections.abc import Callable
from pathlib import Path

from pikepdf import Array, Name, ObjectStreamMode, OutlineItem, StreamDecodeLevel
from PIL import Image

from tests.uploads import office, pdfs, pictures
from tests.uploads.office import word, writer
from tests.uploads.pdfs import pdf

Make = Callable[[], bytes]
SAMPLES = Path(__file__).parent / "samples"
HYPERLINK = ("hyperlink", "https://example.org/a?b=c", True)
TABLE = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Hours</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
PICTURE = ("image", "media/image1.jpeg", False)


def _streamed_word() -> bytes:
    """A Word file as web programs write it: lengths behind each part, since they write without going back."""

    class OneWay(io.RawIOBase):
        def __init__(self) -> None:
            self.content = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            piece = bytes(memoryview(data))  # type: ignore[arg-type]
            self.content += piece
            return len(piece)

    pipe = OneWay()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in office.word_parts().items():
            archive.writestr(name, content)
    return bytes(pipe.content)


def _chart() -> bytes:
    rels = office.relations(("package", "../embeddings/Microsoft_Excel_Sheet.xlsx", False))
    return word(
        word__charts__chart1_dot_xml=f"{office.HEAD}<c/>",
        word__charts___rels__chart1_dot_xml_dot_rels=rels,
        word__embeddings__Microsoft_Excel_Sheet_dot_xlsx=office.workbook(),
    )


def _long_word() -> bytes:
    return word("<w:p><w:r><w:t>The same sentence again and again.</w:t></w:r></w:p>" * 40_000)


def _outline() -> bytes:
    def change(document: object) -> None:
        with document.open_outline() as outline:  # type: ignore[attr-defined]
            outline.root.append(OutlineItem("Session 1", 0))

    return pdf(change, pages=3)


def _open_action() -> bytes:
    return pdf(lambda d: d.Root.__setattr__("OpenAction", Array([d.pages[0].obj, Name.Fit])))


def _in_motion() -> bytes:
    return pictures.phone_jpeg("Google", "Pixel 9") + (SAMPLES / "silent.mp4").read_bytes()


def _sample(name: str) -> Make:
    return (SAMPLES / name).read_bytes


DOCUMENTS: dict[str, Make] = {
    "word.docx": word,
    "word-with-link.docx": lambda: word("", HYPERLINK),
    "word-with-letter-link.docx": lambda: word("", ("hyperlink", "mailto:a@example.org", True)),
    "word-with-table.docx": lambda: word(TABLE),
    "word-with-photo.docx": lambda: word("", PICTURE, word__media__image1_dot_jpeg=pictures.jpeg()),
    "word-with-drawing.docx": lambda: word(word__media__image1_dot_png=pictures.png()),
    "word-with-chart.docx": _chart,
    "word-with-local-template.docx": lambda: word(
        word__settings_dot_xml=f"{office.HEAD}<s/>",
        word___rels__settings_dot_xml_dot_rels=office.relations(
            ("attachedTemplate", "file:///C:\\Users\\Amira\\Templates\\Diary.dotx", True)
        ),
    ),
    "word-with-field.docx": lambda: word(
        "<w:p><w:r><w:instrText> PAGE \\* MERGEFORMAT </w:instrText></w:r></w:p>"
    ),
    "word-with-link-field.docx": lambda: word(
        '<w:p><w:r><w:instrText> HYPERLINK "https://example.org" </w:instrText></w:r></w:p>'
    ),
    "word-with-comments.docx": lambda: word(word__comments_dot_xml=f"{office.HEAD}<c/>"),
    "word-with-custom-xml.docx": lambda: word(customXml__item1_dot_xml=f"{office.HEAD}<c/>"),
    "word-with-font.docx": lambda: word(word__fonts__font1_dot_odttf=b"\x12\x34" * 400),
    "word-streamed.docx": _streamed_word,
    "word-long.docx": _long_word,
    "word-stored.docx": lambda: office.packed(office.word_parts(), method=zipfile.ZIP_STORED),
    "WORD-CAPITALS.DOCX": word,
    "word-welsh-ŵŷ.docx": lambda: word("<w:p><w:r><w:t>Tŷ â dŵr</w:t></w:r></w:p>"),
    "writer.odt": writer,
    "writer-with-link.odt": lambda: writer('<text:a xlink:href="https://example.org">there</text:a>'),
    "writer-with-picture.odt": lambda: writer(
        '<draw:image xlink:href="Pictures/1.png"/>', Pictures__1_dot_png=pictures.png()
    ),
    "writer-with-chart.odt": lambda: writer(
        '<draw:object xlink:href="./Object 1"/>',
        Object_1__content_dot_xml=f"{office.HEAD}<c/>",
        ObjectReplacements__Object_1=pictures.png(),
    ),
    "writer-with-layout.odt": lambda: writer(layout_cache=b"\x01\x02\x03\x04"),
    "writer-with-template.odt": lambda: writer(
        meta_dot_xml=f'{office.HEAD}<office:document-meta xmlns:office="{office.OFFICE}" xmlns:meta='
        f'"{office.META}" xmlns:xlink="{office.XLINK}"><office:meta><meta:template xlink:href='
        '"../../usr/lib/libreoffice/share/template/diary.ott"/></office:meta></office:document-meta>'
    ),
    "text.txt": lambda: b"What I did on Monday.\r\n",
    "text-utf8-mark.txt": lambda: "\ufeffT\u0177 \u2013 caf\u00e9".encode(),
    "text-notepad-utf16.txt": lambda: "What I did \u2013 \u0175".encode("utf-16"),
    "text-windows-1252.txt": lambda: "It cost \u00a35 \u2013 \u201cfair\u201d".encode("cp1252"),
    "text-about-scripts.txt": lambda: b"<script> is how a script begins on a page.",
    "scan.pdf": pdfs.scan,
    "scan-twenty-pages.pdf": lambda: pdfs.scan(20),
    "scan-grey.pdf": lambda: pdfs.scan(2, mode="L"),
    "scan-black-and-white.pdf": lambda: pdfs.scan(2, mode="1"),
    "scan-photographed.pdf": lambda: pdf(pdfs.photograph),
    "text.pdf": lambda: pdfs.written("What I did."),
    "text-with-link.pdf": lambda: pdfs.written("<a href=https://example.org>there</a>"),
    "link.pdf": lambda: pdf(pdfs.link("mailto:a@example.org")),
    "outline.pdf": _outline,
    "opens-at-a-page.pdf": _open_action,
    "web-ready.pdf": lambda: pdf(pages=3, linearize=True),
    "object-streams.pdf": lambda: pdf(pages=3, object_stream_mode=ObjectStreamMode.generate),
    "letters.pdf": lambda: pdf(
        pdfs.stream(a85encode(zlib.compress(b"q Q " * 99)) + b"~>", "ASCII85Decode", "FlateDecode"),
        stream_decode_level=StreamDecodeLevel.none,
        compress_streams=False,
    ),
    "padded.pdf": lambda: pdf() + b"\0\0\r\n",
    "words-in-a-title.pdf": lambda: pdf(
        lambda d: d.docinfo.__setitem__("/Title", "About /JS and /Launch (x)")
    ),
}
PICTURES: dict[str, Make] = {
    "iphone.jpg": lambda: pictures.phone_jpeg("Apple", "iPhone 17 Pro"),
    "samsung.jpg": lambda: (
        pictures.phone_jpeg("samsung", "SM-S936B", orientation=1) + b"\0\0\x01\x0aSEFHdataSEFT"
    ),
    "moving.jpg": _in_motion,
    "two-in-one.jpg": lambda: pictures.phone_jpeg("Google", "Pixel 9") + pictures.jpeg(),
    "camera.JPEG": lambda: pictures.jpeg(progressive=True),
    "grey.jpg": lambda: pictures.jpeg(pictures.picture(mode="L")),
    "print.jpg": lambda: pictures.jpeg(pictures.picture(mode="CMYK")),
    "restarts.jpg": lambda: pictures.jpeg(pictures.picture(640, 480), restart_marker_blocks=4),
    "screenshot.png": pictures.png,
    "screenshot-clear.png": lambda: pictures.png(pictures.picture(mode="RGBA")),
    "whiteboard.png": lambda: pictures.png(Image.new("L", (3000, 2000), 255)),
    "palette.png": lambda: pictures.png(pictures.picture(mode="P")),
    "iphone.heic": pictures.heic,
    "iphone-large.HEIC": lambda: pictures.heic(640, 480, quality=50),
    "burst.heic": lambda: pictures.heic(count=2),
    "samsung.heif": lambda: pictures.heic(quality=30),
}
MEDIA: dict[str, Make] = {path.name: path.read_bytes for path in sorted(SAMPLES.glob("*.*"))}
GOOD: dict[str, Make] = DOCUMENTS | PICTURES | MEDIA
