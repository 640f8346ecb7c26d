"""Files and texts, served one at a time to those who may see them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django_htmx.http import trigger_client_event

from centres.access import NOT_YOURS, CentreView
from centres.permissions import Permission
from lib.byte_ranges import RangeNotThere, wanted_range
from lib.office_text import WITH_WORDS, NoWords, words_of
from lib.pdf_pages import NoSuchPage, PicturesBusy, page_picture
from lib.pictures import NoPicture, picture_preview
from portfolios.models import Evidence
from portfolios.selectors import readable_evidence
from portfolios.selectors.extent import paged_key
from portfolios.selectors.pane import later_pages

BLOCK = 64 * 1024


class EvidenceView(CentreView):
    """The file itself, or a text as an escaped page."""

    permission = Permission.READ_EVIDENCE

    def get(self, request: HttpRequest, evidence_id: UUID) -> HttpResponseBase:
        rows = readable_evidence(self.by, at=self.at).select_related("registration__learner")
        evidence = self.get_or_404(rows, evidence_id)
        if evidence.kind == Evidence.Kind.TEXT:
            return _sealed_off(render(request, "portfolios/text.html", {"evidence": evidence}), sandbox=False)
        return _sealed_off(_file_answer(request, evidence))


class EvidencePageView(CentreView):
    """One page of a PDF, or of a document that was drawn, as a picture."""

    permission = Permission.READ_EVIDENCE

    def get(self, request: HttpRequest, evidence_id: UUID, page: int) -> HttpResponseBase:
        evidence = self.get_or_404(readable_evidence(self.by, at=self.at), evidence_id)
        try:
            picture = page_picture(paged_key(evidence), page)
        except NoSuchPage as error:
            raise Http404(NOT_YOURS) from error
        except PicturesBusy:
            return HttpResponse(status=503, headers={"Retry-After": "3"})
        return _sealed_off(HttpResponse(picture, content_type="image/png"))


class EvidencePagesView(CentreView):
    """The pictures of the pages from one on, as a page of their own or for the pane that shows the first."""

    permission = Permission.READ_EVIDENCE

    def get(self, request: HttpRequest, evidence_id: UUID) -> HttpResponse:
        rows = readable_evidence(self.by, at=self.at).select_related("registration__learner")
        evidence = self.get_or_404(rows, evidence_id)
        piece = later_pages(evidence, request.GET.get("from", ""))
        if piece.run is None:
            raise Http404(NOT_YOURS)
        if not request.htmx:  # type: ignore[attr-defined]  # set by its middleware
            return render(request, "portfolios/pages.html", {"evidence": evidence, "piece": piece})
        answer = render(request, "portfolios/page_run.html", {"piece": piece})
        first = f"#page-{piece.id}-{piece.run.pages[0].number}"
        return trigger_client_event(answer, "focus-on", {"value": first}, after="settle")


class EvidencePreviewView(CentreView):
    """A picture as it may be shown, or the words of a document on a page of ours."""

    permission = Permission.READ_EVIDENCE

    def get(self, request: HttpRequest, evidence_id: UUID) -> HttpResponseBase:
        rows = readable_evidence(self.by, at=self.at).select_related("registration__learner")
        evidence = self.get_or_404(rows, evidence_id)
        try:
            if evidence.content_type.startswith("image/"):
                picture = picture_preview(evidence.storage_key)
                return _sealed_off(HttpResponse(picture, content_type="image/jpeg"))
            if evidence.content_type in WITH_WORDS and evidence.storage_key:
                return self._words(evidence)
        except (NoPicture, NoWords) as error:
            raise Http404(NOT_YOURS) from error
        raise Http404(NOT_YOURS)

    def _words(self, evidence: Evidence) -> HttpResponseBase:
        words = words_of(evidence.storage_key, evidence.content_type)
        is_part = self.request.htmx  # type: ignore[attr-defined]
        template = "portfolios/words.html" if is_part else "portfolios/text.html"
        context = {"evidence": evidence, "words": words}
        return _sealed_off(render(self.request, template, context), sandbox=False)


def _file_answer(request: HttpRequest, evidence: Evidence) -> HttpResponseBase:
    """Answer the whole file, or the range that a player asked for; every row is read by now."""
    try:
        wanted = wanted_range(
            "" if "If-Range" in request.headers else request.headers.get("Range", ""), evidence.size
        )
    except RangeNotThere:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{evidence.size}"})
    try:
        file = default_storage.open(evidence.storage_key)
    except FileNotFoundError as error:
        raise Http404(NOT_YOURS) from error
    answer: HttpResponseBase
    if wanted is None:
        answer = FileResponse(file)
    else:
        first, last = wanted
        answer = StreamingHttpResponse(_blocks(file, first, last), status=206)
        answer["Content-Length"] = str(last - first + 1)
        answer["Content-Range"] = f"bytes {first}-{last}/{evidence.size}"
    answer["Content-Type"] = evidence.content_type
    answer["Accept-Ranges"] = "bytes"
    # A player and a picture do not ask how; whoever opens the address itself gets a download.
    answer["Content-Disposition"] = content_disposition_header(True, _file_name(evidence)) or "attachment"
    return answer


def _file_name(evidence: Evidence) -> str:
    """Return the name under which a file is downloaded; a page that was kept as evidence has no ending."""
    is_text = evidence.content_type == "text/plain"
    ends = evidence.label.lower().endswith((".txt", ".text", ".md", ".log"))
    return f"{evidence.label}.txt" if is_text and not ends else evidence.label


def _blocks(file: Any, first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block


def _sealed_off(answer: HttpResponseBase, *, sandbox: bool = True) -> HttpResponseBase:
    """Keep a learner's file from acting as a page of ours, and from lying in shared caches."""
    if sandbox:
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
