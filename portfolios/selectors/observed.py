"""What assessors and tutors wrote about learners, and about whom they may write."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from centres.models import Membership
from centres.permissions import Role
from portfolios.models import Record
from portfolios.rules.kept import what_forbids
from qualifications.models import ConflictOfInterest, QualificationUnit, Registration, Unit

STAFF_ROLES = (Role.ASSESSOR, Role.TUTOR)


def role_of(by: Membership) -> Role:
    """Return as what somebody writes about a learner: an assessor, or else a tutor."""
    return next((role for role in STAFF_ROLES if role.value in by.roles), Role.TUTOR)


def why_not(registration: Registration, by: Membership) -> str:
    """Say why somebody may not write about a learner; empty where nothing forbids it."""
    conflicts = ConflictOfInterest.objects.filter(
        membership=by, learner=registration.learner_id, withdrawn_at__isnull=True
    )
    return what_forbids(
        is_staff=by.ended_at is None and bool({role.value for role in STAFF_ROLES} & set(by.roles)),
        is_own=registration.learner.membership_id == by.pk,
        has_conflict=conflicts.exists(),
    )


def learners_to_observe(by: Membership) -> QuerySet[Any]:
    """Return the registrations whose learners somebody may write about."""
    conflicts = ConflictOfInterest.objects.filter(
        membership=by, learner=OuterRef("learner"), withdrawn_at__isnull=True
    )
    rows: QuerySet[Any] = Registration.objects.select_related("learner", "qualification")
    return rows.filter(~Exists(conflicts)).exclude(learner__membership=by)


def units_of_registration(registration: Registration) -> list[Unit]:
    """Return the units of a registration's qualification, in its order."""
    links = QualificationUnit.objects.filter(qualification=registration.qualification_id)
    return [link.unit for link in links.select_related("unit").order_by("position")]


def observations_of(registration_id: UUID) -> QuerySet[Any]:
    """Return what assessors and tutors wrote about a learner, the latest first."""
    rows: QuerySet[Any] = Record.objects.filter(
        registration=registration_id, signed_as__in=[Record.SignedAs.ASSESSOR, Record.SignedAs.TUTOR]
    )
    return rows.select_related("evidence", "signed_by").order_by("-signed_at", "id")


def kept_pages(evidence_ids: Iterable[UUID]) -> set[UUID]:
    """Return which pieces of evidence were kept from signed pages."""
    return set(Record.objects.filter(evidence__in=list(evidence_ids)).values_list("evidence_id", flat=True))
