"""Pages on which the catalogue is read: qualifications, units and the sheets of assessments."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assessments.models import Assessment
from assessments.selectors import browse, sheets
from assessments.selectors.programme import programme_of
from centres.access import NOT_YOURS, CentreView
from centres.permissions import Permission
from qualifications.models import Qualification, Unit


class CataloguePage(CentreView):
    """A page of the catalogue; ``?version=`` shows an older version of what it is about."""

    permission = Permission.BROWSE_CATALOGUE

    def chosen(self, rows: QuerySet[Any]) -> tuple[Any, list[Any]]:
        """Return the version that the address asks for, and all of them. Raises Http404."""
        wanted = self.request.GET.get("version", "")
        if wanted and not (wanted.isascii() and wanted.isdecimal()):
            raise Http404(NOT_YOURS)
        row, versions = browse.chosen_version(rows, int(wanted[:6]) if wanted else None)
        if row is None:
            raise Http404(NOT_YOURS)
        return row, versions


class CatalogueView(CataloguePage):
    """All qualifications, with those that the centre is approved for."""

    def get(self, request: HttpRequest) -> HttpResponse:
        approved = browse.approved_keys(timezone.localdate(self.at))
        rows = [(row, row.key in approved, approved.get(row.key)) for row in browse.qualifications_by_level()]
        return render(request, "assessments/catalogue.html", {"rows": rows, "approved": len(approved)})


class QualificationView(CataloguePage):
    """One qualification: its facts, units and assessments."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        qualification, versions = self.chosen(Qualification.objects.filter(key=key))
        units = list(browse.units_of(qualification))
        context = {
            "qualification": qualification,
            "versions": versions,
            "is_approved": key in browse.approved_keys(timezone.localdate(self.at)),
            "units": units,
            "outcome_total": sum(row.outcome_count for row in units),
            "criterion_total": sum(row.criterion_count for row in units),
            "assessments": browse.assessments_of(qualification),
            "programme": programme_of(qualification),
        }
        return render(request, "assessments/qualification.html", context)


class UnitView(CataloguePage):
    """One unit: what is to be learned, shown and practised."""

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        unit, versions = self.chosen(Unit.objects.filter(ref=ref))
        context = {
            "unit": unit,
            "versions": versions,
            "purpose": browse.purpose_of(unit),
            "practice": browse.practice_of(unit).in_words(),
            "outcomes": browse.outcomes_of(unit),
            "subjects": browse.shared_subjects_of(unit),
            "assessments": browse.assessments_deciding(unit),
            "qualifications": browse.qualifications_with(unit),
        }
        return render(request, "assessments/unit.html", context)


class AssessmentView(CataloguePage):
    """One assessment: its sheet as it will be marked."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        assessment, versions = self.chosen(Assessment.objects.filter(key=key))
        outcomes = [] if assessment.is_by_section else sheets.outcome_lines_of(assessment)
        context = {
            "assessment": assessment,
            "versions": versions,
            "units": sheets.units_decided_by(assessment),
            "pairs": sheets.labels_by_qualification(assessment),
            "notes": sheets.notes_of(assessment),
            "tasks": sheets.tasks_of(assessment),
            "sections": sheets.sections_of(assessment) if assessment.is_by_section else [],
            "outcomes": outcomes,
            "has_descriptors": any(line.referral or line.passed for row in outcomes for line in row.lines),
        }
        return render(request, "assessments/assessment.html", context)
