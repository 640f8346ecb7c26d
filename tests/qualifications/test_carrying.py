"""Units achieved under an earlier registration: the first of each is carried over."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from assessments.models import Assessment
from centres.models import Centre
from centres.scoping import centre_scope
from portfolios.actions import start_attempt
from portfolios.rules import State
from qualifications.actions import extend_registration
from qualifications.actions.achieve import carry_achievements
from qualifications.models import Achievement, Registration
from tests.makers import AT, Cast
from tests.marking.released import achieve

pytestmark = pytest.mark.django_db
COMBINED = "wba-d3-01-02"
YESTERDAY = AT.date() - timedelta(days=1)


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


def lapsed(registration: Registration, *, until: date = YESTERDAY) -> None:
    """Set the last day of a registration; call it inside the centre's scope."""
    Registration.objects.filter(pk=registration.pk).update(expires_on=until)


def test_of_two_earlier_achievements_of_a_unit_the_first_is_carried_over(cast: Cast) -> None:
    later, (second, ninth) = registered_again(cast, 1), [AT + timedelta(days=days) for days in (2, 9)]
    with centre_scope(cast.centre.pk):
        lapsed(cast.registration)
    achieve(cast, COMBINED, within=later, at=ninth)
    with centre_scope(cast.centre.pk):
        lapsed(cast.registration, until=date(2028, 1, 1))
    achieve(cast, COMBINED, at=second)
    newest = registered_again(cast, 2)
    with centre_scope(cast.centre.pk):
        carry_achievements(newest, by=cast.administrator, at=ninth)
        carried = Achievement.objects.filter(registration=newest).select_related("carried_from")
        assert {row.achieved_at for row in carried} == {second}
        assert {row.carried_from.registration_id for row in carried} == {cast.registration.pk}


def test_one_unit_of_two_achieved_leaves_the_combined_assessment_to_be_done(cast: Cast) -> None:
    achieve(cast, COMBINED)
    again = registered_again(cast, 1)
    with centre_scope(cast.centre.pk):
        first = Achievement.objects.get(unit__ref="D3.01")
        Achievement.objects.create(
            registration=again,
            unit_id=first.unit_id,
            submission_id=first.submission_id,
            achieved_at=AT,
            achieved_by=cast.lead,
            carried_from=first,
        )
        submission = start_attempt(
            registration=again,
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
        lapsed(again)
    achieve(cast, COMBINED)
    with centre_scope(cast.centre.pk):
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
