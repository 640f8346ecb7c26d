"""Result sheets: the list, one sheet with pictures of its pages, and its files."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django_htmx.http import HTMX_STOP_POLLING

from centres.access import NOT_YOURS, CentreView
from centres.permissions import Permission, allows
from lib.pdf_pages import NoSuchPage, PageRun, PicturesBusy, page_count, page_picture, page_run
from marking.actions import retry_sheet
from marking.models import ResultSheet
from marking.selectors.printed import printed_sheet
from marking.selectors.sheets import (
    OUTCOMES,
    SheetFilter,
    found_sheets,
    record_of,
    sheet_choices,
    sheet_file,
    sheet_filename,
    units_in_short,
    visible_sheets,
)
from portfolios.selectors.programme import has_access_arrangement

SIZES = {"25": 25, "50": 50, "100": 100}
DAYS = {"released_from": ("Released from", "#filter-from"), "released_to": ("Released to", "#filter-to")}


class SheetPage(CentreView):
    """A page of one sheet, for those who may see it; for others it does not exist."""

    permission = Permission.READ_SHEET

    def sheet(self, sheet_id: UUID) -> ResultSheet:
        """Return the sheet when this person may see it. Raises Http404."""
        rows = visible_sheets(self.by, self.roles, at=self.at)
        found: ResultSheet = self.get_or_404(rows, sheet_id)
        return found


class SheetsView(CentreView):
    """The sheets that a person may see, found and sorted by the address."""

    permission = Permission.READ_SHEET

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = SheetFilter.read(request.GET)
        visible = visible_sheets(self.by, self.roles, at=self.at)
        found = found_sheets(visible, wanted)
        size = SIZES.get(request.GET.get("size", ""), 25)
        page = Paginator(found, size).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "rows": [(sheet, units_in_short(record_of(sheet))) for sheet in page.object_list],
            "wanted": wanted,
            "choices": sheet_choices(visible),
            "outcomes": OUTCOMES.items(),
            "sort": wanted.sort,
            "chips": _chips(request, wanted),
            "may_export": allows(self.roles, Permission.EXPORT_SHEETS),
            "unread": dict(wanted.unread),
            "errors": [
                {"text": f"{DAYS[name][0]}: {why}", "url": DAYS[name][1]} for name, why in wanted.unread
            ],
        }
        context["has_errors"] = bool(context["errors"])
        return render(request, "marking/sheets.html", context, status=422 if wanted.unread else 200)


class SheetView(SheetPage):
    """One sheet; while it is being made the page asks again every two seconds."""

    def get(self, request: HttpRequest, sheet_id: UUID) -> HttpResponse:
        sheet = self.sheet(sheet_id)
        is_made = sheet.state == ResultSheet.State.READY
        context = {
            "sheet": sheet,
            "shown": printed_sheet(sheet.record, record_sha256=sheet.record_sha256),
            "run": _pages(sheet, request.GET.get("from", "")) if is_made else None,
            "is_arranged": self._is_arranged(sheet),
        }
        if self.is_part:
            status = 200 if sheet.state == ResultSheet.State.PENDING else HTMX_STOP_POLLING
            return render(request, "marking/sheet_state.html", context, status=status)
        return render(request, "marking/sheet.html", context)

    def post(self, request: HttpRequest, sheet_id: UUID) -> HttpResponse:
        sheet = self.sheet(sheet_id)
        retry_sheet(sheet=sheet, by=self.by, at=self.at)
        return redirect("marking:sheet", slug=self.centre.slug, sheet_id=sheet.pk)

    def _is_arranged(self, sheet: ResultSheet) -> bool:
        """Say to staff whether an access arrangement was in place; learners know it themselves."""
        is_own = sheet.submission.registration.learner.membership_id == self.by.pk
        return not is_own and has_access_arrangement(sheet.submission)


class SheetPdfView(SheetPage):
    """The PDF, to keep; with ``inline=1`` in the browser, where it can do nothing."""

    def get(self, request: HttpRequest, sheet_id: UUID) -> HttpResponseBase:
        sheet = self.sheet(sheet_id)
        if sheet.state != ResultSheet.State.READY:
            raise Http404(NOT_YOURS)
        try:
            content = sheet_file(sheet)
        except OSError as error:
            raise Http404(NOT_YOURS) from error
        answer = HttpResponse(content, content_type="application/pdf")
        name = sheet_filename(record_of(sheet))
        return _kept_private(answer, name, is_attachment=request.GET.get("inline") != "1")


class SheetPictureView(SheetPage):
    """One page of the PDF as a picture."""

    def get(self, request: HttpRequest, sheet_id: UUID, page: int) -> HttpResponseBase:
        sheet = self.sheet(sheet_id)
        if sheet.state != ResultSheet.State.READY:
            raise Http404(NOT_YOURS)
        try:
            picture = page_picture(sheet.storage_key, page)
        except NoSuchPage as error:
            raise Http404(NOT_YOURS) from error
        except PicturesBusy:
            return HttpResponse(status=503, headers={"Retry-After": "3"})
        answer = HttpResponse(picture, content_type="image/png")
        return _kept_private(answer, f"page {page}.png", is_attachment=False)


class SheetRecordView(SheetPage):
    """The record that the sheet is drawn from, for machines."""

    def get(self, request: HttpRequest, sheet_id: UUID) -> HttpResponseBase:
        sheet = self.sheet(sheet_id)
        answer = HttpResponse(sheet.record, content_type="application/json")
        name = sheet_filename(record_of(sheet)).removesuffix(".pdf") + ".json"
        return _kept_private(answer, name, is_attachment=True)


def _pages(sheet: ResultSheet, first: str) -> PageRun:
    wanted = int(first) if first.isdecimal() and len(first) < 7 else 1
    return page_run(sheet.storage_key, page_count(sheet.storage_key), first=wanted)


def _kept_private(answer: Any, name: str, *, is_attachment: bool) -> HttpResponseBase:
    answer["Content-Disposition"] = content_disposition_header(is_attachment, name) or "attachment"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer  # type: ignore[no-any-return]  # either of two kinds of response


def _chips(request: HttpRequest, wanted: SheetFilter) -> list[dict[str, str]]:
    """Return the filters that are set, each with the address without it."""
    words = {
        "learner": "Learner",
        "cohort": "Cohort",
        "qualification": "Qualification",
        "outcome": "Outcome",
        "released_from": "Released from",
        "released_to": "Released to",
    }
    chips = []
    for name, value in wanted.values:
        rest = {key: text for key, text in request.GET.items() if key not in (name, "page")}
        shown = OUTCOMES.get(value, value)
        chips.append({"label": f"{words[name]}: {shown}", "url": f"?{urlencode(rest)}"})
    return chips
