"""ZIP containers, bounded and laid out as one honest writer lays them out."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from lib.inspection.decision import Unfit, damaged, hidden, locked, swollen

MOST_ENTRIES = 5000
MOST_BYTES = 400 * 2**20
FREE_BYTES = 16 * 2**20
MOST_RATIO = 250
MOST_DIRECTORY = 2**20
LOCAL_HEADER = 30
END = struct.Struct("<4s4x2xH2L2x")
END_64 = struct.Struct("<4s28xQQ8x")
LOCATOR_64 = struct.Struct("<4s4xQ4x")
DESCRIPTOR = 24
LONGEST_COMMENT = 2**16
BLOCK = 1024 * 1024
ENCRYPTED = 0x1
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    ValueError,
    OSError,
    RuntimeError,
)


@contextmanager
def opened(file: IO[bytes], thing: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose list of contents was checked. Raises Unfit."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        raise damaged()
    _check_end(file)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive, thing)
            _check_layout(archive, file)
            yield archive
    except BROKEN as error:
        raise damaged() from error


def read_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield an entry in blocks, so that its checksum is made and nothing is held. Raises Unfit."""
    with archive.open(entry) as stream:
        while block := stream.read(BLOCK):
            yield block


def _check_end(file: IO[bytes]) -> None:
    """Refuse a list of contents that is too long, before it is read: a small file can hold a million entries.

    What counts is its size, since it is read by that and not by the number that it gives. Raises Unfit.
    """
    size = file.seek(0, 2)
    file.seek(max(size - END.size - LOCATOR_64.size - END_64.size, 0))
    tail = file.read()
    if len(tail) < END.size or not tail[-END.size :].startswith(b"PK\x05\x06"):
        raise _ends_otherwise(file, size)
    _, entries, directory, _ = END.unpack(tail[-END.size :])
    if tail[-END.size - LOCATOR_64.size :].startswith(b"PK\x06\x07"):
        longer, locator = tail[: END_64.size], tail[END_64.size : -END.size]
        if not longer.startswith(b"PK\x06\x06") or LOCATOR_64.unpack(locator)[1] != size - len(tail):
            raise damaged()
        _, entries, directory = END_64.unpack(longer)
    if entries > MOST_ENTRIES or directory > MOST_DIRECTORY:
        raise swollen()


def _ends_otherwise(file: IO[bytes], size: int) -> Unfit:
    """Return the reason against an archive that something follows, or that has no end."""
    file.seek(max(size - LONGEST_COMMENT - END.size, 0))
    return hidden() if b"PK\x05\x06" in file.read() else damaged()


def _check_entries(archive: zipfile.ZipFile, thing: str) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise swollen()
    if archive.comment:
        raise hidden()
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) != len(names):
        raise hidden("two files of one name")
    for entry in entries:
        _check_entry(entry, thing)


def _check_entry(entry: zipfile.ZipInfo, thing: str) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise locked(thing)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged()
    if not _is_plain_path(entry) or stat.S_ISLNK(entry.external_attr >> 16):
        raise Unfit(
            "path", "this file has a path in it that leads outside. Save it again and choose it again."
        )
    if entry.file_size > FREE_BYTES and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        raise swollen()


def _is_plain_path(entry: zipfile.ZipInfo) -> bool:
    # What the archive itself says, since zipfile turns a backslash round and cuts at a zero byte.
    name = entry.orig_filename
    parts = name.removesuffix("/").split("/")
    return "\\" not in name and ":" not in name and name.isprintable() and not {"", ".", ".."} & set(parts)


def _check_layout(archive: zipfile.ZipFile, file: IO[bytes]) -> None:
    """Refuse entries that overlap, and bytes that belong to none: each is a way to hide a second file."""
    free_from = 0
    for entry in sorted(archive.infolist(), key=lambda row: row.header_offset):
        if entry.header_offset != free_from and not 0 < entry.header_offset - free_from <= DESCRIPTOR:
            raise hidden()
        file.seek(entry.header_offset)
        header = file.read(LOCAL_HEADER)
        if len(header) < LOCAL_HEADER:
            raise damaged()
        if int.from_bytes(header[6:8], "little") & ENCRYPTED:
            raise locked("file")
        lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        free_from = entry.header_offset + LOCAL_HEADER + lengths + entry.compress_size
    if archive.start_dir < free_from or archive.start_dir - free_from > DESCRIPTOR:
        raise hidden()
