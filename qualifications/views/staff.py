"""Pages on the staff's competence and conflicts of interest."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from centres.access import CentreView
from centres.permissions import Permission, allows
from lib.refusals import Refusal
from qualifications.actions import OwnCompetence, decide_competence, declare_conflict, withdraw_conflict
from qualifications.forms import CompetenceForm, ConflictForm
from qualifications.models import ConflictOfInterest, Qualification
from qualifications.selectors import (
    deliverable_on,
    find_learner,
    judging_staff,
    matrix_of,
    open_conflicts,
    units_by_title,
)
from qualifications.selectors.delivery import latest_qualifications


class CompetenceView(CentreView):
    """The staffing matrix: who may judge which units of a qualification, and until when."""

    permission = Permission.VIEW_STAFF

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate(self.at)
        choices = list(deliverable_on(today)) or list(latest_qualifications())
        chosen = self._chosen(choices)
        matrix = matrix_of(chosen, today=today) if chosen else None
        people = matrix.people if matrix else []
        ending = request.GET.get("ending") == "60"
        context = {
            "choices": choices,
            "chosen": chosen,
            "matrix": matrix,
            "people": [row for row in people if row.is_warned] if ending else people,
            "total": len(people),
            "ending": ending,
            "may_decide": allows(self.roles, Permission.DECIDE_COMPETENCE),
        }
        return render(request, "qualifications/competence.html", context)

    def _chosen(self, choices: list[Qualification]) -> Qualification | None:
        wanted = self.request.GET.get("qualification", "")
        return next((row for row in choices if row.key == wanted), choices[0] if choices else None)


class DecideCompetenceView(CentreView):
    """Decides that a person may assess units until a day."""

    permission = Permission.DECIDE_COMPETENCE

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form()
        if form.is_valid():
            today = timezone.localdate(self.at)
            try:
                decide_competence(**form.cleaned_data, valid_from=today, by=self.by, at=self.at)
            except Refusal as refusal:
                form.add_error(
                    "membership" if isinstance(refusal, OwnCompetence) else "valid_until", refusal.message
                )
            else:
                messages.success(
                    request, f"The competence of {form.cleaned_data['membership'].name} is decided."
                )
                return redirect("qualifications:competence", slug=self.centre.slug)
        return self._page(form, status=422)

    def _form(self) -> CompetenceForm:
        today = timezone.localdate(self.at)
        return CompetenceForm(
            self.request.POST if self.request.method == "POST" else None,
            people=judging_staff().exclude(pk=self.by.pk),
            units=units_by_title(latest_qualifications()),
            today=today,
            initial={"membership": self.request.GET.get("person", "")},
        )

    def _page(self, form: CompetenceForm, *, status: int = 200) -> HttpResponse:
        return render(self.request, "qualifications/decide_competence.html", {"form": form}, status=status)


class ConflictsView(CentreView):
    """The conflicts of interest that stand."""

    permission = Permission.VIEW_STAFF

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "conflicts": open_conflicts(),
            "own_id": self.by.pk,
            "may_decide": allows(self.roles, Permission.DECIDE_COMPETENCE),
        }
        return render(request, "qualifications/conflicts.html", context)


class DeclareConflictView(CentreView):
    """Records that a person may not judge a learner."""

    permission = Permission.DECIDE_COMPETENCE

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(ConflictForm(people=judging_staff()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ConflictForm(request.POST, people=judging_staff())
        if not form.is_valid():
            return self._page(form, status=422)
        learner = find_learner(form.cleaned_data["learner"])
        if learner is None:
            form.add_error("learner", "No learner here has this e-mail address or registration number.")
            return self._page(form, status=422)
        member = form.cleaned_data["membership"]
        declare_conflict(
            membership=member,
            learner=learner,
            reason=form.cleaned_data["reason"],
            by=self.by,
            at=self.at,
        )
        messages.success(request, f"{member.name} is kept from the work of {learner.name}.")
        return redirect("qualifications:conflicts", slug=self.centre.slug)

    def _page(self, form: ConflictForm, *, status: int = 200) -> HttpResponse:
        return render(self.request, "qualifications/declare_conflict.html", {"form": form}, status=status)


class WithdrawConflictView(CentreView):
    """Withdraws a conflict of interest that has ended."""

    permission = Permission.DECIDE_COMPETENCE

    def post(self, request: HttpRequest, conflict_id: UUID) -> HttpResponse:
        conflict = self.get_or_404(
            ConflictOfInterest.objects.select_related("membership", "learner"), conflict_id
        )
        withdraw_conflict(conflict=conflict, by=self.by, at=self.at)
        messages.success(
            request, f"{conflict.membership.name} may judge the work of {conflict.learner.name} again."
        )
        return redirect("qualifications:conflicts", slug=self.centre.slug)
