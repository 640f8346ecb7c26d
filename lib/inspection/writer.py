"""LibreOffice texts (.odt): a package in which nothing acts and nothing is fetched."""

import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import IO

from lib.inspection.archive import opened, read_through
from lib.inspection.decision import Unfit, active, damaged, external, hidden, locked, macros
from lib.inspection.links import is_inside, is_own_disk, is_plain_link
from lib.inspection.marks import check_test_string, is_foreign
from lib.inspection.xml import read_xml

TYPE = "application/vnd.oasis.opendocument.text"
XLINK = "{http://www.w3.org/1999/xlink}href"
XML = {".xml", ".rdf"}
PICTURES = {".jpeg", ".jpg", ".png", ".gif", ".emf", ".wmf", ".tif", ".tiff", ".bmp", ".svm", ".webp"}
FONTS = {".ttf", ".otf"}
NAMELESS = ("ObjectReplacements/",)
SINGLE = {"mimetype", "layout-cache"}
MACRO_FOLDERS = ("basic/", "scripts/", "dialogs/")
ACTING = {"plugin", "applet", "floating-frame", "object-ole", "event-listener", "script", "dde-source"}
DDE = {"dde-connection", "dde-connection-decl", "dde-link"}


def check_writer(file: IO[bytes]) -> str:
    """Return the type of a LibreOffice text. Raises Unfit."""
    with opened(file, "document") as archive:
        entries = archive.infolist()
        first = entries[0]
        if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED or first.file_size > 100:
            raise damaged()
        if archive.read(first) != TYPE.encode():
            raise Unfit("type", "this is not a LibreOffice text. Save it as .odt and choose it again.")
        if not {"content.xml", "META-INF/manifest.xml"} <= {entry.filename for entry in entries}:
            raise damaged()
        for entry in entries[1:]:
            if not entry.is_dir():
                _check_part(archive, entry)
    return TYPE


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    ending = PurePosixPath(name.lower()).suffix
    if name.lower().startswith(MACRO_FOLDERS):
        raise macros()
    if ending in XML and entry.file_size:
        # LibreOffice leaves an empty list of shortcuts in every file.
        read_xml(read_through(archive, entry), _check_element)
        return
    head = b""
    for block in read_through(archive, entry):
        head = head or block
    check_test_string(head)
    if is_foreign(head):
        raise hidden("a program or an archive")
    if not (ending in XML | PICTURES | FONTS or name in SINGLE or name.startswith(NAMELESS)):
        raise hidden("another file")


def _check_element(_namespace: str, name: str, attributes: Mapping[str, str]) -> None:
    if name == "encryption-data":
        raise locked("document")
    if name in DDE:
        raise external("a part of its text")
    if name in ACTING:
        raise macros() if name in {"event-listener", "script"} else active("a program or a control")
    address = attributes.get(XLINK, "")
    if address:
        _check_address(name, address)


def _check_address(name: str, address: str) -> None:
    if name == "a":
        if not is_plain_link(address):
            raise external("a program or a file behind a link")
    elif name == "template":
        if not is_own_disk(address):
            raise external("a template")
    elif not is_inside(address):
        raise external("a picture or a part")
