"""Who may judge which units until when, and whose work they may not judge."""

from datetime import date, datetime, timedelta

from django.db import transaction

from centres.actions import record_event
from centres.models import Learner, Membership
from lib.refusals import Refusal
from qualifications.models import Competence, ConflictOfInterest
from qualifications.rules import COMPETENCE_LASTS_YEARS, last_day_of


class OwnCompetence(Refusal):
    default_message = "You cannot decide your own competence. Ask another lead IQA."


class TooFarAhead(Refusal):
    default_message = "Competence is decided for three years at most."


class AlreadyWithdrawn(Refusal):
    default_message = "This conflict of interest was withdrawn before. Nothing was changed."


class OwnConflict(Refusal):
    default_message = "You cannot withdraw a conflict of interest of your own. Ask another lead IQA."


@transaction.atomic
def decide_competence(
    *,
    membership: Membership,
    unit_refs: list[str],
    valid_from: date,
    valid_until: date,
    reason: str,
    by: Membership,
    at: datetime,
) -> None:
    """Decide that a person may assess units until a day, on the evidence named.

    The newest decision holds: an earlier one ends the day before it begins, and one that begins on the same
    day is decided again. Raises OwnCompetence, TooFarAhead.
    """
    if membership.pk == by.pk:
        raise OwnCompetence
    latest = last_day_of(valid_from, COMPETENCE_LASTS_YEARS)
    if latest is not None and valid_until > latest:
        raise TooFarAhead(
            f"Competence is decided for three years at most: until {latest:%d/%m/%Y} at the latest."
        )
    Competence.objects.filter(
        membership=membership, unit_ref__in=unit_refs, valid_from__lt=valid_from, valid_until__gte=valid_from
    ).update(valid_until=valid_from - timedelta(days=1))
    decision = {"valid_until": valid_until, "reason": reason, "decided_at": at, "decided_by": by}
    for ref in unit_refs:
        row, is_first = Competence.objects.get_or_create(
            membership=membership, unit_ref=ref, valid_from=valid_from, defaults=decision
        )
        if not is_first:
            Competence.objects.filter(pk=row.pk).update(**decision)
        facts = {"unit": ref, "until": str(valid_until), "reason": reason}
        record_event("qualifications.competence.decided", target=row, by=by, at=at, **facts)


@transaction.atomic
def declare_conflict(
    *, membership: Membership, learner: Learner, reason: str, by: Membership, at: datetime
) -> ConflictOfInterest:
    """Declare that a person may not judge a learner, so that the learner's work never reaches them."""
    row, created = ConflictOfInterest.objects.get_or_create(
        membership=membership,
        learner=learner,
        withdrawn_at=None,
        defaults={"reason": reason, "declared_at": at, "declared_by": by},
    )
    if created:
        record_event("qualifications.conflict.declared", target=row, by=by, at=at)
    conflict: ConflictOfInterest = row
    return conflict


@transaction.atomic
def withdraw_conflict(*, conflict: ConflictOfInterest, by: Membership, at: datetime) -> None:
    """Withdraw a conflict of interest that has ended; it stays on record.

    Whoever it is about never withdraws it (promise 1). Raises OwnConflict, AlreadyWithdrawn.
    """
    conflict = ConflictOfInterest.locked(conflict.pk)
    if conflict.membership_id == by.pk:
        raise OwnConflict
    if conflict.withdrawn_at is not None:
        raise AlreadyWithdrawn
    conflict.withdrawn_at, conflict.withdrawn_by = at, by
    conflict.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record_event("qualifications.conflict.withdrawn", target=conflict, by=by, at=at)
