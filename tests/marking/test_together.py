"""Two people at once, in real transactions: one wins, the other is told, nothing happens twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from centres.models import Centre, Membership
from centres.scoping import centre_scope
from lib.refusals import Refusal
from marking import actions
from marking.models import Allocation, Judgement, Signature
from marking.selectors import judgement_lines
from marking.selectors.record import sheet_version
from portfolios.models import Submission
from tests.makers import AT, Cast, decide, make_learner, passing, start, submit, take

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures("walled"),
]
KEY = "wba-d3-01-02"


def both(cast: Cast, *work: Callable[[], object]) -> list[object]:
    """Do several things in the same moment, each in its own transaction; a refusal is an answer too."""
    barrier = Barrier(len(work))

    def alone(one: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=20)
            with centre_scope(cast.centre.pk):
                return one()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(alone, work))


def cast_of_northgate() -> Cast:
    return Cast(Centre.objects.get(slug="northgate"))


def another_waits(cast: Cast, name: str) -> Submission:
    cast.registration = make_learner(cast.centre, name, by=cast.administrator, number=name)
    with centre_scope(cast.centre.pk):
        cast.learner = cast.registration.learner.membership
    return submit(cast, start(cast, KEY))


def test_two_assessors_who_take_the_next_get_different_work() -> None:
    cast = cast_of_northgate()
    expected = {submit(cast, start(cast, KEY)).pk, another_waits(cast, "Ben Okoro").pk}

    def taking(by: Membership) -> Callable[[], object]:
        return lambda: actions.take_next_submission(by=by, at=AT)

    taken = both(cast, taking(cast.assessor), taking(cast.other_assessor))
    assert {one.submission_id for one in taken if isinstance(one, Judgement)} == expected


def test_of_two_assessors_who_take_the_same_work_one_has_it() -> None:
    cast = cast_of_northgate()
    submission = submit(cast, start(cast, KEY))

    def taking(by: Membership) -> Callable[[], object]:
        return lambda: actions.take_submission(submission=submission, by=by, at=AT)

    answers = both(cast, taking(cast.assessor), taking(cast.other_assessor))
    won = [one for one in answers if isinstance(one, Judgement)]
    lost = [one for one in answers if isinstance(one, Refusal)]
    assert (len(won), len(lost)) == (1, 1)
    with centre_scope(cast.centre.pk):
        holder = Allocation.objects.select_related("assessor").get().assessor
        assert Judgement.objects.count() == 1
    assert str(lost[0]) == f"{holder.name} took this. Take the next one."


def test_signing_twice_in_the_same_moment_signs_once() -> None:
    cast = cast_of_northgate()
    judgement = take(cast, submit(cast, start(cast, KEY)))
    decide(judgement, passing(judgement))
    with centre_scope(cast.centre.pk):
        seen = sheet_version(judgement, judgement_lines(judgement))

    def sign() -> object:
        return actions.sign_assessment(
            judgement=judgement,
            seen=seen,
            confirmed_at=AT - timedelta(seconds=1),
            by=cast.assessor,
            at=AT,
        )

    answers = both(cast, sign, sign)
    assert sum(isinstance(one, Signature) for one in answers) == 1
    with centre_scope(cast.centre.pk):
        assert Signature.objects.count() == 1


def test_of_two_tabs_that_save_one_line_the_second_is_told() -> None:
    cast = cast_of_northgate()
    judgement = take(cast, submit(cast, start(cast, KEY)))
    with centre_scope(cast.centre.pk):
        line = judgement_lines(judgement)[0]

    def save(feedback: str) -> Callable[[], object]:
        return lambda: actions.save_line(
            line=line,
            version=1,
            mark=11,
            decision=None,
            feedback=feedback,
            feedback_more="",
            by=cast.assessor,
            at=AT,
        )

    answers = both(cast, save("One"), save("Two"))
    assert sum(isinstance(one, Refusal) for one in answers) == 1
    with centre_scope(cast.centre.pk):
        assert judgement_lines(judgement)[0].version == 2
