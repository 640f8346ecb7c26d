"""The centres that a person belongs to."""

from dataclasses import dataclass
from uuid import UUID

from centres.models import Membership


@dataclass(frozen=True, slots=True)
class CentreOfMine:
    """One centre with the roles that the person holds there, in words."""

    name: str
    slug: str
    roles: str


def centres_of(user_id: UUID) -> list[CentreOfMine]:
    """Return every centre that the person is in, by name; asked inside the person's own scope.

    The one query that reads over centres: the database shows people the memberships that are theirs.
    """
    memberships = (
        Membership._base_manager.filter(user_id=user_id, ended_at__isnull=True)
        .select_related("centre")
        .order_by("centre__name", "centre_id")
    )
    return [CentreOfMine(row.centre.name, row.centre.slug, row.roles_in_words) for row in memberships]
