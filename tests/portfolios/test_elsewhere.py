"""One learner in two registrations: work is done once, and what is achieved is not asked for again."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment
from centres.scoping import centre_scope
from desks.selectors.home import learner_home
from portfolios.actions import start_attempt
from portfolios.actions.start import AlreadyAchieved, AttemptOpen
from portfolios.actions.submit import NotReady
from portfolios.models import Submission
from qualifications.actions import register_learner
from qualifications.actions.achieve import carry_achievements
from qualifications.models import Registration
from quality_assurance.models import Release
from quality_assurance.selectors.follow import receipt_of
from tests.makers import AT, Cast, assessed, decide, make_registration, passing, sign, submit, take
from tests.marking.released import achieve
from tests.portfolios.conftest import KEY
from tests.portfolios.samples import at
from tests.quality_assurance.people import release

pytestmark = pytest.mark.django_db
COACHES = "l3-cert-professional-workplace-coaches"


@pytest.fixture
def other(cast: Cast) -> Registration:
    """Return a second registration of the learner, on a qualification that shares units with the first."""
    with centre_scope(cast.centre.pk):
        learner = cast.registration.learner
    return make_registration(cast.centre, learner, by=cast.administrator, qualification=COACHES, number="R-9")


def registered_again(cast: Cast) -> Registration:
    """Let the learner's registration lapse, and register them again on the same qualification."""
    lapse(cast, cast.registration)
    with centre_scope(cast.centre.pk):
        return register_learner(
            learner=cast.registration.learner,
            qualification=cast.registration.qualification,
            number="R-8",
            registered_on=date(2026, 11, 2),
            by=cast.administrator,
            at=AT,
        )


def started(cast: Cast, registration: Registration) -> Submission:
    with centre_scope(cast.centre.pk):
        assessment = Assessment.objects.get(key=KEY)
        return start_attempt(registration=registration, assessment=assessment, by=cast.learner, at=AT)


def lapse(cast: Cast, registration: Registration) -> None:
    with centre_scope(cast.centre.pk):
        Registration.objects.filter(pk=registration.pk).update(expires_on=date(2026, 11, 1))


def page(cast: Cast, registration: Registration, client: Client) -> str:
    kwargs = {"slug": cast.centre.slug, "registration_id": registration.pk, "key": KEY}
    return client.get(reverse("portfolios:assessment", kwargs=kwargs)).content.decode()


def test_a_draft_of_what_was_achieved_meanwhile_is_neither_asked_for_nor_submitted(
    cast: Cast, other: Registration, learner: Client
) -> None:
    draft = beside(cast, other)
    judgement = assessed(cast, KEY)
    revive(cast, other)
    release(judgement.submission, cast.lead)
    said = "You have achieved this already. There is nothing to do again."
    with pytest.raises(NotReady) as refused:
        submit(cast, draft)
    assert [row.kind for row in refused.value.missing] == ["achieved"]
    assert said in learner.get(at(cast, "submission", draft)).content.decode()
    assert said in learner.get(at(cast, "submit", draft)).content.decode()
    with centre_scope(cast.centre.pk):
        home = learner_home(cast.learner, at=AT)
    work = next(
        work
        for course in home.courses
        for work in course.works
        if work.registration.pk == other.pk and work.assessment.key == KEY
    )
    assert work.standing.label == "Achieved already"
    assert "Finish" not in home.next.text


def test_the_same_work_is_not_begun_in_two_registrations(
    cast: Cast, other: Registration, learner: Client
) -> None:
    started(cast, cast.registration)
    with pytest.raises(AttemptOpen, match=r"You have begun this in registration ABC1234\."):
        started(cast, other)
    assert "Finish it there." in page(cast, other, learner)


def test_work_that_waits_for_its_result_is_not_begun_under_a_new_registration(cast: Cast) -> None:
    judgement = assessed(cast, KEY)
    again = registered_again(cast)
    with pytest.raises(AttemptOpen, match=r"in registration ABC1234 is with your centre"):
        started(cast, again)
    with centre_scope(cast.centre.pk):
        assert KEY not in learner_home(cast.learner, at=AT).next.text
    release(judgement.submission, cast.lead)
    with pytest.raises(AlreadyAchieved):
        started(cast, again)


def test_a_draft_left_in_a_registration_that_lapsed_keeps_nobody_from_a_new_start(cast: Cast) -> None:
    started(cast, cast.registration)
    assert started(cast, registered_again(cast)).attempt == 1


def beside(cast: Cast, other: Registration) -> Submission:
    """Return a draft in the second registration, which has lapsed, so that the first lets one begin too."""
    draft = started(cast, other)
    lapse(cast, other)
    return draft


def revive(cast: Cast, registration: Registration) -> None:
    with centre_scope(cast.centre.pk):
        Registration.objects.filter(pk=registration.pk).update(expires_on=date(2028, 1, 1))


def test_of_two_drafts_the_second_waits_for_the_result_of_the_first(
    cast: Cast, other: Registration, learner: Client
) -> None:
    draft = beside(cast, other)
    assessed(cast, KEY)
    revive(cast, other)
    with pytest.raises(NotReady) as refused:
        submit(cast, draft)
    assert [row.kind for row in refused.value.missing] == ["elsewhere"]
    assert (
        "is with your centre. Wait for its result." in learner.get(at(cast, "submit", draft)).content.decode()
    )


def test_a_referral_of_what_was_achieved_meanwhile_opens_nothing(cast: Cast, other: Registration) -> None:
    first = started(cast, cast.registration)
    lapse(cast, cast.registration)
    achieve(cast, KEY, within=other)
    revive(cast, cast.registration)
    judgement = take(cast, submit(cast, first))
    decide(judgement, passing(judgement) | {"1": 3})
    sign(judgement)
    with centre_scope(cast.centre.pk):
        carry_achievements(cast.registration, by=cast.administrator, at=AT)
    released: Release = release(first, cast.lead)
    assert released.outcome == "REFERRAL"
    with centre_scope(cast.centre.pk):
        assert not Submission.objects.filter(previous=first).exists()
        assert receipt_of(released).followed == "Opens no attempt: D3.01 and D3.02 are achieved already."
