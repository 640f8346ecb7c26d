"""First and last days: of an approval, and of a registration that a pass in another goes along to."""

from datetime import date, timedelta
from typing import Any

import pytest

from centres.models import Centre
from centres.scoping import centre_scope
from qualifications import actions
from qualifications.actions import NotApproved
from qualifications.models import Achievement, CentreApproval, Qualification, Registration
from tests.makers import AT, Cast, make_learner
from tests.marking.released import achieve

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 3, 2), date(2026, 10, 30)
DAY = timedelta(days=1)
PROFESSIONAL = "l3-cert-professional-workplace-coaches"


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate)


def registered(cast: Cast, key: str, day: date, *, number: str = "N-9") -> Registration:
    learner: Any = cast.registration.learner
    return actions.register_learner(
        learner=learner,
        qualification=Qualification.objects.get(key=key),
        number=number,
        registered_on=day,
        by=cast.administrator,
        at=AT,
    )


@pytest.mark.parametrize(
    ("day", "is_approved"), [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)]
)
def test_an_approval_counts_on_its_first_and_its_last_day_and_not_beside_them(
    cast: Cast, day: date, is_approved: bool
) -> None:
    with centre_scope(cast.centre.pk):
        CentreApproval.objects.create(
            qualification=Qualification.objects.get(key=PROFESSIONAL), approved_on=FIRST, ends_on=LAST
        )
        if is_approved:
            assert registered(cast, PROFESSIONAL, day).registered_on == day
        else:
            with pytest.raises(NotApproved):
                registered(cast, PROFESSIONAL, day)


@pytest.mark.parametrize(("ends_on", "is_carried"), [(AT.date(), True), (AT.date() - DAY, False)])
def test_a_pass_goes_along_to_a_registration_on_its_last_day_and_not_after_it(
    cast: Cast, ends_on: date, is_carried: bool
) -> None:
    with centre_scope(cast.centre.pk):
        CentreApproval.objects.create(
            qualification=Qualification.objects.get(key=PROFESSIONAL), approved_on=FIRST
        )
        beside = registered(cast, PROFESSIONAL, FIRST)
        Registration.objects.filter(pk=beside.pk).update(expires_on=ends_on)
    achieve(cast, "wba-d3-01-02")
    with centre_scope(cast.centre.pk):
        assert Achievement.objects.filter(registration=beside).exists() == is_carried


def test_a_pass_of_one_learner_goes_along_to_nobody_else(cast: Cast) -> None:
    make_learner(cast.centre, "Ben Okoro", by=cast.administrator, number="N-2")
    achieve(cast, "wba-d3-01-02")
    with centre_scope(cast.centre.pk):
        owners = Achievement.objects.values_list("registration", flat=True)
        assert set(owners) == {cast.registration.pk}
