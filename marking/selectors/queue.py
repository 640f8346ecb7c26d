"""What waits for a person: within their competence, without a conflict, not judged at another stage."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from assessments.models import AssessmentUnit
from centres.models import Membership
from marking.models import Judgement
from portfolios.models import Submission
from portfolios.rules import State
from qualifications.models import Competence, ConflictOfInterest


def competent_refs(membership: Membership, *, today: date) -> set[str]:
    """Return the refs of the units that a person may assess today."""
    return set(
        Competence.objects.current_on(today).filter(membership=membership).values_list("unit_ref", flat=True)
    )


def waiting_for(by: Membership, *, today: date) -> Any:
    """Return the attempts that wait and that a person may assess: the rule ``why_not_judge`` as one query."""
    beyond = AssessmentUnit.objects.filter(assessment=OuterRef("assessment")).exclude(
        unit__ref__in=competent_refs(by, today=today)
    )
    conflict = conflicts_of(by).filter(learner=OuterRef("registration__learner"))
    elsewhere = judged_elsewhere(Judgement.Stage.ASSESSOR, by).filter(
        registration__learner=OuterRef("registration__learner"), assessment__key=OuterRef("assessment__key")
    )
    return (
        Submission.objects.in_state(State.SUBMITTED)
        .filter(~Exists(beyond), ~Exists(conflict), ~Exists(elsewhere))
        .exclude(registration__learner__membership=by)
    )


def judged_elsewhere(stage: Judgement.Stage, by: Membership) -> Any:
    """Return what a person judged at other stages than this one, also what they wrote on and set aside."""
    return Judgement.objects.counting().filter(judge=by).exclude(stage=stage)


def sheets_in_hand(by: Membership) -> Any:
    """Return the unsigned sheets of what a person took and has not handed back."""
    return Judgement.objects.filter(judge=by, stage=Judgement.Stage.ASSESSOR, state=Judgement.State.DRAFT)


def conflicts_of(by: Membership) -> Any:
    """Return the conflicts of interest of a person that stand."""
    return ConflictOfInterest.objects.filter(membership=by, withdrawn_at__isnull=True)
