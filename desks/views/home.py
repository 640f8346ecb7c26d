"""The home page: a panel for each role that the member holds."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime

from centres.access import CentreView
from centres.permissions import Permission, Role, allows
from desks.selectors.home import centre_home, first_name, learner_home, open_reviews, open_sheets
from marking.selectors.queue_rows import tab_counts as queue_counts
from quality_assurance.selectors.board import tab_counts as board_counts


class HomeView(CentreView):
    """What there is to do, for whoever asks."""

    permission = Permission.ENTER_CENTRE

    def get(self, request: HttpRequest) -> HttpResponse:
        context: dict[str, Any] = {"part_of_day": self._part_of_day(), "first_name": first_name(self.by.name)}
        if Role.LEARNER in self.roles:
            context["learner"] = learner_home(self.by, at=self.at)
        if allows(self.roles, Permission.VIEW_QUEUE):
            context["queue"] = {"counts": queue_counts(self.by), "sheets": open_sheets(self.by)}
        if allows(self.roles, Permission.VIEW_REVIEWS):
            context["board"] = {"counts": board_counts(by=self.by), "reviews": open_reviews(self.by)}
        if allows(self.roles, Permission.EDIT_REGISTER):
            context["office"] = centre_home(at=self.at)
        return render(request, "desks/home.html", context)

    def _part_of_day(self) -> str:
        hour = localtime(self.at).hour
        return "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
