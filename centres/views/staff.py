"""Pages on which a centre keeps its staff: who is here, their roles, and letting somebody go."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from centres.access import CentreView
from centres.actions import change_roles, end_membership
from centres.actions.invite import open_staff_invitations
from centres.forms import OFFERED_ROLES, RolesForm, StaffFilter
from centres.models import Membership
from centres.permissions import Permission, Role, allows
from centres.selectors import invitations_of_staff, staff_of_centre
from lib.refusals import Refusal


class StaffView(CentreView):
    """The people who work in the centre, and the invitations that wait."""

    permission = Permission.VIEW_STAFF

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = StaffFilter(request.GET)
        asked.is_valid()
        found = asked.cleaned_data
        q, role, sort = found.get("q", ""), found.get("role", ""), found.get("sort") or "name"
        people = staff_of_centre(q=q, role=role, sort=sort)
        page = Paginator(people, int(found.get("size") or 25)).get_page(request.GET.get("page"))
        may_change = allows(self.roles, Permission.INVITE_STAFF)
        context = {
            "page": page,
            "q": q,
            "role": role,
            "sort": sort,
            "roles": OFFERED_ROLES,
            "chips": self._chips(q, role),
            "is_filtered": bool(q or role),
            "invitations": invitations_of_staff(self.at) if may_change else [],
            "may_change": may_change,
        }
        return render(request, "centres/staff.html", context)

    def _chips(self, q: str, role: str) -> list[dict[str, str]]:
        shown = {"q": f"“{q}”", "role": dict(OFFERED_ROLES).get(role, "")}
        chosen = {key: value for key, value in (("q", q), ("role", role)) if value}
        return [
            {"label": shown[key], "url": f"?{urlencode({k: v for k, v in chosen.items() if k != key})}"}
            for key in chosen
        ]


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
            withdrawn = change_roles(
                membership=member, roles=form.cleaned_data["roles"], by=self.by, at=self.at
            )
        except Refusal as refusal:
            form.add_error("roles", refusal.message)
            return self._page(member, form, status=422)
        messages.success(request, f"The roles of {member.name} are saved.{_said(withdrawn)}")
        return redirect("centres:staff", slug=self.centre.slug)

    def _page(self, member: Membership, form: RolesForm, *, status: int = 200) -> HttpResponse:
        context = {
            "member": member,
            "form": form,
            "is_learner": Role.LEARNER in member.role_set,
            "invitations": open_staff_invitations(member, self.at).count(),
        }
        return render(self.request, "centres/member.html", context, status=status)


class LeaveView(CentreView):
    """Asks before a person's place in the centre ends, and ends it."""

    permission = Permission.INVITE_STAFF

    def get(self, request: HttpRequest, member_id: UUID) -> HttpResponse:
        member = self.get_or_404(staff_of_centre(), member_id)
        context = {"member": member, "invitations": open_staff_invitations(member, self.at).count()}
        return render(request, "centres/leave.html", context)

    def post(self, request: HttpRequest, member_id: UUID) -> HttpResponse:
        member = self.get_or_404(staff_of_centre(), member_id)
        withdrawn = end_membership(membership=member, by=self.by, at=self.at)
        messages.success(
            request,
            f"{member.name} is no longer in your centre. What they signed stays.{_said(withdrawn)}",
        )
        if member.pk == self.by.pk:
            return redirect("front")
        return redirect("centres:staff", slug=self.centre.slug)


def _said(withdrawn: int) -> str:
    """Return the sentence about invitations that were withdrawn along with something else."""
    if not withdrawn:
        return ""
    many = "1 open invitation" if withdrawn == 1 else f"{withdrawn} open invitations"
    return f" {many} that they sent {'is' if withdrawn == 1 else 'are'} withdrawn."
