"""Word files (.docx): a package of parts in which nothing acts and nothing is fetched."""

import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import IO

from lib.inspection.archive import opened, read_through
from lib.inspection.decision import Unfit, active, damaged, external, hidden, macros
from lib.inspection.links import is_inside, is_own_disk, is_plain_link
from lib.inspection.marks import check_test_string, is_foreign
from lib.inspection.xml import read_xml

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN_TYPES = {
    "word/document.xml": f"{TYPE}.main+xml",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
XML = (".xml", ".rels")
PICTURES = {".jpeg", ".jpg", ".png", ".gif", ".emf", ".wmf", ".tif", ".tiff", ".bmp", ".wdp", ".svg", ".ico"}
FONTS = {".odttf", ".fntdata"}
PRINTER = re.compile(r"^word/printersettings[^.]*\.bin$")
BOOK = ".xlsx"
ACTIVE_TYPES = re.compile(
    r"macroenabled|macrosheet|vbaproject|activex|oleobject|application/x-msdownload", re.IGNORECASE
)
ACTIVE_RELATIONS = re.compile(
    r"(vbaproject|macrosheet|oleobject|control|activexcontrolbinary|afchunk|subdocument)$", re.I
)
FIELDS = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE)\b", re.IGNORECASE
)
XLINK = "{http://www.w3.org/1999/xlink}href"
SCRIPTED_PICTURE = {"script", "foreignObject", "iframe"}


def check_word(file: IO[bytes]) -> str:
    """Return the type of a Word file. Raises Unfit."""
    with opened(file, "Word file") as archive:
        _check_package(archive, "word/document.xml", may_hold_books=True)
    return TYPE


def _check_package(archive: zipfile.ZipFile, main: str, *, may_hold_books: bool) -> None:
    names = {entry.filename for entry in archive.infolist()}
    if any("vbaproject" in name.lower() or "vbadata" in name.lower() for name in names):
        raise macros()
    if not {main, "[Content_Types].xml", "_rels/.rels"} <= names:
        raise damaged()
    _Package(main).check(archive, may_hold_books=may_hold_books)


class _Package:
    """Looks at every part once, and remembers what the package says its main part is."""

    def __init__(self, main: str) -> None:
        self._main = main
        self._main_type = ""
        # The code of every field, and the pieces of those that are still open, each inside the one before.
        self._codes: list[str] = []
        self._open: list[list[str]] = [[]]

    def check(self, archive: zipfile.ZipFile, *, may_hold_books: bool) -> None:
        for entry in archive.infolist():
            if not entry.is_dir():
                self._part(archive, entry, may_hold_books=may_hold_books)
        if self._main_type != MAIN_TYPES[self._main]:
            raise Unfit("type", "this is not a Word document. Save it as .docx and choose it again.")
        codes = [*self._codes, *map("".join, self._open)]
        if any(map(FIELDS.search, codes)):
            raise external("a part of its text")

    def _part(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, may_hold_books: bool) -> None:
        name = entry.filename.lower()
        ending = PurePosixPath(name).suffix
        if name.endswith(XML):
            self._read(entry.filename, read_through(archive, entry))
        elif ending == BOOK and may_hold_books and "/embeddings/" in entry.filename:
            # The figures behind a chart.
            with archive.open(entry) as inner, opened(inner, "Word file") as book:
                _check_package(book, "xl/workbook.xml", may_hold_books=False)
        elif ending == ".svg":
            read_xml(read_through(archive, entry), _check_drawing)
        else:
            _check_bytes(archive, entry)
            if ending not in PICTURES | FONTS and not PRINTER.search(name):
                raise hidden("another file")

    def _read(self, name: str, blocks: Iterable[bytes]) -> None:
        if name == "[Content_Types].xml":
            read_xml(blocks, self._content_type)
        elif name.endswith(".rels"):
            read_xml(blocks, _check_relation)
        else:
            read_xml(blocks, self._element, self._text)

    def _content_type(self, _namespace: str, _name: str, attributes: Mapping[str, str]) -> None:
        type_ = attributes.get("ContentType", "")
        if ACTIVE_TYPES.search(type_):
            raise macros() if "macro" in type_.lower() or "vba" in type_.lower() else active("a program")
        if attributes.get("PartName", "").lstrip("/") == self._main:
            self._main_type = type_

    def _element(self, _namespace: str, name: str, attributes: Mapping[str, str]) -> None:
        if name == "fldSimple":
            self._codes += [value for key, value in attributes.items() if key.endswith("instr")]
        if name == "fldChar":
            self._edge_of_field({value for key, value in attributes.items() if key.endswith("fldCharType")})
        if name in {"altChunk", "OLEObject", "control"}:
            raise active("another file or a control")

    def _text(self, name: str, text: str) -> None:
        if name == "instrText":
            self._open[-1].append(text)

    def _edge_of_field(self, kinds: set[str]) -> None:
        if "begin" in kinds:
            self._open.append([])
        elif "end" in kinds and len(self._open) > 1:
            self._codes.append("".join(self._open.pop()))


def _check_relation(_namespace: str, name: str, attributes: Mapping[str, str]) -> None:
    if name != "Relationship":
        return
    kind, target = attributes.get("Type", ""), attributes.get("Target", "")
    if ACTIVE_RELATIONS.search(kind):
        raise active("another file or a program")
    if attributes.get("TargetMode", "Internal").lower() != "external":
        if not is_inside(target.replace("../", "")):
            raise external("a part")
    elif kind.endswith("/hyperlink"):
        if not is_plain_link(target):
            raise external("a program or a file behind a link")
    elif not (kind.endswith("/attachedTemplate") and is_own_disk(target)):
        raise external("a picture or a template")


def _check_drawing(_namespace: str, name: str, attributes: Mapping[str, str]) -> None:
    if name in SCRIPTED_PICTURE or any(key.lower().startswith("on") for key in attributes):
        raise active("a script in a picture")
    address = attributes.get(XLINK) or attributes.get("href") or "#"
    if not (is_plain_link(address) if name == "a" else address.startswith(("#", "data:image/"))):
        raise external("a part of a picture")


def _check_bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read a part to its end, and refuse one that begins like a program or an archive."""
    head = b""
    for block in read_through(archive, entry):
        head = head or block
    check_test_string(head)
    if is_foreign(head):
        raise hidden("a program or an archive")
