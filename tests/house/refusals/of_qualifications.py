"""What the database refuses about the catalogue, registrations and staff."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models

from assessments import models as assessments
from portfolios.models import Submission
from qualifications import models as qualifications
from tests.house.refusals.statements import (
    DAY,
    Refusal,
    copied,
    copy,
    copy_of_catalogue,
    update,
)
from tests.makers import AT, make_learner
from tests.quality_assurance.people import release
from tests.wall.world import World

Found = Callable[[World], Any]


def achieved(ref: str, key: str, *, attempt: int = 1) -> Callable[[World], object]:
    """Return a statement that a unit is achieved by an attempt, whatever became of the attempt."""

    def run(world: World) -> None:
        unit = qualifications.QualificationUnit.objects.get(
            qualification_id=world.cast.registration.qualification_id, unit__ref=ref
        )
        work = Submission.objects.get(assessment__key=key, attempt=attempt)
        qualifications.Achievement.objects.create(
            registration_id=world.cast.registration.pk,
            unit_id=unit.unit_id,
            submission_id=work.pk,
            achieved_at=AT,
            achieved_by=world.cast.lead,
        )

    return run


def achieved_again(**changes: Found) -> Callable[[World], object]:
    """Return a statement that adds a changed copy of a unit achieved by a released pass."""

    def run(world: World) -> None:
        release(Submission.objects.get(pk=world.ids["submission_id"]), world.cast.lead)
        found = {name: find(world) for name, find in changes.items()}
        copied(qualifications.Achievement.objects.all(), **found)

    return run


def unit(ref: str) -> Found:
    return lambda _: qualifications.Unit.objects.filter(ref=ref).latest("version").pk


def registration(number: str) -> Found:
    return lambda _: qualifications.Registration.objects.get(number=number).pk


def somebody_elses(world: World) -> Any:
    return make_learner(world.centre, "Ben Okoro", by=world.cast.administrator, number="N-2").pk


def itself(_: World) -> Any:
    return qualifications.Achievement.objects.get().pk


def another_attempt(world: World) -> Any:
    return world.ids["draft_id"]


ELSEWHERE = registration("R-2")


def followed(world: World) -> None:
    registrations = qualifications.Registration.objects.filter(number="ABC1234")
    for days in (1, 2):
        copied(
            registrations,
            number=f"X-{days}",
            registered_on=AT.date() + timedelta(days),
            previous_id=world.cast.registration.pk,
        )


QUALIFICATIONS = [
    Refusal("qualifications_approval_once_in_a_centre", copy(qualifications.CentreApproval)),
    Refusal(
        "qualifications_registration_number_once",
        copy(qualifications.Registration, changes={"registered_on": AT.date()}),
    ),
    Refusal(
        "qualifications_registration_once_a_day", copy(qualifications.Registration, changes={"number": "X"})
    ),
    Refusal("qualifications_registration_followed_by_one", followed),
    Refusal(
        "qualifications_registration_ends_after_it_starts",
        copy(qualifications.Registration, changes={"expires_on": AT.date(), "registered_on": AT.date()}),
    ),
    Refusal("qualifications_achievement_once_each", achieved_again()),
    *(
        Refusal("qualifications_achievement_rests_on_a_pass", statement)
        for statement in (
            achieved("D3.06", "diary-d3-06"),
            achieved("D3.05", "review-d3-05"),
            achieved("D3.03", "diary-d3-03"),
            achieved("D3.01", "wba-d3-01-02"),
            achieved_again(unit_id=unit("D3.07")),
            achieved_again(registration_id=ELSEWHERE),
            achieved_again(unit_id=unit("D3.07"), carried_from_id=itself),
            achieved_again(registration_id=ELSEWHERE, unit_id=unit("D3.07"), carried_from_id=itself),
            achieved_again(registration_id=somebody_elses, carried_from_id=itself),
            achieved_again(registration_id=ELSEWHERE, submission_id=another_attempt, carried_from_id=itself),
        )
    ),
    Refusal("qualifications_competence_one_decision_a_day", copy(qualifications.Competence)),
    Refusal(
        "qualifications_competence_ends_after_it_starts",
        copy(qualifications.Competence, changes={"valid_from": AT.date(), "valid_until": AT.date() - DAY}),
    ),
    Refusal("qualifications_conflict_declared_once", copy(qualifications.ConflictOfInterest)),
    Refusal(
        "qualifications_conflict_withdrawal_is_signed",
        copy(qualifications.ConflictOfInterest, changes={"withdrawn_at": AT}),
    ),
    Refusal(
        "qualifications_conflict_is_not_withdrawn_by_itself",
        update(
            qualifications.ConflictOfInterest,
            {"withdrawn_at": AT, "withdrawn_by": models.F("membership")},
            withdrawn_at__isnull=True,
        ),
    ),
]
CATALOGUE = [
    Refusal("qualifications_qualification_version_once", copy_of_catalogue(qualifications.Qualification)),
    Refusal("qualifications_unit_version_once", copy_of_catalogue(qualifications.Unit)),
    Refusal("qualifications_outcome_number_once", copy_of_catalogue(qualifications.LearningOutcome)),
    Refusal("qualifications_criterion_ref_once", copy_of_catalogue(qualifications.Criterion)),
    Refusal("qualifications_unit_once_in_each", copy_of_catalogue(qualifications.QualificationUnit)),
    Refusal("assessments_assessment_version_once", copy_of_catalogue(assessments.Assessment)),
    Refusal(
        "assessments_assessment_totals_fit_the_rule",
        copy_of_catalogue(assessments.Assessment, rule="all_criteria", total_max=1, total_min=1, version=9),
    ),
    Refusal("assessments_unit_once_in_each", copy_of_catalogue(assessments.AssessmentUnit)),
    Refusal("assessments_assessment_once_in_each", copy_of_catalogue(assessments.QualificationAssessment)),
    Refusal("assessments_programme_version_once", copy_of_catalogue(assessments.Programme)),
    Refusal("assessments_template_version_once", copy_of_catalogue(assessments.RecordTemplate)),
    Refusal("assessments_section_position_once", copy_of_catalogue(assessments.Section)),
    Refusal(
        "assessments_section_minimum_within_maximum",
        copy_of_catalogue(assessments.Section, min_marks=9, max_marks=8, position=90),
    ),
    Refusal("assessments_criterion_once_on_a_sheet", copy_of_catalogue(assessments.SheetCriterion)),
]
