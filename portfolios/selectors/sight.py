"""Who may see which work: learners their own, and everyone else what a grant opens to them."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.models import ApprovedDeviation
from centres.models import Grant, Membership
from centres.permissions import Permission, Role, allows
from portfolios.models import Evidence, Offer, Submission
from portfolios.rules import State
from portfolios.selectors.papers import rests_on_paper
from qualifications.models import Registration


def own_registrations(by: Membership) -> QuerySet[Any]:
    """Return the registrations of a learner, with what their pages name."""
    rows: QuerySet[Any] = Registration.objects.filter(learner__membership=by)
    return rows.select_related("learner", "qualification")


def own_submissions(by: Membership) -> QuerySet[Any]:
    """Return the attempts of a learner, with what their pages name."""
    rows: QuerySet[Any] = Submission.objects.filter(registration__learner__membership=by)
    return rows.select_related("registration__learner", "registration__qualification", "assessment")


def readable_evidence(by: Membership, *, at: datetime) -> QuerySet[Any]:
    """Return the evidence that a person may read now; nobody reads what was not found clean.

    A grant for an attempt opens what it holds and what earlier attempts at the same work held, because
    parts carried over rest on it; so it does the signed papers that their records name.
    """
    granted = Grant.objects.current_at(at).filter(membership=by)
    opened = Submission.objects.filter(
        pk__in=granted.values("object_id"),
        registration=OuterRef("submission__registration"),
        assessment=OuterRef("submission__assessment"),
        attempt__gte=OuterRef("submission__attempt"),
    )
    held = Offer.objects.filter(Exists(opened), evidence=OuterRef("pk"))
    rows: QuerySet[Any] = Evidence.objects.filter(removed_at__isnull=True, state=Evidence.State.CLEAN)
    return rows.filter(Q(registration__learner__membership=by) | Exists(held) | rests_on_paper(opened))


def readable_attempts(by: Membership, roles: frozenset[Role], *, at: datetime) -> QuerySet[Any]:
    """Return the attempts whose portfolio a person may read as one document.

    Learners read their own at any time; the office reads what was submitted, and so does who has a grant.
    """
    rows: QuerySet[Any] = Submission.objects.select_related(
        "registration__learner", "registration__qualification", "assessment", "submitted_by", "centre"
    )
    own = Q(registration__learner__membership=by)
    submitted = ~Q(state=State.DRAFT.value)
    if Role.ADMINISTRATOR in roles:
        return rows.filter(own | submitted)
    granted = Grant.objects.current_at(at).filter(membership=by)
    return rows.filter(own | submitted & Q(pk__in=granted.values("object_id")))


def watched_registrations(by: Membership, roles: frozenset[Role]) -> QuerySet[Any]:
    """Return the registrations whose programme a person may look at: all for who watches, else their own."""
    rows: QuerySet[Any] = Registration.objects.select_related("learner", "qualification", "cohort")
    if allows(roles, Permission.WATCH_PROGRAMMES):
        return rows
    return rows.filter(learner__membership=by)


def readable_deviations(by: Membership, roles: frozenset[Role], *, at: datetime) -> QuerySet[Any]:
    """Return the approved deviations that a person may read: who watches programmes all, learners their own,
    and everyone else those of work that a grant opens to them.
    """
    rows: QuerySet[Any] = ApprovedDeviation.objects.select_related(
        "registration__learner", "registration__qualification", "assessment"
    )
    if allows(roles, Permission.WATCH_PROGRAMMES):
        return rows
    granted = Grant.objects.current_at(at).filter(membership=by)
    opened = Submission.objects.filter(
        pk__in=granted.values("object_id"),
        registration=OuterRef("registration"),
        assessment__key=OuterRef("assessment__key"),
    )
    return rows.filter(Q(registration__learner__membership=by) | Exists(opened))
