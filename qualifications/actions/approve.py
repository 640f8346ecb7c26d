"""Which qualifications the awarding body lets the centre deliver, and until when."""

from datetime import date, datetime

from django.db import transaction

from centres.actions import record_event
from centres.models import Membership
from lib.refusals import Refusal
from qualifications.models import CentreApproval, Qualification


class ApprovalStands(Refusal):
    default_message = "This approval was recorded with another first day, which cannot be changed."


@transaction.atomic
def record_approval(
    *,
    qualification: Qualification,
    approved_on: date,
    by: Membership,
    at: datetime,
    ends_on: date | None = None,
) -> CentreApproval:
    """Record that the awarding body lets the centre deliver a qualification, and its last day if it has one.

    Recording it again changes the last day only. Raises ApprovalStands.
    """
    row, created = CentreApproval.objects.select_for_update().get_or_create(
        qualification=qualification, defaults={"approved_on": approved_on, "ends_on": ends_on}
    )
    approval: CentreApproval = row
    facts = {"qualification": qualification.key, "until": str(ends_on or "")}
    if created:
        record_event("qualifications.approval.recorded", target=approval, by=by, at=at, **facts)
    elif approval.approved_on != approved_on:
        raise ApprovalStands(f"This approval holds from {approval.approved_on:%d/%m/%Y}. Keep that day.")
    elif approval.ends_on != ends_on:
        approval.ends_on = ends_on
        approval.save(update_fields=["ends_on"])
        record_event("qualifications.approval.changed", target=approval, by=by, at=at, **facts)
    return approval
