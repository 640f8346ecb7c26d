"""What a learner need not or may not do here: it is achieved, or under way in another registration."""

from typing import Any

from assessments.models import Assessment, AssessmentUnit
from portfolios.models import Submission
from portfolios.rules import Lack, State
from qualifications.models import Achievement, Registration


def is_achieved(registration: Registration, assessment: Assessment) -> bool:
    """Say whether every unit that an assessment decides is achieved in a registration."""
    achieved = Achievement.objects.filter(registration=registration).values("unit__ref")
    units = AssessmentUnit.objects.filter(assessment=assessment)
    return not units.exclude(unit__ref__in=achieved).exists()


def under_way_elsewhere(registration: Registration, assessment: Assessment) -> Any:
    """Return the learner's attempts at the same work in other registrations that are not released yet."""
    rows = Submission.objects.open().filter(
        registration__learner=registration.learner_id, assessment__key=assessment.key
    )
    return rows.exclude(registration=registration).select_related("registration")


def what_stands_against(submission: Submission) -> Lack | None:
    """Return what keeps a draft from being submitted, whatever it holds; mostly nothing does."""
    if is_achieved(submission.registration, submission.assessment):
        return Lack.ACHIEVED
    elsewhere = under_way_elsewhere(submission.registration, submission.assessment)
    return Lack.ELSEWHERE if elsewhere.exclude(state=State.DRAFT.value).exists() else None
