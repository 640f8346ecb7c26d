"""What the centre may deliver."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from qualifications.models import CentreApproval, Qualification
from qualifications.rules import is_current


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """One qualification of the catalogue with the centre's approval for it, if it has one."""

    qualification: Qualification
    approval: CentreApproval | None
    is_current: bool


def latest_qualifications() -> QuerySet[Qualification]:
    """Return the newest version of every qualification, by level and title."""
    newest = Qualification.objects.filter(key=OuterRef("key")).order_by("-version").values("version")[:1]
    return Qualification.objects.filter(version=Subquery(newest)).order_by("level", "title", "key")


def deliverable_on(day: date) -> QuerySet[Qualification]:
    """Return the newest version of the qualifications that the centre is approved for on a day."""
    keys = CentreApproval.objects.current_on(day).values("qualification__key")
    return latest_qualifications().filter(key__in=keys)


def approvals_of_centre(day: date) -> list[ApprovalLine]:
    """Return every qualification with the centre's approval, the newest version of each."""
    approvals = {
        row.qualification.key: row
        for row in CentreApproval.objects.select_related("qualification").order_by(
            "qualification__version", "approved_on"
        )
    }
    return [
        ApprovalLine(row, approval, approval is not None and _holds(approval, day))
        for row in latest_qualifications()
        for approval in [approvals.get(row.key)]
    ]


def _holds(approval: CentreApproval, day: date) -> bool:
    return is_current(today=day, valid_from=approval.approved_on, valid_until=approval.ends_on)
