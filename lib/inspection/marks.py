"""The first bytes of what has no place inside a learner's file: programs, archives, pages with scripts."""

import zipfile
from codecs import BOM_UTF8
from typing import IO

from lib.inspection.decision import Unfit, hidden

HEAD = 4096
BLOCK = 1024 * 1024
FOREIGN = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"MSCF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"#!/",
    b"%!PS",
    b"{\\rtf",
)
# What text begins with in an encoding of two bytes, where no text belongs.
WIDE_TEXT = (b"\xff\xfe<\0", b"\xfe\xff\0<")
MARKUP = (b"<script", b"<html", b"<!doctype", b"<?php", b"<iframe", b"<body", b"<svg", b"<hta:")
# The string that the makers of scanners agreed on; in two halves, so that this file does not hold it.
TEST_STRING = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def is_foreign(head: bytes) -> bool:
    """Say whether bytes begin like a program, an archive, an old office file or a page."""
    start = head[:64].removeprefix(BOM_UTF8).lstrip().lower()
    return head.startswith((*FOREIGN, *WIDE_TEXT)) or start.startswith((*MARKUP, b"<?xml"))


def has_markup(head: bytes) -> bool:
    """Say whether the head of a file that is no text would be taken for a page by a guessing browser."""
    small = head[:1024].lower()
    return any(mark in small for mark in MARKUP)


def check_alone(file: IO[bytes]) -> None:
    """Refuse a file that can be unpacked as an archive too, or begins like a page. Raises Unfit."""
    file.seek(0)
    if has_markup(file.read(HEAD)):
        raise hidden("a web page")
    file.seek(0)
    if zipfile.is_zipfile(file):
        raise hidden("an archive")


def only_zeros_follow(file: IO[bytes]) -> bool:
    """Say whether nothing but padding is left of a file, however much of it there is."""
    while block := file.read(BLOCK):
        if block.strip(b"\0"):
            return False
    return True


def check_test_string(head: bytes) -> None:
    """Refuse the scanners' test string by ourselves, so that the refusal can be tried out. Raises Unfit."""
    if TEST_STRING in head:
        raise infected()


def infected() -> Unfit:
    """Return the finding of a file that failed the safety check."""
    return Unfit(
        "virus",
        "this file failed our safety check and cannot be used. Ask your centre if you think this is wrong.",
    )
