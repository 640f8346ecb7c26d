"""The evidence matrix of one unit, as a page and as a file."""

from collections.abc import Iterator
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from centres.access import NOT_YOURS, CentreView
from centres.permissions import Permission
from lib.bundle import safe_name
from lib.spreadsheet import csv_answer
from portfolios.selectors import own_registrations
from portfolios.selectors.portfolio import Matrix, matrix_of
from qualifications.models import Registration


class MatrixPage(CentreView):
    """The matrix of a unit of a learner's own registration."""

    permission = Permission.MAKE_SUBMISSION

    def found(self, registration_id: UUID, ref: str) -> tuple[Registration, Matrix]:
        """Return the registration and the unit's matrix. Raises Http404 for what is not the learner's."""
        registration: Registration = self.get_or_404(own_registrations(self.by), registration_id)
        matrix = matrix_of(registration, ref)
        if matrix is None:
            raise Http404(NOT_YOURS)
        return registration, matrix


class MatrixView(MatrixPage):
    """The matrix with what is not covered yet said first."""

    def get(self, request: HttpRequest, registration_id: UUID, ref: str) -> HttpResponse:
        registration, matrix = self.found(registration_id, ref)
        context = {"registration": registration, "matrix": matrix}
        return render(request, "portfolios/matrix.html", context)


class MatrixFileView(MatrixPage):
    """The matrix as a file for a spreadsheet."""

    def get(self, request: HttpRequest, registration_id: UUID, ref: str) -> HttpResponse:
        registration, matrix = self.found(registration_id, ref)
        head = ["Section", *matrix.columns, "Where", "Why"]
        name = safe_name(f"matrix {matrix.unit.ref} {registration.number}", ".csv")
        return csv_answer(name, head, _lines(matrix))


def _lines(matrix: Matrix) -> Iterator[list[str]]:
    for heading, rows in matrix.sections:
        for row in rows:
            criterion = f"{matrix.unit.ref} AC {row.ref}"
            for reference, claim in row.claims:
                yield [heading, criterion, claim.label, reference, str(claim.locator), claim.why]
            for reference, piece in row.offered:
                yield [heading, criterion, piece.label, reference, "Offered, no place claimed", ""]
            for record in row.records:
                yield [heading, criterion, record.title, "", "From the practice records", ""]
            if not row.is_covered:
                yield [heading, criterion, "Nothing offered yet", "", "", ""]
