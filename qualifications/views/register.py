"""The register: the list of learners with their registrations, and the same as a file."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

from centres.access import CentreView
from centres.models import Cohort
from centres.permissions import Permission, allows
from lib.spreadsheet import csv_answer
from qualifications.forms import EXPIRES, RegisterFilter
from qualifications.models import Qualification, Registration
from qualifications.selectors import Register, register_lines, register_rows

HEAD = (
    "Name",
    "Registration number",
    "Qualification",
    "Cohort",
    "Units achieved",
    "Units",
    "Registered on",
    "Expires on",
    "State",
)


class RegisterPage(CentreView):
    """The register, narrowed as the address says."""

    permission = Permission.VIEW_REGISTER

    def asked(self) -> Register:
        """Return what the address asks for; what it cannot mean is left out."""
        form = RegisterFilter(self.request.GET)
        form.is_valid()
        found = form.cleaned_data
        return Register(
            today=timezone.localdate(self.at),
            q=found.get("q", ""),
            cohort=str(found.get("cohort") or ""),
            qualification=found.get("qualification", ""),
            expires=found.get("expires", ""),
            sort=found.get("sort") or "name",
        )


class RegisterView(RegisterPage):
    """The register as a page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = self.asked()
        size = request.GET.get("size", "")
        page = Paginator(register_rows(asked), int(size) if size in ("50", "100") else 25).get_page(
            request.GET.get("page")
        )
        cohorts = list(Cohort.objects.order_by("name", "pk"))
        titles = dict(
            Qualification.objects.filter(pk__in=Registration.objects.values("qualification_id"))
            .order_by("title", "-version")
            .values_list("key", "title")
        )
        context = {
            "asked": asked,
            "page": page,
            "lines": register_lines(page.object_list, today=asked.today),
            "cohorts": [(str(row.pk), row.name) for row in cohorts],
            "qualifications": list(titles.items()),
            "expiries": EXPIRES,
            "chips": self._chips(asked, {str(row.pk): row.name for row in cohorts}, titles),
            "may_change": allows(self.roles, Permission.EDIT_REGISTER),
        }
        return render(request, "qualifications/register.html", context)

    def _chips(
        self, asked: Register, cohorts: dict[str, str], titles: dict[str, str]
    ) -> list[dict[str, Any]]:
        words = {
            "q": f"“{asked.q}”",
            "cohort": cohorts.get(asked.cohort, "Unknown cohort"),
            "qualification": titles.get(asked.qualification, asked.qualification),
            "expires": f"Expires: {dict(EXPIRES).get(asked.expires, '').lower()}",
        }
        chosen = {key: value for key in words if (value := getattr(asked, key))}
        return [
            {"label": words[key], "url": f"?{urlencode({k: v for k, v in chosen.items() if k != key})}"}
            for key in chosen
        ]


class ExportView(RegisterPage):
    """The register as a file, with the filters of the page it was asked on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = self.asked()
        lines = register_lines(register_rows(asked), today=asked.today)
        rows = (
            (
                line.name,
                line.number,
                line.qualification,
                line.cohort,
                line.achieved,
                line.units,
                line.registered_on,
                line.expires_on,
                line.state,
            )
            for line in lines
        )
        return csv_answer(f"register-{self.centre.slug}-{asked.today:%Y-%m-%d}.csv", HEAD, rows)
