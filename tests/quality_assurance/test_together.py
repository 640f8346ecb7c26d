"""Two people at once, in real transactions: one review, one signature, one release, one next attempt."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from centres.models import Centre, Membership
from centres.scoping import centre_scope
from lib.refusals import Refusal
from marking.models import Judgement, ResultSheet, Signature
from portfolios.models import Submission
from quality_assurance import actions as quality
from quality_assurance.models import Release, Review
from tests.makers import AT, Cast, assessed
from tests.marking.test_together import both
from tests.quality_assurance.people import SECTIONS, note, opened, seen

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures("walled"),
]
REFERRED = {"1": 11, "2": 26, "3": 24, "4": 26}


def cast_of_northgate() -> Cast:
    return Cast(Centre.objects.get(slug="northgate"))


def refusals(answers: list[object]) -> int:
    return sum(isinstance(answer, Refusal) for answer in answers)


def opening(judgement: Judgement, by: Membership) -> Callable[[], object]:
    return lambda: quality.open_review(submission=judgement.submission, by=by, at=AT)


def releasing(judgement: Judgement, by: Membership) -> Callable[[], object]:
    return lambda: quality.release_unreviewed(
        submission=judgement.submission, reason="Low risk this month.", confirmed_at=AT, by=by, at=AT
    )


def agreeing(review: Review) -> Callable[[], object]:
    shown = seen(review)
    return lambda: quality.agree_and_release(
        review=review, seen=shown, confirmed_at=AT - timedelta(seconds=1), by=review.iqa, at=AT
    )


def released_once(cast: Cast) -> None:
    with centre_scope(cast.centre.pk):
        assert Release.objects.count() == 1
        assert ResultSheet.objects.count() == 1
        assert list(Submission.objects.order_by("attempt").values_list("attempt", "open_parts")) == [
            (1, ["1", "2", "3", "4"]),
            (2, ["1"]),
        ]


def test_of_two_iqas_who_open_the_same_work_one_has_it() -> None:
    cast = cast_of_northgate()
    judgement = assessed(cast, SECTIONS)
    answers = both(cast, opening(judgement, cast.iqa), opening(judgement, cast.other_iqa))
    assert refusals(answers) == 1
    with centre_scope(cast.centre.pk):
        assert Review.objects.count() == 1
        assert Judgement.objects.filter(stage="IQA").count() == 1


def test_a_decision_pressed_twice_signs_and_releases_once() -> None:
    cast = cast_of_northgate()
    review = opened(cast, assessed(cast, SECTIONS, REFERRED))
    note(review)
    answers = both(cast, agreeing(review), agreeing(review))
    assert refusals(answers) == 1
    released_once(cast)
    with centre_scope(cast.centre.pk):
        assert Signature.objects.filter(judgement__stage="IQA").count() == 1


def test_of_a_review_and_a_release_without_one_only_one_happens() -> None:
    cast = cast_of_northgate()
    judgement = assessed(cast, SECTIONS, REFERRED)
    answers = both(cast, opening(judgement, cast.iqa), releasing(judgement, cast.lead))
    assert refusals(answers) == 1
    with centre_scope(cast.centre.pk):
        assert Release.objects.count() + Review.objects.count() == 1


def test_agreeing_and_releasing_without_review_at_once_release_once() -> None:
    cast = cast_of_northgate()
    judgement = assessed(cast, SECTIONS, REFERRED)
    review = opened(cast, judgement)
    note(review)
    answers = both(cast, agreeing(review), releasing(judgement, cast.lead))
    assert refusals(answers) == 1
    released_once(cast)


def test_two_releases_without_review_release_once() -> None:
    cast = cast_of_northgate()
    judgement = assessed(cast, SECTIONS, REFERRED)
    answers = both(cast, releasing(judgement, cast.lead), releasing(judgement, cast.iqa))
    assert refusals(answers) == 1
    released_once(cast)


def test_putting_back_and_deciding_at_once_does_one_of_them() -> None:
    cast = cast_of_northgate()
    review = opened(cast, assessed(cast, SECTIONS, REFERRED))
    note(review)
    answers = both(cast, agreeing(review), lambda: quality.put_back(review=review, by=review.iqa, at=AT))
    assert refusals(answers) == 1
    with centre_scope(cast.centre.pk):
        result = Review.objects.get().result
        assert Release.objects.count() == (1 if result == "AGREED" else 0)
