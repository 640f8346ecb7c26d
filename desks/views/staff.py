"""Pages on which a centre keeps one of its staff: their roles, and letting them go."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from centres.access import CentreView
from centres.forms import RolesForm
from centres.models import Membership
from centres.permissions import Permission, Role
from centres.selectors import staff_of_centre
from desks.actions import change_what_they_do, let_leave
from desks.actions.leave import WentBack
from desks.selectors.leaving import leaving_of, work_in_words
from lib.refusals import Refusal


class MemberView(CentreView):
    """One member of staff: their roles, and the way out."""

    permission = Permission.INVITE_STAFF

    def get(self, request: HttpRequest, member_id: UUID) -> HttpResponse:
        member = self.get_or_404(staff_of_centre(), member_id)
        held = [role.value for role in member.role_set]
        return self._page(member, RolesForm(initial={"roles": held}))

    def post(self, request: HttpRequest, member_id: UUID) -> HttpResponse:
        member = self.get_or_404(staff_of_centre(), member_id)
        form = RolesForm(request.POST)
        if not form.is_valid():
            return self._page(member, form, status=422)
        try:
            went_back = change_what_they_do(
                membership=member, roles=form.cleaned_data["roles"], by=self.by, at=self.at
            )
        except Refusal as refusal:
            form.add_error("roles", refusal.message)
            return self._page(member, form, status=422)
        messages.success(request, f"The roles of {member.name} are saved.{_said(went_back)}")
        return redirect("centres:staff", slug=self.centre.slug)

    def _page(self, member: Membership, form: RolesForm, *, status: int = 200) -> HttpResponse:
        context = {
            "member": member,
            "form": form,
            "is_learner": Role.LEARNER in member.role_set,
            "leaving": leaving_of(member, at=self.at),
        }
        return render(self.request, "desks/member.html", context, status=status)


class LeaveView(CentreView):
    """Asks before a person's place in the centre ends, and ends it."""

    permission = Permission.INVITE_STAFF

    def get(self, request: HttpRequest, member_id: UUID) -> HttpResponse:
        member = self.get_or_404(staff_of_centre(), member_id)
        context = {"member": member, "leaving": leaving_of(member, at=self.at)}
        return render(request, "desks/leave.html", context)

    def post(self, request: HttpRequest, member_id: UUID) -> HttpResponse:
        member = self.get_or_404(staff_of_centre(), member_id)
        went_back = let_leave(membership=member, by=self.by, at=self.at)
        messages.success(
            request,
            f"{member.name} is no longer in your centre. What they signed stays.{_said(went_back)}",
        )
        if member.pk == self.by.pk:
            return redirect("front")
        return redirect("centres:staff", slug=self.centre.slug)


def _said(went_back: WentBack) -> str:
    """Return the sentences about what went back along with something else."""
    sentences = ""
    work = work_in_words(sheets=went_back.sheets, reviews=went_back.reviews)
    if work:
        is_one = went_back.sheets + went_back.reviews == 1
        sentences += f" {work} {'waits' if is_one else 'wait'} for others again."
    if went_back.invitations:
        many = went_back.invitations
        invitations = "1 open invitation" if many == 1 else f"{many} open invitations"
        sentences += f" {invitations} that they sent {'is' if many == 1 else 'are'} withdrawn."
    return sentences
