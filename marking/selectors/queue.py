"""Who may judge what: competence, conflicts, own work, and what they did at other stages."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from assessments.models import AssessmentUnit
from centres.models import Membership
from marking.models import Judgement
from portfolios.models import Submission
from portfolios.rules import State
from qualifications.models import Competence, ConflictOfInterest

OWN_WORK = {
    Judgement.Stage.ASSESSOR: "You cannot assess your own work. Someone else must take it.",
    Judgement.Stage.COUNTERSIGNER: "You cannot countersign your own work. Someone else must.",
    Judgement.Stage.IQA: "You cannot review your own work. Someone else must.",
}
OTHER_STAGE = {
    Judgement.Stage.ASSESSOR: "You reviewed an attempt at this work, so someone else must assess it.",
    Judgement.Stage.COUNTERSIGNER: "You judged this at another stage, so someone else must countersign it.",
    Judgement.Stage.IQA: "You assessed this, so someone else must review it.",
}


def competent_refs(membership: Membership, *, today: date) -> set[str]:
    """Return the refs of the units that a person may assess today."""
    return set(
        Competence.objects.filter(
            membership=membership, valid_from__lte=today, valid_until__gte=today
        ).values_list("unit_ref", flat=True)
    )


def waiting_for(by: Membership, *, today: date) -> Any:
    """Return the attempts that wait and that a person may assess, as ``why_not_judge`` sees it."""
    beyond = AssessmentUnit.objects.filter(assessment=OuterRef("assessment")).exclude(
        unit__ref__in=competent_refs(by, today=today)
    )
    conflict = conflicts_of(by).filter(learner=OuterRef("registration__learner"))
    elsewhere = judged_elsewhere(Judgement.Stage.ASSESSOR, by).filter(
        registration=OuterRef("registration"), assessment=OuterRef("assessment")
    )
    return (
        Submission.objects.in_state(State.SUBMITTED)
        .filter(~Exists(beyond), ~Exists(conflict), ~Exists(elsewhere))
        .exclude(registration__learner__membership=by)
    )


def judged_elsewhere(stage: Judgement.Stage, by: Membership) -> Any:
    """Return what a person judged at other stages than this one."""
    judged = Judgement.objects.filter(judge=by).exclude(stage=stage)
    return judged.exclude(state=Judgement.State.WITHDRAWN)


def why_not_judge(submission: Submission, *, stage: Judgement.Stage, by: Membership, today: date) -> str:
    """Return the reason why a person may not judge an attempt at a stage, or nothing where they may.

    Source: design section 6, promises 1 and 5.
    """
    learner = submission.registration.learner
    if learner.membership_id == by.pk:
        return OWN_WORK[stage]
    declared = conflicts_of(by).filter(learner=learner).first()
    if declared is not None:
        return conflict_in_words(declared)
    elsewhere = judged_elsewhere(stage, by)
    if elsewhere.filter(
        registration_id=submission.registration_id, assessment_id=submission.assessment_id
    ).exists():
        return OTHER_STAGE[stage]
    if stage == Judgement.Stage.IQA:
        return ""
    refs = set(
        AssessmentUnit.objects.filter(assessment_id=submission.assessment_id).values_list(
            "unit__ref", flat=True
        )
    )
    missing = sorted(refs - competent_refs(by, today=today))
    return competence_in_words(missing)


def conflicts_of(by: Membership) -> Any:
    """Return the conflicts of interest of a person that stand."""
    return ConflictOfInterest.objects.filter(membership=by, withdrawn_at__isnull=True)


def conflict_in_words(conflict: ConflictOfInterest) -> str:
    """Say that a conflict of interest keeps a person from this work."""
    day = localdate(conflict.declared_at)
    return f"You declared a conflict of interest with this learner on {day:%-d %b %Y}."


def competence_in_words(missing: list[str]) -> str:
    """Say in which units a person lacks competence; nothing where they lack none."""
    return f"You have no current competence in {' and '.join(missing)}. Ask your lead IQA." if missing else ""
