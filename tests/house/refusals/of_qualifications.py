"""What the database refuses about the catalogue, registrations and staff."""

from datetime import timedelta

from django.db import models

from assessments import models as assessments
from qualifications import models as qualifications
from tests.house.refusals.statements import (
    DAY,
    Refusal,
    copied,
    copy,
    copy_of_catalogue,
    twice,
    update,
)
from tests.makers import AT
from tests.wall.world import World


def achieved(world: World) -> None:
    unit = qualifications.QualificationUnit.objects.filter(
        qualification_id=world.cast.registration.qualification_id
    ).first()
    assert unit is not None
    qualifications.Achievement.objects.create(
        registration=world.cast.registration,
        unit_id=unit.unit_id,
        submission_id=world.ids["submission_id"],
        achieved_at=AT,
        achieved_by=world.cast.lead,
    )


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
    Refusal("qualifications_achievement_once_each", twice(achieved)),
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
