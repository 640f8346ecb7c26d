"""Units achieved under an earlier registration: the first of each is carried over."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from assessments.models import Assessment, AssessmentUnit
from centres.models import Centre
from centres.scoping import centre_scope
from portfolios.actions import start_attempt
from portfolios.models import Submission
from portfolios.rules import State
from qualifications.actions import extend_registration
from qualifications.actions.achieve import carry_achievements, record_achievement
from qualifications.models import Achievement, Registration, Unit
from tests.makers import AT, Cast, start

pytestmark = pytest.mark.django_db
COMBINED = "wba-d3-01-02"


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate)


def registered_again(cast: Cast, number: int) -> Registration:
    """Register the learner on the same qualification on a later day."""
    with centre_scope(cast.centre.pk):
        row: Registration = Registration.objects.create(
            learner_id=cast.registration.learner_id,
            qualification_id=cast.registration.qualification_id,
            number=f"AGAIN-{number}",
            registered_on=cast.registration.registered_on + timedelta(days=number),
            expires_on=cast.registration.expires_on,
            registered_at=AT,
            registered_by=cast.administrator,
        )
        return row


def achieve(cast: Cast, registration: Registration, unit: Unit, submission: Submission, *, days: int) -> None:
    Achievement.objects.create(
        registration=registration,
        unit=unit,
        submission_id=submission.pk,
        achieved_at=AT + timedelta(days=days),
        achieved_by=cast.lead,
    )


def units_of(key: str) -> list[Unit]:
    links = AssessmentUnit.objects.filter(assessment__key=key).select_related("unit").order_by("position")
    return [link.unit for link in links]


def test_of_two_earlier_achievements_of_a_unit_the_first_is_carried_over(cast: Cast) -> None:
    later, newest = registered_again(cast, 1), registered_again(cast, 2)
    submission = start(cast, COMBINED)
    unit = units_of(COMBINED)[0]
    with centre_scope(cast.centre.pk):
        achieve(cast, later, unit, submission, days=9)
        achieve(cast, cast.registration, unit, submission, days=2)
        carry_achievements(newest, by=cast.administrator, at=AT)
        carried = Achievement.objects.select_related("carried_from").get(registration=newest)
    assert carried.achieved_at == AT + timedelta(days=2)
    assert carried.carried_from.registration_id == cast.registration.pk


def test_one_unit_of_two_achieved_leaves_the_combined_assessment_to_be_done(cast: Cast) -> None:
    first = start(cast, "diary-d3-03")
    with centre_scope(cast.centre.pk):
        achieve(cast, cast.registration, units_of(COMBINED)[0], first, days=0)
        submission = start_attempt(
            registration=cast.registration,
            assessment=Assessment.objects.get(key=COMBINED),
            by=cast.learner,
            at=AT,
        )
    assert (submission.attempt, submission.state) == (1, State.DRAFT.value)


def test_a_registration_that_had_lapsed_gets_what_was_achieved_meanwhile_once_it_is_extended(
    cast: Cast,
) -> None:
    again = registered_again(cast, 1)
    with centre_scope(cast.centre.pk):
        Registration.objects.filter(pk=again.pk).update(expires_on=localdate(AT) - timedelta(days=1))
    submission = start(cast, COMBINED)
    with centre_scope(cast.centre.pk):
        record_achievement(
            registration=cast.registration,
            units=units_of(COMBINED),
            submission_id=submission.pk,
            by=cast.lead,
            at=AT,
        )
        assert not Achievement.objects.filter(registration=again).exists()
        extend_registration(
            registration=again,
            expires_on=localdate(AT) + timedelta(days=300),
            reason="Illness",
            by=cast.administrator,
            at=AT,
        )
        carried = Achievement.objects.filter(registration=again)
        assert set(carried.values_list("unit__ref", flat=True)) == {"D3.01", "D3.02"}
