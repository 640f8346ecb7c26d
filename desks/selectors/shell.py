"""What the frame of every page shows: the centre, the person, their other centres and the way around."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from centres.models import Centre, Membership
from centres.permissions import Permission, Role, allows
from centres.scoping import NoCentre, current_centre
from centres.selectors import centres_of


@dataclass(frozen=True, slots=True)
class Door:
    """One entry of the navigation: its words, its page, and who may enter."""

    label: str
    page: str
    permission: Permission


NAVIGATION: tuple[tuple[str, tuple[Door, ...]], ...] = (
    (
        "",
        (
            Door("Home", "desks:home", Permission.ENTER_CENTRE),
            Door("Catalogue", "assessments:catalogue", Permission.BROWSE_CATALOGUE),
        ),
    ),
    (
        "Portfolio",
        (
            Door("Evidence", "portfolios:evidence_list", Permission.MAKE_SUBMISSION),
            Door("Discussions", "portfolios:discussions", Permission.MAKE_SUBMISSION),
        ),
    ),
    (
        "Learning",
        (
            Door("Programmes", "portfolios:programmes", Permission.WATCH_PROGRAMMES),
            Door("Observations", "portfolios:observe", Permission.OBSERVE),
        ),
    ),
    ("Marking", (Door("Queue", "marking:queue", Permission.VIEW_QUEUE),)),
    ("Quality", (Door("Board", "quality_assurance:board", Permission.VIEW_REVIEWS),)),
    (
        "Centre",
        (
            Door("Register", "qualifications:register", Permission.VIEW_REGISTER),
            Door("Staff", "centres:staff", Permission.VIEW_STAFF),
            Door("Result sheets", "marking:sheets", Permission.EXPORT_SHEETS),
            Door("Approvals", "qualifications:approvals", Permission.RECORD_APPROVAL),
        ),
    ),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return what base.html reads; nothing outside a centre, where there is no frame to fill."""
    member: Membership | None = getattr(request, "member", None)
    centre: Centre | None = getattr(request, "centre", None)
    if member is None or centre is None or not _is_entered(centre):
        return {}
    return {
        "centre": {"name": centre.name, "slug": centre.slug, "url": _home(centre.slug)},
        "membership": member,
        "centres": [
            {"name": row.name, "url": _home(row.slug), "roles": row.roles}
            for row in centres_of(member.user_id)
        ],
        "nav": navigation(member.role_set, centre.slug, request.path),
    }


def navigation(roles: frozenset[Role], slug: str, path: str) -> list[dict[str, Any]]:
    """Return the groups of the navigation that these roles may enter, the page at ``path`` marked."""
    groups = [
        (
            label,
            [
                (door.label, reverse(door.page, kwargs={"slug": slug}))
                for door in doors
                if allows(roles, door.permission)
            ],
        )
        for label, doors in NAVIGATION
    ]
    current = _current(path, (url for _, items in groups for _, url in items))
    return [
        {
            "label": label,
            "items": [{"label": words, "url": url, "is_current": url == current} for words, url in items],
        }
        for label, items in groups
        if items
    ]


def _is_entered(centre: Centre) -> bool:
    try:
        return current_centre() == centre.pk
    except NoCentre:
        return False


def _home(slug: str) -> str:
    return reverse("desks:home", kwargs={"slug": slug})


def _current(path: str, urls: Iterable[str]) -> str:
    """Return the address that lies deepest above the page; a sheet is under Result sheets, not Queue."""
    return max((url for url in urls if path.startswith(url)), key=len, default="")
