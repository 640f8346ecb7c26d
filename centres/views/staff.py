"""The page on which a centre keeps its staff: who is here, and who is invited."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from centres.access import CentreView
from centres.forms import OFFERED_ROLES, StaffFilter
from centres.permissions import Permission, allows
from centres.selectors import invitations_of_staff, staff_of_centre


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
