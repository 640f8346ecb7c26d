"""Who may judge what: competence, conflicts, own work, and what they did at other stages."""

from datetime import date

from assessments.models import AssessmentUnit
from centres.models import Membership
from marking.models import Judgement
from portfolios.models import Submission
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


def why_not_judge(submission: Submission, *, stage: Judgement.Stage, by: Membership, today: date) -> str:
    """Return the reason why a person may not judge an attempt at a stage, or nothing where they may.

    Source: design section 6, promises 1 and 5.
    """
    learner = submission.registration.learner
    if learner.membership_id == by.pk:
        return OWN_WORK[stage]
    conflict = ConflictOfInterest.objects.filter(membership=by, learner=learner, withdrawn_at__isnull=True)
    declared = conflict.first()
    if declared is not None:
        return f"You declared a conflict of interest with this learner on {declared.declared_at:%-d %b %Y}."
    if _judged_at_other_stage(submission, stage, by):
        return OTHER_STAGE[stage]
    if stage == Judgement.Stage.IQA:
        return ""
    refs = set(
        AssessmentUnit.objects.filter(assessment_id=submission.assessment_id).values_list(
            "unit__ref", flat=True
        )
    )
    missing = sorted(refs - competent_refs(by, today=today))
    return f"You have no current competence in {' and '.join(missing)}. Ask your lead IQA." if missing else ""


def _judged_at_other_stage(submission: Submission, stage: Judgement.Stage, by: Membership) -> bool:
    judged = Judgement.objects.filter(
        registration_id=submission.registration_id, assessment_id=submission.assessment_id, judge=by
    )
    return bool(judged.exclude(stage=stage).exclude(state=Judgement.State.WITHDRAWN).exists())
