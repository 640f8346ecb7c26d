"""PDFs that act, hide, fetch, swell, are locked or are cut, each with the reason for which it is refused."""

import zlib
from base64 import a85encode
from collections.abc import Callable
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from lib.inspection.marks import TEST_STRING
from tests.uploads.office import packed, word
from tests.uploads.pdfs import Change, action, annotation, attached, link, pdf, root, scan, stream

Hostile = dict[str, tuple[Callable[[], bytes], str]]
ZEROS = zlib.compress(b"\0" * 100_000_000, 9)


def _script() -> Dictionary:
    return action("JavaScript", JS=String("app.alert(1)"))


def _with(*changes: Change) -> Callable[[], bytes]:
    # Made once: an object that went into one document cannot go into a second.
    return cache(lambda: pdf(*changes))


def _page_action(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=_script())


def _locked(user: str = "", owner: str = "", **how: object) -> Callable[[], bytes]:
    return lambda: pdf(encryption=pikepdf.Encryption(user=user, owner=owner, **how))  # type: ignore[arg-type]


def _raw(catalogue: bytes, *more: bytes) -> Callable[[], bytes]:
    """A PDF by hand, for what a library would not write; ``more`` are objects 4 and up."""

    def make() -> bytes:
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R " + catalogue + b" >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>",
            *more,
        ]
        content, places = b"%PDF-1.7\n", []
        for number, source in enumerate(objects, 1):
            places.append(len(content))
            content += b"%d 0 obj\n%s\nendobj\n" % (number, source)
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        size = len(objects) + 1
        end = b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(content))
        return content + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end

    return make


def _armoured(content: bytes, name: bytes) -> bytes:
    """An object whose packed content is written in letters."""
    filters = b"/Filter [/%s /FlateDecode]" % name
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (filters, len(content), content)


def _forms_in_forms(document: pikepdf.Pdf) -> None:
    """Draw a form ten times that draws a form ten times, eight deep."""
    form: pikepdf.Object | None = None
    for _ in range(8):
        row = pikepdf.Stream(document, b"/X Do\n" * 10 if form is not None else b"0 0 m 9 9 l S\n" * 20)
        row.Type, row.Subtype, row.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
        row.Resources = Dictionary(XObject=Dictionary(X=form)) if form is not None else Dictionary()
        form = document.make_indirect(row)
    page = document.pages[0]
    page.Resources, page.Contents = Dictionary(XObject=Dictionary(X=form)), pikepdf.Stream(document, b"/X Do")


PDF: Hostile = {
    "opens-with-script.pdf": (_with(root(OpenAction=_script())), "active"),
    "script-by-name.pdf": (
        _with(root(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), _script()]))))),
        "active",
    ),
    "script-in-disguise.pdf": (_raw(b"/OpenAction << /S /J#61vaScript /J#53 (app.alert(1)) >>"), "active"),
    "script-on-a-page.pdf": (_with(_page_action), "active"),
    "script-behind-a-link.pdf": (_with(annotation("Link", A=_script())), "active"),
    "script-in-object-stream.pdf": (
        lambda: pdf(
            root(OpenAction=lambda d: d.make_indirect(_script())),
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        ),
        "active",
    ),
    "launch.pdf": (_with(root(OpenAction=action("Launch", F=String("cmd.exe")))), "active"),
    "launch-named-elsewhere.pdf": (
        _raw(b"/OpenAction << /S 4 0 R /F (cmd.exe) >>", b"/Launch"),
        "active",
    ),
    "submit-form.pdf": (
        _with(annotation("Link", A=action("SubmitForm", F=String("http://e.example")))),
        "active",
    ),
    "import-data.pdf": (_with(root(OpenAction=action("ImportData", F=String("a.fdf")))), "active"),
    "remote-jump.pdf": (_with(root(OpenAction=action("GoToR", F=String("\\\\evil\\a.pdf")))), "active"),
    "jump-inside.pdf": (_with(root(OpenAction=action("GoToE", F=String("a.pdf")))), "active"),
    "attachment.pdf": (_with(attached("a.txt", b"hello")), "active"),
    "attached-program.pdf": (_with(attached("a.exe", b"MZ" + b"\0" * 90)), "active"),
    "attached-word.pdf": (_with(attached("a.docx", word())), "active"),
    "attachment-note.pdf": (_with(annotation("FileAttachment")), "active"),
    "portfolio.pdf": (_with(root(Collection=Dictionary(View=Name.D))), "active"),
    "xfa.pdf": (_with(root(AcroForm=Dictionary(XFA=Array([String("a"), String("b")])))), "active"),
    "rich-media.pdf": (_with(annotation("RichMedia")), "active"),
    "film.pdf": (_with(annotation("Screen", A=action("Rendition"))), "active"),
    "model.pdf": (_with(annotation("3D")), "active"),
    "program-link.pdf": (_with(link("file:///C:/Windows/cmd.exe")), "external"),
    "script-link.pdf": (_with(link("javascript:alert(1)")), "external"),
    "script-link-elsewhere.pdf": (
        _raw(b"/Extra << /S /URI /URI 4 0 R >>", b"(javascript:alert\\(1\\))"),
        "external",
    ),
    "script-link-in-digits.pdf": (
        _raw(b"/Extra << /S /URI /URI <FEFF%s> >>" % "javascript:a".encode("utf-16-be").hex().encode()),
        "external",
    ),
    "opens-the-web.pdf": (
        _with(root(OpenAction=action("URI", URI=String("https://evil.example")))),
        "external",
    ),
    "opens-the-web-later.pdf": (
        _with(
            root(OpenAction=action("GoTo", Next=Array([action("URI", URI=String("https://evil.example"))])))
        ),
        "external",
    ),
    "page-of-another-file.pdf": (
        _with(stream(b"x", Subtype=Name.Form, Ref=Dictionary(F=String("a.pdf"), Page=0))),
        "external",
    ),
    "stream-from-outside.pdf": (_with(stream(b"x", F=String("http://evil.example/a"))), "external"),
    "url-file.pdf": (
        _with(root(Extra=Dictionary(Type=Name.Filespec, FS=Name.URL, F=String("http://evil.example")))),
        "external",
    ),
    "password.pdf": (_locked("secret", "secret"), "locked"),
    "password-owner-only.pdf": (_locked(owner="secret"), "locked"),
    "password-old-kind.pdf": (_locked("secret", "secret", R=4, aes=False, metadata=False), "locked"),
    **{
        f"password-owner-only-kind-{kind}.pdf": (
            _locked(owner="secret", R=kind, aes=False, metadata=False),
            "locked",
        )
        for kind in (2, 3, 4)
    },
    "bomb-in-letters.pdf": (
        _raw(b"/Extra 4 0 R", _armoured(a85encode(ZEROS) + b"~>", b"ASCII85Decode")),
        "bomb",
    ),
    "bomb-in-digits.pdf": (
        _raw(b"/Extra 4 0 R", _armoured(ZEROS.hex().encode() + b">", b"ASCIIHexDecode")),
        "bomb",
    ),
    "bomb-in-letters-in-digits.pdf": (
        _raw(b"/Extra 4 0 R", _armoured(b"00>", b"ASCIIHexDecode /ASCII85Decode")),
        "bomb",
    ),
    "bomb.pdf": (_with(stream(ZEROS, "FlateDecode")), "bomb"),
    "bomb-twice-packed.pdf": (_with(stream(zlib.compress(ZEROS), "FlateDecode", "FlateDecode")), "bomb"),
    "bomb-forms-in-forms.pdf": (_with(_forms_in_forms), "bomb"),
    "bomb-picture.pdf": (
        _with(stream(b"x", "DCTDecode", Subtype=Name.Image, Width=60_000, Height=60_000)),
        "bomb",
    ),
    "eicar-in-a-stream.pdf": (_with(stream(TEST_STRING)), "virus"),
    "cut-in-half.pdf": (lambda: scan(3)[: len(scan(3)) // 2], "damaged"),
    "cut-at-the-end.pdf": (lambda: pdf()[:-12], "damaged"),
    "cut-web-ready.pdf": (lambda: pdf(pages=9, linearize=True)[:-200], "damaged"),
    "only-a-head.pdf": (lambda: b"%PDF-1.7\nnothing", "damaged"),
    "only-both-ends.pdf": (lambda: b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF\n", "damaged"),
    "no-pages.pdf": (lambda: pdf(pages=0), "damaged"),
    "leading-junk.pdf": (lambda: b"\n\n#junk\n" + pdf(), "type"),
    "with-zip-behind.pdf": (lambda: pdf() + packed({"a": "b"}), "hidden"),
    "with-page-behind.pdf": (lambda: pdf() + b"<html><script>alert(1)</script></html>", "hidden"),
    "with-zip-and-end.pdf": (lambda: pdf() + packed({"a": "b"}) + b"%%EOF", "hidden"),
    "page-in-its-head.pdf": (lambda: b"%PDF-1.7\n%<script>alert(1)</script>\n" + pdf()[9:], "hidden"),
    "program-as.pdf": (lambda: b"MZ" + b"\0" * 99, "type"),
    "picture-as.pdf": (lambda: b"\x89PNG\r\n\x1a\n", "type"),
}
