"""Records: a copy begun, written as one types, read as it was before, deleted and brought back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from centres.access import NOT_YOURS
from lib.refusals import Refusal
from portfolios.actions import begin_record, remove_record, restore_record, save_record
from portfolios.actions.record import BoxRefused, RecordChanged
from portfolios.models import Record, RecordRevision
from portfolios.rules import text_in
from portfolios.selectors.forms import Form, Forms
from portfolios.selectors.frozen import signature_inside
from portfolios.selectors.guests import asked_of
from portfolios.selectors.records import Sheet, Typed, own_records, revisions_of, sheet_of
from portfolios.selectors.submitted import submitted_with
from portfolios.views.unit import UnitRoom
from qualifications.models import Unit


class RecordRoom(UnitRoom):
    """A page about a learner's own record."""

    def own_record(self, record_id: UUID) -> tuple[Record, Unit, Form]:
        """Return a record with its unit and its form. Raises Http404 for everybody else's."""
        record: Record = self.get_or_404(own_records(self.by), record_id)
        _, unit = self.own_unit(record.registration_id, record.unit_ref)
        form = Forms([record.unit_ref]).of_record(record)
        if form is None:
            raise Http404(NOT_YOURS)
        return record, unit, form

    def sheet(self, record: Record, form: Form, unit: Unit, typed: Typed | None = None) -> Sheet:
        """Return a record as it is filled in, with what others are asked and said of it."""
        asked = asked_of([record], {record.pk: form}, at=self.at)[record.pk]
        return sheet_of(record, form, unit=unit, asked=asked, typed=typed)

    def address(self, name: str, record: Record) -> str:
        """Return the address of a page about a record."""
        kwargs = {"slug": self.centre.slug, "record_id": record.pk}
        return reverse(f"portfolios:{name}", kwargs=kwargs)

    def home_of(self, record: Record) -> str:
        """Return the page on which a record is written: its session's, or its own."""
        slug = self.centre.slug
        if record.session_id:
            kwargs = {"slug": slug, "session_id": record.session_id}
            return f"{reverse('portfolios:session', kwargs=kwargs)}#record-{record.pk}"
        if record.supervision_id:
            kwargs = {"slug": slug, "supervision_id": record.supervision_id}
            return f"{reverse('portfolios:supervision', kwargs=kwargs)}#record-{record.pk}"
        return self.address("record", record)

    def page(self, sheet: Sheet, unit: Unit, *, status: int = 200) -> HttpResponse:
        """Answer the record's own page."""
        record = sheet.record
        context = {
            "sheet": sheet,
            "record": record,
            "unit": unit,
            "registration": record.registration,
            "errors": sheet.errors,
            "has_errors": bool(sheet.errors),
            "submitted": submitted_with(record.registration, unit),
            "is_about_one": bool(record.session_id or record.supervision_id),
            "inside": signature_inside(record),
        }
        return render(self.request, "portfolios/record.html", context, status=status)


class BeginRecordView(RecordRoom):
    """Begins a copy of a form, or opens the one there is."""

    def post(
        self, request: HttpRequest, registration_id: UUID, unit_ref: str, template_key: str, part: str
    ) -> HttpResponse:
        registration, unit = self.own_unit(registration_id, unit_ref)
        found = [
            form
            for form in Forms([unit.ref]).offered(unit.ref)
            if (form.key, form.part.key) == (template_key, part)
        ]
        if not found:
            raise Http404(NOT_YOURS)
        record = begin_record(
            registration=registration, unit_ref=unit.ref, form=found[0], by=self.by, at=self.at
        )
        return redirect(self.address("record", record))


class RecordView(RecordRoom):
    """One record; a post saves it, as it is typed or by its button."""

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        record, unit, form = self.own_record(record_id)
        return self.page(self.sheet(record, form, unit), unit)

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        record, unit, form = self.own_record(record_id)
        values = typed_boxes(request, form)
        choice = request.POST.get("resolve", "")
        if choice == "theirs":
            return redirect(self.home_of(record))
        if choice == "together":
            typed = Typed(_together(values, record, form))
            return self.page(self.sheet(record, form, unit, typed), unit)
        try:
            saved = save_record(
                record=record,
                part=form.part,
                typed=values,
                version=_version(request),
                by=self.by,
                at=self.at,
            )
        except RecordChanged as changed:
            return self._stale(changed.record, form, unit, values)
        except BoxRefused as refused:
            return self._refused(record, form, unit, Typed(values, faults=refused.faults))
        except Refusal as refusal:
            return self._refused(record, form, unit, Typed(values, message=refusal.message))
        if not request.htmx:  # type: ignore[attr-defined]
            messages.success(request, f"Saved {localtime(self.at):%H:%M}")
            return redirect(self.home_of(record))
        record.answers, record.version, record.saved_at = saved.answers, saved.version, saved.saved_at
        return self._part(self.sheet(record, form, unit), status=200)

    def _stale(self, stored: Record, form: Form, unit: Unit, values: dict[str, str]) -> HttpResponse:
        """Show both texts of every box in which the two tabs differ."""
        theirs = {
            box.key: text_in(box, stored.answers)
            for box in form.part.asked
            if text_in(box, stored.answers) != values.get(box.key, "")
        }
        stored = self.get_or_404(own_records(self.by), stored.pk)
        return self._refused(stored, form, unit, Typed(values, theirs=theirs), status=409)

    def _refused(
        self, record: Record, form: Form, unit: Unit, typed: Typed, *, status: int = 422
    ) -> HttpResponse:
        sheet = self.sheet(record, form, unit, typed)
        if self.request.htmx:  # type: ignore[attr-defined]
            return self._part(sheet, status=status)
        return self.page(sheet, unit, status=status)

    def _part(self, sheet: Sheet, *, status: int) -> HttpResponse:
        return render(self.request, "portfolios/record_answer.html", {"sheet": sheet}, status=status)


class HistoryView(RecordRoom):
    """What a record said before."""

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        record, unit, form = self.own_record(record_id)
        context: dict[str, Any] = {
            "record": record,
            "unit": unit,
            "registration": record.registration,
            "form_title": form.part.title,
            "revisions": revisions_of(record, form),
            "back": self.home_of(record),
        }
        return render(request, "portfolios/history.html", context)


class PrintRecordView(RecordRoom):
    """A record as it is printed, with every box; ``version`` in the address asks for an earlier state."""

    def get(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        record, unit, form = self.own_record(record_id)
        earlier = self._earlier(record)
        written_at, version = record.saved_at, record.version
        written_by = record.added_by.name
        if earlier is not None:
            record.answers, version = earlier.answers, earlier.version
            written_at, written_by = earlier.written_at, earlier.written_by.name
        context = {
            "sheet": self.sheet(record, form, unit),
            "record": record,
            "unit": unit,
            "registration": record.registration,
            "version": version,
            "written_at": written_at,
            "written_by": written_by,
            "is_earlier": earlier is not None,
            "back": self.home_of(record),
        }
        return render(request, "portfolios/record_print.html", context)

    def _earlier(self, record: Record) -> RecordRevision | None:
        """Return the state that the address asks for, if it is not the one that stands."""
        text = self.request.GET.get("version", "")
        if not text or text == str(record.version):
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Http404(NOT_YOURS)
        rows = RecordRevision.objects.filter(record=record, version=int(text)).select_related("written_by")
        found: RecordRevision | None = rows.first()
        if found is None:
            raise Http404(NOT_YOURS)
        return found


class RemoveRecordView(RecordRoom):
    """Takes a record away; it can be brought back. What is about a session goes with the session."""

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        record, unit, form = self.own_record(record_id)
        if record.session_id or record.supervision_id:
            return redirect(self.home_of(record))
        try:
            remove_record(record=record, by=self.by, at=self.at)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect(self.address("record", record))
        text = f"{form.part.title}, copy {record.number}, deleted."
        return self.deleted(record.registration, unit, text, self.address("restore_record", record))


class RestoreRecordView(RecordRoom):
    """Brings a deleted record back."""

    def post(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        record, unit, form = self.own_record(record_id)
        try:
            restore_record(record=record, by=self.by, at=self.at)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect(self.in_unit("unit", record.registration, unit))
        messages.success(request, f"{form.part.title}, copy {record.number}, is back.")
        return redirect(self.address("record", record))


def typed_boxes(request: HttpRequest, form: Form) -> dict[str, str]:
    """Return what was typed into each box, line ends made one kind."""
    return {
        box.key: request.POST[box.key].replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        for box in form.part.asked
        if box.key in request.POST
    }


def _together(values: dict[str, str], record: Record, form: Form) -> dict[str, str]:
    """Put the text that the other tab saved under the one typed here, where they differ."""
    joined = dict(values)
    for box in form.part.asked:
        theirs = text_in(box, record.answers)
        if theirs and theirs != values.get(box.key, ""):
            joined[box.key] = f"{values.get(box.key, '')}\n\n{theirs}".strip()
    return joined


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
