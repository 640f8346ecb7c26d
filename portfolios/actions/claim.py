"""Claiming places in a piece of evidence for criteria, taking a claim back, and putting it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from assessments.selectors import parts_by_criterion
from centres.actions import record_event
from centres.models import Membership
from lib.ids import new_id
from lib.refusals import Refusal
from lib.visible import has_visible
from portfolios.actions.offer import restore_offer
from portfolios.models import Claim, Evidence, Offer, Submission
from portfolios.rules import State
from portfolios.rules.locators import Locator, what_is_wrong
from portfolios.selectors.criteria import units_of
from portfolios.selectors.extent import extent_of


class NotInUnit(Refusal):
    default_message = "Choose at least one criterion from the list."


class OutsideEvidence(Refusal):
    """A place that is not in the piece; the message says what to enter."""


class NothingSaid(Refusal):
    default_message = "Say in a line why it shows this."


@transaction.atomic
def claim_criteria(
    *,
    evidence: Evidence,
    criteria: Sequence[tuple[str, str]],
    locator: Locator,
    why: str,
    by: Membership,
    at: datetime,
) -> list[Claim]:
    """Offer a place in a piece of evidence for criteria, each a pair of unit and ref.

    A claim that is there already stays as it is. Where a draft is open, a file is offered under the parts
    of the criteria too, so that one step is enough. Raises NotInUnit, OutsideEvidence, NothingSaid.
    """
    evidence = _locked(evidence)
    _check_criteria(evidence, criteria)
    if wrong := what_is_wrong(locator, extent_of(evidence)):
        raise OutsideEvidence(wrong)
    if not has_visible(why):
        raise NothingSaid
    claims = [_claim(evidence, pair, locator, why.strip(), by=by, at=at) for pair in criteria]
    _offer_in_drafts(evidence, criteria, by=by, at=at)
    return claims


@transaction.atomic
def remove_claim(*, claim: Claim, by: Membership, at: datetime) -> None:
    """Take a claim back; it is kept, so that it can be put back. Twice is the same as once."""
    claim = Claim.locked(claim.pk)
    if claim.removed_at is not None:
        return
    claim.removed_at, claim.removed_by = at, by
    claim.save(update_fields=["removed_at", "removed_by"])
    record_event("portfolios.claim.removed", target=claim, by=by, at=at, evidence=str(claim.evidence_id))


@transaction.atomic
def restore_claim(*, claim: Claim, by: Membership, at: datetime) -> None:
    """Put back a claim that was taken back, unless the same one has been made since."""
    _locked(claim.evidence)
    claim = Claim.locked(claim.pk)
    if claim.removed_at is None or _standing(claim).exists():
        return
    claim.removed_at = claim.removed_by = None
    claim.save(update_fields=["removed_at", "removed_by"])
    record_event("portfolios.claim.restored", target=claim, by=by, at=at, evidence=str(claim.evidence_id))


def bring_claims_along(*, before: Evidence, after: Evidence, by: Membership, at: datetime) -> None:
    """Move the claims on a text to its copy in the next attempt; the earlier attempt keeps its manifest."""
    for claim in Claim.objects.filter(evidence=before, removed_at__isnull=True):
        remove_claim(claim=claim, by=by, at=at)
        claim.pk = new_id()
        claim._state.adding = True
        claim.evidence = after
        claim.save(force_insert=True)


def _locked(evidence: Evidence) -> Evidence:
    """Lock a piece against other claims on it, but not against being offered meanwhile."""
    rows = Evidence.objects.select_for_update(of=("self",), no_key=True).select_related("registration")
    locked: Evidence = rows.get(pk=evidence.pk)
    return locked


def _check_criteria(evidence: Evidence, criteria: Sequence[tuple[str, str]]) -> None:
    if not criteria:
        raise NotInUnit
    refs = {unit.ref: set(unit.refs) for unit in units_of(evidence.registration)}
    for unit, ref in criteria:
        if unit not in refs:
            raise NotInUnit(f"Unit {unit} is not in your qualification. Choose a criterion from the list.")
        if ref not in refs[unit]:
            raise NotInUnit(f"AC {ref} is not in this unit. Choose one from the list.")


def _claim(
    evidence: Evidence,
    criterion: tuple[str, str],
    locator: Locator,
    why: str,
    *,
    by: Membership,
    at: datetime,
) -> Claim:
    claim = Claim(
        registration_id=evidence.registration_id,
        evidence=evidence,
        unit_ref=criterion[0],
        criterion_ref=criterion[1],
        kind=locator.kind.value,
        first=locator.first,
        last=locator.last,
        quote=locator.quote,
        why=why,
        claimed_at=at,
        claimed_by=by,
    )
    same: Claim | None = _standing(claim).first()
    if same is not None:
        return same
    claim.save(force_insert=True)
    record_event(
        "portfolios.claim.made",
        target=claim,
        by=by,
        at=at,
        evidence=str(evidence.pk),
        unit=claim.unit_ref,
        criterion=claim.criterion_ref,
        locator=str(locator),
    )
    return claim


def _standing(claim: Claim) -> Any:
    """Return the claims that stand at the very same place for the same criterion."""
    return Claim.objects.filter(
        evidence=claim.evidence_id,
        unit_ref=claim.unit_ref,
        criterion_ref=claim.criterion_ref,
        kind=claim.kind,
        first=claim.first,
        last=claim.last,
        quote=claim.quote,
        removed_at__isnull=True,
    )


def _offer_in_drafts(
    evidence: Evidence, criteria: Sequence[tuple[str, str]], *, by: Membership, at: datetime
) -> None:
    """Offer a file under the criteria's parts of open drafts; a text stays where it was written."""
    if evidence.kind == Evidence.Kind.TEXT:
        return
    drafts = Submission.objects.filter(
        registration=evidence.registration_id,
        state=State.DRAFT.value,
        assessment__assessment_units__unit__ref__in={unit for unit, _ in criteria},
    ).select_related("assessment")
    for draft in drafts.order_by("id").distinct():
        parts = parts_by_criterion(draft.assessment)
        wanted = {parts[pair] for pair in criteria if pair in parts} & set(draft.open_parts)
        held = Offer.objects.filter(submission=draft, evidence=evidence).values_list("part_ref", flat=True)
        for part_ref in sorted(wanted - set(held)):
            restore_offer(submission=draft, evidence=evidence, part_ref=part_ref, by=by, at=at)
