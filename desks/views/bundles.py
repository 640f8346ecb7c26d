"""ZIP files of result sheets: asking for one, watching it being made, fetching it."""

from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django_htmx.http import HTMX_STOP_POLLING

from centres.access import NOT_YOURS, CentreView
from centres.actions.export import request_export, retry_export
from centres.models import Export
from centres.permissions import Permission
from desks.selectors.bundles import ExportOnPage, export_on_page, exports_of_sheets
from lib.bundle import safe_name
from marking.selectors.sheets import SheetFilter, found_sheets, visible_sheets


class ExportCohortView(CentreView):
    """Asks for a ZIP of the ticked sheets, or of all that match the filters; a cohort is one of them."""

    permission = Permission.EXPORT_SHEETS

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = SheetFilter.read(request.POST)
        rows = visible_sheets(self.by, self.roles, at=self.at)
        if request.POST.get("what") == "chosen":
            rows = rows.filter(pk__in=_ids(request.POST.getlist("sheet")))
            wanted = SheetFilter(sort="learner")
        found = found_sheets(rows, wanted).values_list("pk", flat=True)
        export = request_export(
            kind="RESULT_SHEETS",
            title=f"Result sheets, {wanted.cohort or self.centre.name}",
            object_ids=list(found),
            by=self.by,
            at=self.at,
        )
        return redirect("desks:export", slug=self.centre.slug, export_id=export.pk)


class ExportsView(CentreView):
    """The ZIP files that were asked for, newest first."""

    permission = Permission.EXPORT_SHEETS

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(exports_of_sheets(), 25).get_page(request.GET.get("page"))
        rows = [export_on_page(export, at=self.at) for export in page.object_list]
        return render(request, "desks/exports.html", {"page": page, "rows": rows})


class ExportPage(CentreView):
    """A page of one export of the centre."""

    permission = Permission.EXPORT_SHEETS

    def shown(self, export_id: UUID) -> ExportOnPage:
        """Return the export. Raises Http404."""
        return export_on_page(self.get_or_404(exports_of_sheets(), export_id), at=self.at)


class ExportView(ExportPage):
    """How far a ZIP is; while it is being made the page asks again every two seconds."""

    def get(self, request: HttpRequest, export_id: UUID) -> HttpResponse:
        shown = self.shown(export_id)
        context: dict[str, Any] = {"shown": shown, "export": shown.export}
        if self.is_part:
            status = 200 if shown.is_running else HTMX_STOP_POLLING
            return render(request, "desks/export_job.html", context, status=status)
        return render(request, "desks/export.html", context)

    def post(self, request: HttpRequest, export_id: UUID) -> HttpResponse:
        export = self.shown(export_id).export
        retry_export(export=export, by=self.by, at=self.at)
        return redirect("desks:export", slug=self.centre.slug, export_id=export.pk)


class ExportFileView(ExportPage):
    """The ZIP itself, for the week in which it is kept."""

    def get(self, request: HttpRequest, export_id: UUID) -> HttpResponseBase:
        shown = self.shown(export_id)
        if not shown.is_ready:
            raise Http404(NOT_YOURS)
        export: Export = shown.export
        try:
            file = default_storage.open(export.storage_key)
        except FileNotFoundError as error:
            raise Http404(NOT_YOURS) from error
        answer = FileResponse(file, content_type="application/zip")
        name = safe_name(f"{export.title} {export.requested_at:%Y-%m-%d}", ".zip")
        answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        answer["Cache-Control"] = "private, no-store"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


def _ids(sent: list[str]) -> list[UUID]:
    """Return what of the sent texts are ids; others choose nothing."""
    ids = []
    for text in sent:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids
