"""Pictures, sound, film, texts and sizes that must be refused, each with the reason."""

import struct
from collections.abc import Callable

from lib.inspection.marks import TEST_STRING
from tests.uploads.good import SAMPLES
from tests.uploads.hostile_office import ELF, OLE
from tests.uploads.office import packed, word
from tests.uploads.pdfs import pdf
from tests.uploads.pictures import chunk, heic, huge_jpeg, huge_png, jpeg, png

Hostile = dict[str, tuple[Callable[[], bytes], str]]
PAGE = b"<!doctype html><html><script>alert(1)</script></html>"
PROGRAM = b"MZ" + b"\1" * 99
# More padding than any look behind a file takes at once.
FAR = b"\0" * (2**20 + 2**16)
GIF_AND_JAR = b"GIF89a\1\0\1\0\0\0\0;" + packed({"META-INF/MANIFEST.MF": "Main-Class: A", "A.class": "x"})
ABSURD_WAVE = b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff" + b"\0" * 50
RAR, SEVEN = b"Rar!\x1a\x07\x01\x00" + b"\0" * 50, b"7z\xbc\xaf\x27\x1c" + b"\0" * 50


def _sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def _half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def box(kind: bytes, content: bytes) -> bytes:
    """Return one box of an MP4."""
    return struct.pack(">I", len(content) + 8) + kind + content


def _flipped_png() -> bytes:
    content = bytearray(png())
    content[content.index(b"IDAT") + 8] ^= 1
    return bytes(content)


def _huge_heic() -> bytes:
    content = bytearray(heic())
    at = content.index(b"ispe")
    content[at + 8 : at + 16] = struct.pack(">II", 60_000, 60_000)
    return bytes(content)


def _lying_box() -> bytes:
    """Say that the first box inside a film's index is longer than the film."""
    content = _sample("faststart.mp4")
    at = content.index(b"mvhd") - 4
    return content[:at] + struct.pack(">I", 2**31) + content[at + 4 :]


def _reference_film() -> bytes:
    """A film of QuickTime that is only the address of another."""
    address = box(b"rdrf", b"\0\0\0\0url \0\0\0\x14http://evil.example\0")
    track = box(b"trak", box(b"mdia", box(b"hdlr", b"\0" * 8 + b"vide" + b"\0" * 12)))
    index = box(b"moov", box(b"rmra", box(b"rmda", address)) + track)
    return box(b"ftyp", b"qt  \0\0\0\0qt  ") + index + box(b"mdat", b"x")


def _tag_with_a_page() -> bytes:
    """Sound whose title is a page."""
    title = b"TIT2\0\0\0\x40\0\0\3" + PAGE
    return b"ID3\x04\0\0\0\0\1\0" + title.ljust(128, b"\0") + _sample("cbr.mp3")


def _film_from_outside() -> bytes:
    """Unset the flag that says that the sound and the pictures are in the file itself."""
    return _sample("silent.mp4").replace(b"url \0\0\0\x01", b"url \0\0\0\0")


PICTURES: Hostile = {
    "jpeg-with-zip.jpg": (lambda: jpeg() + packed({"a": "b"}), "hidden"),
    "jpeg-with-rar.jpg": (lambda: jpeg() + RAR, "hidden"),
    "jpeg-with-7z.jpg": (lambda: jpeg() + SEVEN, "hidden"),
    "jpeg-with-page.jpg": (lambda: jpeg() + PAGE, "hidden"),
    "jpeg-with-program.jpg": (lambda: jpeg() + b"MZ" + b"\0" * 99, "hidden"),
    "jpeg-with-word.jpg": (lambda: jpeg() + word(), "hidden"),
    "jpeg-with-false-maker-note.jpg": (lambda: jpeg() + PAGE + b"SEFT", "hidden"),
    "jpeg-with-cut-film.jpg": (lambda: jpeg() + _half(_sample("silent.mp4")), "damaged"),
    "jpeg-with-script-note.jpg": (lambda: jpeg(comment=b"<script>alert(1)</script>"), "hidden"),
    "jpeg-cut.jpg": (lambda: _half(jpeg()), "damaged"),
    "jpeg-without-end.jpg": (lambda: jpeg()[:-2], "damaged"),
    "jpeg-head-only.jpg": (lambda: b"\xff\xd8\xff\xe0" + b"\0" * 40, "damaged"),
    "jpeg-bomb.jpg": (lambda: huge_jpeg(60_000, 60_000), "bomb"),
    "jpeg-with-program-far-behind.jpg": (lambda: jpeg() + FAR + PROGRAM, "hidden"),
    "gif-and-jar.gif": (lambda: GIF_AND_JAR, "type"),
    "gif-and-jar-as.jpg": (lambda: GIF_AND_JAR, "type"),
    "png-with-program-far-behind.png": (lambda: png() + FAR + PROGRAM, "hidden"),
    "png-page-in-a-note.png": (lambda: png()[:33] + chunk(b"tEXt", b"a\0" + PAGE) + png()[33:], "hidden"),
    "heic-bomb.heic": (_huge_heic, "bomb"),
    "png-with-zip.png": (lambda: png() + packed({"a": "b"}), "hidden"),
    "png-with-page.png": (lambda: png() + PAGE, "hidden"),
    "png-with-program.png": (lambda: png() + ELF, "hidden"),
    "png-zip-in-a-note.png": (
        lambda: png()[:-12] + chunk(b"tEXt", packed({"a": "b"})) + png()[-12:],
        "hidden",
    ),
    "png-cut.png": (lambda: _half(png()), "damaged"),
    "png-without-end.png": (lambda: png()[:-12], "damaged"),
    "png-flipped.png": (_flipped_png, "damaged"),
    "png-bomb.png": (lambda: huge_png(100_000, 100_000), "bomb"),
    "png-without-size.png": (lambda: huge_png(0, 10), "damaged"),
    "heic-cut.heic": (lambda: _half(heic()), "damaged"),
    "heic-with-page.heic": (lambda: heic() + PAGE, "hidden"),
    "heic-with-zip.heic": (lambda: heic() + packed({"a": "b"}), "hidden"),
    "film-as.heic": (lambda: _sample("silent.mp4"), "damaged"),
    "program-as.jpg": (lambda: b"MZ" + b"\0" * 99, "type"),
    "page-as.png": (lambda: PAGE, "type"),
    "pdf-as.jpg": (pdf, "type"),
    "png-as.jpg": (png, "type"),
    "drawing.svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "type"),
}
MEDIA: Hostile = {
    "film-cut.mp4": (lambda: _half(_sample("faststart.mp4")), "damaged"),
    "film-cut.mov": (lambda: _half(_sample("phone.mov")), "damaged"),
    "sound-cut.m4a": (lambda: _sample("faststart.m4a")[:-40], "damaged"),
    "film-with-zip.mp4": (lambda: _sample("silent.mp4") + packed({"a": "b"}), "hidden"),
    "film-with-zip-in-a-box.mp4": (
        lambda: _sample("silent.mp4") + box(b"free", packed({"a": "b"})),
        "hidden",
    ),
    "film-with-page.mp4": (lambda: _sample("silent.mp4") + PAGE, "damaged"),
    "film-page-in-its-head.mp4": (lambda: box(b"free", PAGE) + _sample("silent.mp4"), "hidden"),
    "film-from-outside.mp4": (_film_from_outside, "external"),
    "film-without-tracks.mp4": (lambda: box(b"ftyp", b"isom\0\0\0\0isom") + box(b"mdat", b"x"), "damaged"),
    "film-that-is-an-address.mov": (_reference_film, "external"),
    "film-cut-in-its-index.mp4": (
        lambda: _sample("faststart.mp4")[: _sample("faststart.mp4").index(b"mvhd") + 40],
        "damaged",
    ),
    "film-box-beyond-its-end.mp4": (_lying_box, "damaged"),
    "film-program-in-a-spare-box.mp4": (lambda: _sample("silent.mp4") + box(b"free", PROGRAM), "hidden"),
    "heic-as.mp4": (heic, "damaged"),
    "webm-cut.webm": (lambda: _half(_sample("both.webm")), "damaged"),
    "webm-with-zip.webm": (lambda: _sample("both.webm") + packed({"a": "b"}), "hidden"),
    "webm-with-page.webm": (lambda: _sample("both.webm") + PAGE, "damaged"),
    "webm-with-attachment.webm": (
        lambda: _sample("live.webm") + b"\x19\x41\xa4\x69\x81\x00",
        "hidden",
    ),
    "matroska-as.webm": (lambda: _sample("both.webm").replace(b"\x84webm", b"\x84mkvx"), "damaged"),
    "sound-cut.mp3": (lambda: _half(_sample("cbr.mp3")), "damaged"),
    "sound-with-zip.mp3": (lambda: _sample("cbr.mp3") + packed({"a": "b"}), "hidden"),
    "sound-with-page.mp3": (lambda: _sample("cbr.mp3") + PAGE, "hidden"),
    "sound-with-program.mp3": (lambda: _sample("cbr.mp3") + ELF, "hidden"),
    "sound-with-program-far-behind.mp3": (lambda: _sample("cbr.mp3") + FAR + PROGRAM, "hidden"),
    "sound-with-page-in-its-tag.mp3": (_tag_with_a_page, "hidden"),
    "sound.wav": (lambda: ABSURD_WAVE, "type"),
    "wave-as.mp3": (lambda: ABSURD_WAVE, "type"),
    "tag-only.mp3": (lambda: b"ID3\x04\0\0\0\0\0\x20" + b"\0" * 32, "damaged"),
    "tag-beyond-the-end.mp3": (lambda: b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + b"\0" * 32, "damaged"),
    "program-as.mp3": (lambda: b"MZ" + b"\0" * 99, "type"),
    "program-as.mp4": (lambda: b"MZ" + b"\0" * 99, "type"),
    "program-as.m4a": (lambda: ELF, "type"),
}
OTHERS: Hostile = {
    "eicar.txt": (lambda: TEST_STRING, "virus"),
    "eicar.zip": (lambda: packed({"eicar.com": TEST_STRING}), "type"),
    "eicar.com": (lambda: TEST_STRING, "type"),
    "eicar-zip-as.docx": (lambda: packed({"eicar.com": TEST_STRING}), "damaged"),
    "eicar-zip-in-zip-as.docx": (lambda: packed({"a.zip": packed({"eicar.com": TEST_STRING})}), "damaged"),
    "empty.pdf": (bytes, "empty"),
    "empty.docx": (bytes, "empty"),
    "empty.txt": (bytes, "empty"),
    "empty.mp4": (bytes, "empty"),
    "one-byte.pdf": (lambda: b"%", "type"),
    "program.exe": (lambda: b"MZ" + b"\0" * 99, "type"),
    "script.js": (lambda: b"alert(1)", "type"),
    "script.sh": (lambda: b"#!/bin/sh\nrm -rf /\n", "type"),
    "page.html": (lambda: PAGE, "type"),
    "shortcut.lnk": (lambda: b"L\0\0\0", "type"),
    "archive.zip": (lambda: packed({"a": "b"}), "type"),
    "archive.rar": (lambda: RAR, "type"),
    "old-word.doc": (lambda: OLE, "type"),
    "no-ending": (pdf, "type"),
    "two-endings.pdf.exe": (pdf, "type"),
    "hidden-ending\u202efdp.exe": (pdf, "type"),
    "zero-byte.pdf\0.exe": (pdf, "type"),
    "page-as.txt": (lambda: PAGE, "type"),
    "page-with-mark-as.txt": (lambda: b"\xef\xbb\xbf  " + PAGE, "type"),
    "script-as.txt": (lambda: b"#!/bin/sh\nrm -rf /\n", "type"),
    "application-as.txt": (lambda: b"<hta:application>", "type"),
    "drawing-as.txt": (lambda: b"<?xml version='1.0'?><svg onload='alert(1)'/>", "type"),
    "rich-text-as.txt": (lambda: b"{\\rtf1 \\object}", "type"),
    "php-as.txt": (lambda: b"<?php system($_GET['a']); ?>", "type"),
    "program-as.txt": (lambda: b"MZ\x90\0" + bytes(range(256)), "type"),
    "zip-as.txt": (lambda: packed({"a": "b"}), "type"),
    "pdf-as.txt": (pdf, "type"),
    "zero-bytes.txt": (lambda: b"text\0text", "type"),
    "escapes.txt": (lambda: b"\x1b]0;title\x07text", "type"),
    "cut-utf16.txt": (lambda: "text".encode("utf-16")[:-1], "type"),
    "rich-text-as.docx": (lambda: b"{\\rtf1 hello}", "type"),
    "page-as.docx": (lambda: PAGE, "type"),
}
