"""The page of a learner's attempts, beside the page of their registrations."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from centres.access import CentreView
from centres.models import Learner
from centres.permissions import Permission, Role, allows
from desks.selectors.attempts import attempts_of

OFFICE = frozenset({Role.ADMINISTRATOR, Role.LEAD_IQA})


class AttemptsView(CentreView):
    """What a learner has tried, and how each attempt stands."""

    permission = Permission.VIEW_REGISTER

    def get(self, request: HttpRequest, learner_id: UUID) -> HttpResponse:
        learner = self.get_or_404(Learner.objects.all(), learner_id)
        context = {
            "learner": learner,
            "lines": attempts_of(learner, in_office_words=bool(self.roles & OFFICE), at=self.at),
            "may_read_portfolios": Role.ADMINISTRATOR in self.roles,
            "may_read_sheets": allows(self.roles, Permission.READ_SHEET),
        }
        return render(request, "desks/attempts.html", context)
