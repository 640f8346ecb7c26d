"""Packages as Word and LibreOffice write them, part by part, so that one part can be made hostile."""

import io
import zipfile
from collections.abc import Callable, Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
SCRIPT = "urn:oasis:names:tc:opendocument:xmlns:script:1.0"
META = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
XLINK = "http://www.w3.org/1999/xlink"
ODT_TYPE = "application/vnd.oasis.opendocument.text"

Parts = Mapping[str, str | bytes]


def packed(
    parts: Parts, *, stored: frozenset[str] = frozenset(), method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return a ZIP of the parts in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name in stored else method
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 2, 9, 30, 0)), content, how)
    return buffer.getvalue()


def content_types(
    main: str = f"{WORD_TYPE}.document.main+xml", *, extra: str = "", part: str = "word/document.xml"
) -> str:
    """Return the list of types of a package."""
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="jpeg" ContentType="image/jpeg"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/{part}" ContentType="{main}"/>{extra}</Types>'
    )


def relations(*rows: tuple[str, str, bool]) -> str:
    """Return a list of relationships: kind, target and whether it lies outside."""
    lines = ""
    for number, (kind, target, is_outside) in enumerate(rows, 1):
        type_, mode = kind if ":" in kind else f"{R}/{kind}", ' TargetMode="External"' if is_outside else ""
        lines += f'<Relationship Id="rId{number}" Type="{type_}" Target="{target}"{mode}/>'
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{lines}</Relationships>'


def body(inner: str = "<w:p><w:r><w:t>What I did.</w:t></w:r></w:p>") -> str:
    """Return the main part of a Word file."""
    return f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{inner}<w:sectPr/></w:body></w:document>'


def _spelled(name: str) -> str:
    """Return the name of a part as a package spells it, from one that may stand as an argument."""
    spelled = name.replace("__", "/").replace("_dot_", ".").replace("Object_1", "Object 1")
    return spelled.replace("META_INF", "META-INF").replace("layout_cache", "layout-cache")


def word_parts(inner: str = "", *rows: tuple[str, str, bool], **more: str | bytes) -> dict[str, str | bytes]:
    """Return the parts of a Word file; ``more`` adds parts, with / written as __ and . as _dot_."""
    added = {_spelled(name): content for name, content in more.items()}
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relations(("officeDocument", "word/document.xml", False)),
        "word/document.xml": body(inner) if inner else body(),
        "word/_rels/document.xml.rels": relations(("styles", "styles.xml", False), *rows),
        "word/styles.xml": f'{HEAD}<w:styles xmlns:w="{W}"/>',
        **added,
    }


def word(inner: str = "", *rows: tuple[str, str, bool], **more: str | bytes) -> bytes:
    """Return a Word file."""
    return packed(word_parts(inner, *rows, **more))


def workbook(*, macros: bool = False) -> bytes:
    """Return the small workbook that lies behind a chart."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(BOOK_TYPE, part="xl/workbook.xml"),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml", False)),
        "xl/workbook.xml": f"{HEAD}<workbook/>",
    }
    return packed(parts | ({"xl/vbaProject.bin": b"\xd0\xcf"} if macros else {}))


def writer_parts(inner: str = "", **more: str | bytes) -> dict[str, str | bytes]:
    """Return the parts of a LibreOffice text, with some more."""
    added = {_spelled(name): content for name, content in more.items()}
    names = f'xmlns:office="{OFFICE}" xmlns:text="{TEXT}" xmlns:draw="{DRAW}" xmlns:xlink="{XLINK}"'
    paragraph = inner or "<text:p>What I did.</text:p>"
    return {
        "mimetype": ODT_TYPE,
        "Configurations2/accelerator/current.xml": b"",
        "Thumbnails/thumbnail.png": b"\x89PNG\r\n\x1a\n",
        "content.xml": (
            f'{HEAD}<office:document-content {names} xmlns:script="{SCRIPT}"><office:scripts/>'
            f"<office:body><office:text>{paragraph}</office:text></office:body></office:document-content>"
        ),
        "meta.xml": f'{HEAD}<office:document-meta xmlns:office="{OFFICE}"/>',
        "META-INF/manifest.xml": (
            f'{HEAD}<manifest:manifest xmlns:manifest="{MANIFEST}">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT_TYPE}"/>'
            "</manifest:manifest>"
        ),
        **added,
    }


def writer(inner: str = "", **more: str | bytes) -> bytes:
    """Return a LibreOffice text."""
    return packed(writer_parts(inner, **more), stored=frozenset({"mimetype"}))


def raw_zip(change: Callable[[zipfile.ZipFile], None]) -> bytes:
    """Return a Word file with entries added by hand."""
    buffer = io.BytesIO(word())
    with zipfile.ZipFile(buffer, "a") as archive:
        change(archive)
    return buffer.getvalue()
