"""One learner in two tabs, in real transactions: the same work is begun and submitted once."""

from collections.abc import Callable
from time import sleep

import pytest

from centres.models import Centre
from centres.scoping import centre_scope
from lib.refusals import Refusal
from portfolios import actions
from portfolios.actions.submit import NotReady
from portfolios.models import Submission
from portfolios.rules import State
from qualifications.models import Registration
from tests.makers import AT, Cast, make_registration, practise
from tests.marking.test_together import both
from tests.portfolios.test_elsewhere import COACHES, beside, revive, started

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures("walled"),
]
OPEN = 0.4  # seconds in which a transaction stays open, so that the other one would not see it


def learner_twice() -> tuple[Cast, Registration]:
    """Return a centre's people, and a second registration of their learner that shares units."""
    cast = Cast(Centre.objects.get(slug="northgate"))
    with centre_scope(cast.centre.pk):
        learner = cast.registration.learner
    other = make_registration(
        cast.centre, learner, by=cast.administrator, qualification=COACHES, number="R-9"
    )
    return cast, other


def slowly(work: Callable[[], object]) -> Callable[[], object]:
    def done() -> object:
        answer = work()
        sleep(OPEN)
        return answer

    return done


def filled(cast: Cast, draft: Submission) -> str:
    """Write something under every part of a draft, record its practice; returns what is to be declared."""
    with centre_scope(cast.centre.pk):
        cast.registration = draft.registration
        practise(cast, draft)
        for ref in draft.open_parts:
            actions.save_text(
                submission=draft,
                part_ref=ref,
                text=f"What I did for {ref}.",
                version=0,
                by=cast.learner,
                at=AT,
            )
        return actions.manifest_fingerprint(actions.manifest_of(draft))


def states(cast: Cast) -> list[str]:
    with centre_scope(cast.centre.pk):
        return sorted(Submission.objects.values_list("state", flat=True))


def test_the_same_work_is_begun_in_one_registration_at_a_time() -> None:
    cast, other = learner_twice()

    def starting(registration: Registration) -> Callable[[], object]:
        return slowly(lambda: started(cast, registration))

    answers = both(cast, starting(cast.registration), starting(other))
    assert sum(isinstance(one, Refusal) for one in answers) == 1
    assert states(cast) == [State.DRAFT.value]


def test_the_same_work_is_submitted_in_one_registration_at_a_time() -> None:
    cast, other = learner_twice()
    drafts = [beside(cast, other), started(cast, cast.registration)]
    revive(cast, other)

    def submitting(draft: Submission) -> Callable[[], object]:
        seen = filled(cast, draft)
        return slowly(
            lambda: actions.submit_attempt(
                submission=draft,
                has_declared=True,
                seen_sha256=seen,
                has_refused_standardisation=False,
                by=cast.learner,
                at=AT,
            )
        )

    answers = both(cast, *[submitting(draft) for draft in drafts])
    assert [one.missing[0].kind for one in answers if isinstance(one, NotReady)] == ["elsewhere"]
    assert states(cast) == [State.DRAFT.value, State.SUBMITTED.value]
