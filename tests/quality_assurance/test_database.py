"""What the database refuses the serving role, whatever the code above it does."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, transaction

from centres.models import Centre
from centres.scoping import centre_scope
from marking.models import Judgement, JudgementLine
from portfolios.models import Submission
from quality_assurance.models import Release, Review
from tests.makers import AT, Cast, assessed
from tests.quality_assurance.people import SECTIONS, agree, enter, note, opened, release

pytestmark = pytest.mark.django_db

REFERRED = {"1": 11, "2": 26, "3": 24, "4": 26}


def released_by(cast: Cast, judgement: Judgement, by: Any) -> Release:
    row: Release = Release.objects.create(
        submission=judgement.submission,
        judgement=judgement,
        basis=Release.Basis.NOT_SAMPLED,
        reason="None.",
        outcome="PASS",
        total=judgement.total,
        released_at=AT,
        released_by=by,
    )
    return row


def refused(words: str, kind: type[DatabaseError] = IntegrityError) -> Any:
    return pytest.raises(kind, match=words)


def test_a_release_by_the_assessor(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    with centre_scope(northgate.pk), refused("nobody releases what they assessed"), transaction.atomic():
        released_by(cast, judgement, cast.assessor)


def test_a_second_release_of_the_same_attempt(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    release(judgement.submission, cast.lead)
    with centre_scope(northgate.pk), refused("release_once_an_attempt"), transaction.atomic():
        released_by(cast, judgement, cast.iqa)


@pytest.mark.parametrize("change", [{"outcome": "REFERRAL"}, {"reason": "Another."}, {"released_at": AT}])
def test_editing_a_release(northgate: Centre, change: dict[str, Any]) -> None:
    cast = Cast(northgate)
    release(assessed(cast, SECTIONS).submission, cast.lead)
    with centre_scope(northgate.pk), refused("permission denied", ProgrammingError), transaction.atomic():
        Release.objects.update(**change)


def test_deleting_a_release_or_a_review(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    note(review)
    agree(review)
    for rows in (Release, Review):
        with centre_scope(northgate.pk), refused("permission denied", ProgrammingError), transaction.atomic():
            rows.objects.all()._raw_delete("default")


def test_an_iqa_who_assessed_an_earlier_attempt(northgate: Centre) -> None:
    cast = Cast(northgate)
    release(assessed(cast, SECTIONS, REFERRED).submission, cast.lead)
    with centre_scope(northgate.pk), refused("one_judge_one_stage"), transaction.atomic():
        second = Submission.objects.get(attempt=2)
        Judgement.objects.create(
            submission=second,
            registration_id=second.registration_id,
            assessment_id=second.assessment_id,
            stage=Judgement.Stage.IQA,
            judge=cast.assessor,
            started_at=AT,
        )


def test_an_iqa_judging_their_own_work(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    with centre_scope(northgate.pk), refused("nobody judges their own work"), transaction.atomic():
        Judgement.objects.create(
            submission=judgement.submission,
            registration_id=judgement.registration_id,
            assessment_id=judgement.assessment_id,
            stage=Judgement.Stage.IQA,
            judge=cast.learner,
            started_at=AT,
        )


@pytest.mark.parametrize("number", [2, 3])
def test_the_next_attempt_twice(northgate: Centre, number: int) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS, REFERRED)
    release(judgement.submission, cast.lead)
    with centre_scope(northgate.pk), refused("portfolios_submission_"), transaction.atomic():
        Submission.objects.create(
            registration_id=judgement.registration_id,
            assessment_id=judgement.assessment_id,
            attempt=number,
            previous=judgement.submission,
            open_parts=["1"],
            state_at=AT,
            started_at=AT,
        )


def test_two_open_reviews_of_one_attempt(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    with centre_scope(northgate.pk), refused("review_one_at_a_time"), transaction.atomic():
        Review.objects.create(
            submission_id=review.submission_id,
            judgement_id=review.judgement_id,
            iqa=cast.other_iqa,
            opened_at=AT,
            opened_by=cast.other_iqa,
        )


def test_changing_what_an_iqa_signed(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    enter(review, {"1": 20})
    agree(review)
    with centre_scope(northgate.pk), refused("never changes"), transaction.atomic():
        Judgement.objects.filter(pk=review.judgement_id).update(outcome="REFERRAL")
    with centre_scope(northgate.pk), refused("never changes"), transaction.atomic():
        JudgementLine.objects.filter(judgement=review.judgement_id).update(mark=1)
