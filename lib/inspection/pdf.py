"""PDF files: whole, open to everyone, with nothing in them that acts, hides or swells."""

import re
import zlib
from base64 import a85decode
from binascii import a2b_hex
from typing import IO, Any, BinaryIO, cast

import pikepdf
from pikepdf import settings as qpdf

from lib.inspection.decision import active, damaged, external, hidden, locked, swollen
from lib.inspection.drawing import Drawing
from lib.inspection.marks import check_alone, check_test_string

TYPE = "application/pdf"
TAIL = 1024
MOST_OBJECTS = 300_000
MOST_OF_ONE = 64 * 2**20
MOST_OF_A_PICTURE = 400 * 2**20
MOST_OF_ALL = 1024 * 2**20
STEP = 1024 * 1024
STRINGS = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9a-fA-F]*>", re.DOTALL)
SUSPECT = re.compile(
    rb"/(?:S|Subtype|Type)\s*/(Launch|SubmitForm|ImportData|Rendition|Movie|Sound|GoToE|GoToR|RichMedia|"
    rb"RichMediaExecute|Screen|3D|FileAttachment|EmbeddedFile)\b"
    rb"|/(JS|JavaScript|XFA|AA|EF|EmbeddedFiles|Collection|RichMediaContent)\b"
)
ACTIVE = {
    b"XFA": "a form of the older kind",
    b"EmbeddedFile": "another file",
    b"EmbeddedFiles": "another file",
    b"EF": "another file",
    b"FileAttachment": "another file",
    b"Collection": "other files",
    b"Movie": "a film",
    b"Sound": "a sound",
    b"RichMedia": "a film",
    b"RichMediaContent": "a film",
    b"Screen": "a film",
    b"3D": "a model",
    b"Rendition": "a film",
    b"Launch": "the start of a program",
    b"GoToR": "a jump into another file",
    b"GoToE": "a jump into another file",
    b"SubmitForm": "a form that sends itself",
    b"ImportData": "a form that fills itself",
}
HEX_LINKS = re.compile(rb"/URI\s+<([0-9a-fA-F]*)>")
# Names and addresses that stand in an object of their own, where this reader would pass them by.
ELSEWHERE = re.compile(rb"/(S|Subtype|Type|URI|FS)\s+(\d+) (\d+) R\b")
MOST_STEPS = 100
LINKS = re.compile(rb"/URI\s+\(((?:\\.|[^\\()])*)\)", re.DOTALL)
SPACES = b" \t\n\r\f\v\0"
# How packed bytes are written in letters, which some writers still do.
ARMOUR = {
    "/ASCII85Decode": lambda raw: a85decode(raw.partition(b"~")[0], ignorechars=SPACES),
    "/ASCIIHexDecode": lambda raw: a2b_hex(raw.partition(b">")[0].translate(None, SPACES)),
}
EMPTY = re.compile(rb"/(?:AA|EmbeddedFiles|EF|XFA)\s*(?:<<\s*>>|\[\s*\]|null)")

# For the whole process, before any file is opened: what a filter may ask for.
qpdf.set_qpdf_limits(
    flate_max_memory=MOST_OF_A_PICTURE,
    run_length_max_memory=MOST_OF_A_PICTURE,
    png_max_memory=MOST_OF_A_PICTURE,
    tiff_max_memory=MOST_OF_A_PICTURE,
    max_stream_filters=4,
)


def check_pdf(file: IO[bytes]) -> str:
    """Return the type of a PDF. Raises Unfit."""
    _check_ends(file)
    check_alone(file)
    file.seek(0)
    try:
        with pikepdf.open(cast(BinaryIO, file), suppress_warnings=True) as document:
            if document.is_encrypted:
                raise locked("PDF")
            if not len(document.pages):
                raise damaged()
            _check_opening(document.Root.get("/OpenAction"))
            _check_objects(document)
            Drawing().check(document)
    except pikepdf.PasswordError as error:
        raise locked("PDF") from error
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, RuntimeError, TypeError) as error:
        raise damaged() from error
    return TYPE


def _check_ends(file: IO[bytes]) -> None:
    """Refuse what stands before the first bytes of a PDF or behind its last."""
    file.seek(0)
    if not file.read(5).startswith(b"%PDF-"):
        raise hidden()
    size = file.seek(0, 2)
    file.seek(max(size - TAIL, 0))
    _, mark, behind = file.read().rpartition(b"%%EOF")
    if not mark:
        raise damaged()
    if behind.strip(b"\0 \r\n\t\f\x1a"):
        raise hidden()


def _check_objects(document: pikepdf.Pdf) -> None:
    objects = document.objects
    if len(objects) > MOST_OBJECTS:
        raise swollen()
    left = MOST_OF_ALL
    for item in objects:
        if isinstance(item, pikepdf.Stream):
            _check_words(_with_names(document, item.stream_dict))
            left -= _expansion(item, left)
        elif isinstance(item, pikepdf.Dictionary | pikepdf.Array):
            _check_words(_with_names(document, item))


def _check_opening(action: Any, steps: int = MOST_STEPS) -> None:
    """Refuse a page of the web that opens by itself, without anybody following a link. Raises Unfit."""
    if not isinstance(action, pikepdf.Dictionary) or not steps:
        return
    if action.get("/S") == "/URI":
        raise external("a page")
    after = action.get("/Next")
    for row in after if isinstance(after, pikepdf.Array) else [after]:
        _check_opening(row, steps - 1)


def _with_names(document: pikepdf.Pdf, item: Any) -> bytes:
    """Return an object's source, with the names and addresses that it keeps in other objects."""

    def fetched(found: re.Match[bytes]) -> bytes:
        kept = document.get_object(int(found[2]), int(found[3]))
        is_word = isinstance(kept, pikepdf.Name | pikepdf.String)
        return b"/%s %s" % (found[1], kept.unparse(resolved=True)) if is_word else found[0]

    return ELSEWHERE.sub(fetched, item.unparse(resolved=True))


def _check_words(source: bytes) -> None:
    """Refuse an object by the names it uses; what stands in its strings is only text."""
    source = EMPTY.sub(b"", source)
    bare = STRINGS.sub(b"()", source)
    found = SUSPECT.search(bare)
    if found:
        raise active(ACTIVE.get(found[1] or found[2], "a script"))
    if b"/URI" in bare:
        for link in [*LINKS.findall(source), *map(_spelled, HEX_LINKS.findall(source))]:
            if not re.match(rb"\s*(https?|mailto|tel):|[^:]*$", link, re.IGNORECASE):
                raise external("a program or a file behind a link")
    if re.search(rb"/FS\s*/URL\b", bare):
        raise external("a part")


def _expansion(stream: Any, left: int) -> int:
    """Return how many bytes a stream unpacks to, measured without holding them. Raises Unfit."""
    is_picture = stream.get("/Subtype") == "/Image"
    if is_picture and int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > MOST_OF_A_PICTURE:
        raise swollen()
    if "/F" in stream or "/Ref" in stream:
        raise external("a part")
    filters = _filters(stream)
    packed = [name for name in filters if name in {"/FlateDecode", "/Fl", "/LZWDecode", "/RunLengthDecode"}]
    raw = stream.get_raw_stream_buffer()
    check_test_string(bytes(memoryview(raw)[:STEP]))
    if len(packed) > 1:
        raise swollen()
    most = min(MOST_OF_A_PICTURE if is_picture else MOST_OF_ONE, left)
    if filters[:1] == ["/FlateDecode"]:
        return _inflated(raw, most)
    if filters[1:2] == ["/FlateDecode"] and filters[0] in ARMOUR:
        return _inflated(ARMOUR[filters[0]](bytes(memoryview(raw))), most)
    if packed and filters[0] in ARMOUR and filters[1] in ARMOUR:
        raise swollen()
    return 0


def _spelled(digits: bytes) -> bytes:
    """Return the letters of an address that is written in digits, in one byte each or in two."""
    letters = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return letters.removeprefix(b"\xfe\xff").replace(b"\0", b"")


def _filters(stream: Any) -> list[str]:
    named = stream.get("/Filter")
    if named is None:
        return []
    return [str(named)] if isinstance(named, pikepdf.Name) else [str(name) for name in named]


def _inflated(raw: Any, most: int) -> int:
    total, view, inflater = 0, memoryview(raw), zlib.decompressobj()
    for start in range(0, len(view), STEP):
        waiting = bytes(view[start : start + STEP])
        while waiting:
            try:
                piece = inflater.decompress(waiting, STEP)
            except zlib.error:
                # A page that a viewer shows as far as it goes.
                return total
            if not total:
                check_test_string(piece)
            total += len(piece)
            if total > most:
                raise swollen()
            waiting = inflater.unconsumed_tail
    return total
