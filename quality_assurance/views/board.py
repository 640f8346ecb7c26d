"""The board, as a page and as a table for a spreadsheet."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime

from centres.access import CentreView
from centres.permissions import Permission
from lib.spreadsheet import csv_answer
from quality_assurance.forms import filters_from
from quality_assurance.selectors.board import (
    BoardChoices,
    BoardFilters,
    BoardRow,
    Tab,
    as_rows,
    board_choices,
    board_rows,
    tab_counts,
)

SIZES = {"25": 25, "50": 50, "100": 100}
TAB_LABELS = {
    Tab.ASSESSED: "Assessed",
    Tab.MINE: "In my review",
    Tab.RELEASED: "Released",
    Tab.ALL: "All",
}
NOTHING = {
    Tab.ASSESSED: "Nothing waits for quality assurance. Work comes here when an assessor signs it.",
    Tab.MINE: "You have no review open. Open one from the work that is assessed.",
    Tab.RELEASED: "No result has been released yet.",
    Tab.ALL: "Nothing has been assessed yet. Work comes here when an assessor signs it.",
}
OUTCOMES = [("PASS", "Pass"), ("REFERRAL", "Referral")]
HEAD = [
    *("Learner", "Registration number", "Unit", "Assessment", "Cohort", "Attempt", "Outcome", "Provisional"),
    *("Total", "Out of", "Parts referred", "Assessor", "Signed", "State", "Why not for you"),
]


class BoardView(CentreView):
    """Assessed, reviewed and released work, filtered, sorted and cut in pages by the address."""

    permission = Permission.VIEW_REVIEWS

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = filters_from(request.GET)
        size = SIZES.get(request.GET.get("size", ""), 25)
        counts = tab_counts(by=self.by)
        choices = board_choices()
        page = Paginator(board_rows(filters, by=self.by), size).get_page(request.GET.get("page"))
        context = {
            "tabs": self._tabs(filters, counts),
            "filters": filters,
            "choices": choices,
            "outcomes": OUTCOMES,
            "chips": self._chips(filters, choices),
            "page": page,
            "rows": as_rows(page.object_list, by=self.by, at=self.at),
            "total": counts[filters.tab.value],
            "nothing": NOTHING[filters.tab],
            "clear_url": f"?tab={filters.tab.value}",
        }
        return render(request, "quality_assurance/board.html", context)

    def _tabs(self, filters: BoardFilters, counts: dict[str, int]) -> list[dict[str, Any]]:
        return [
            {
                "url": f"?tab={tab.value}",
                "label": TAB_LABELS[tab],
                "count": counts[tab.value],
                "is_current": tab is filters.tab,
            }
            for tab in Tab
        ]

    def _chips(self, filters: BoardFilters, choices: BoardChoices) -> list[dict[str, str]]:
        chosen = (
            ("unit", filters.unit, choices.units, "Unit"),
            ("assessor", str(filters.assessor or ""), choices.assessors, "Assessor"),
            ("outcome", filters.outcome, OUTCOMES, "Outcome"),
            ("cohort", str(filters.cohort or ""), choices.cohorts, "Cohort"),
        )
        return [
            {"label": f"{label}: {dict(options).get(value, value)}", "url": self._without(name)}
            for name, value, options, label in chosen
            if value
        ]

    def _without(self, name: str) -> str:
        query = self.request.GET.copy()
        for key in (name, "page"):
            query.pop(key, None)
        return f"?{query.urlencode()}"


class BoardTableView(CentreView):
    """The board with its filters as a CSV file."""

    permission = Permission.VIEW_REVIEWS

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = as_rows(board_rows(filters_from(request.GET), by=self.by), by=self.by, at=self.at)
        return csv_answer("quality-board.csv", HEAD, [self._cells(row) for row in rows])

    def _cells(self, row: BoardRow) -> list[object]:
        return [
            row.learner,
            row.number,
            row.units,
            row.title,
            row.cohort,
            row.submission.attempt,
            row.outcome.capitalize(),
            "No" if row.is_released else "Yes",
            row.total,
            row.maximum,
            row.referred,
            row.assessor,
            localtime(row.signed_at).strftime("%d/%m/%Y %H:%M"),
            row.state_words,
            row.why_not,
        ]
