"""The main job for every assessment of the catalogue: refer one part, do it again, pass."""

import json
from datetime import timedelta
from typing import Any

import pytest

from assessments.models import Assessment, AssessmentUnit, QualificationAssessment
from assessments.selectors import parts_of
from centres.models import Centre
from centres.scoping import centre_scope
from marking.models import ResultSheet
from marking.rules import Decision
from portfolios.models import Submission
from qualifications.models import Achievement, Qualification
from quality_assurance import actions as quality
from quality_assurance.selectors.standpoint import review_version
from tests.conftest import CATALOGUE
from tests.makers import AT, Cast, decide, passing, sign, start, submit, take

pytestmark = pytest.mark.django_db

KEYS = sorted(
    item["key"] for path in CATALOGUE for item in json.loads(path.read_text()).get("assessments", [])
)


def test_there_are_fifteen() -> None:
    assert len(KEYS) == 15


def qualification_of(key: str) -> str:
    row = QualificationAssessment.objects.filter(assessment__key=key).order_by("qualification__key").first()
    assert row is not None
    return Qualification.objects.get(pk=row.qualification_id).key


def mark_and_release(cast: Cast, submission: Submission, values: dict[str, Any]) -> str:
    """Mark a submission with the values given and the rest passed; review, agree, release."""
    judgement = take(cast, submission)
    decide(judgement, {**passing(judgement), **values})
    sign(judgement)
    with centre_scope(cast.centre.pk):
        review = quality.open_review(submission=submission, by=cast.iqa, at=AT)
        quality.note_looked_at(review=review, text="All of it.", by=cast.iqa, at=AT)
        return quality.agree_and_release(
            review=review,
            seen=review_version(review),
            confirmed_at=AT - timedelta(seconds=1),
            by=cast.iqa,
            at=AT,
        ).outcome


@pytest.mark.parametrize("key", KEYS)
def test_one_part_referred_then_passed(northgate: Centre, key: str) -> None:
    cast = Cast(northgate, qualification=qualification_of(key))
    assessment = Assessment.objects.get(key=key)
    part = parts_of(assessment)[0]
    below = Decision.REFERRAL if part.minimum is None else part.minimum - 1

    assert mark_and_release(cast, submit(cast, start(cast, key)), {part.ref: below}) == "REFERRAL"
    with centre_scope(northgate.pk):
        second = Submission.objects.get(attempt=2)
        assert second.open_parts == [part.ref]
        assert not Achievement.objects.exists()

    bar = Decision.PASS if part.minimum is None else part.minimum
    assert mark_and_release(cast, submit(cast, second), {part.ref: bar}) == "PASS"
    with centre_scope(northgate.pk):
        achieved = set(Achievement.objects.values_list("unit_id", flat=True))
        assert achieved == set(
            AssessmentUnit.objects.filter(assessment=assessment).values_list("unit_id", flat=True)
        )
        assert not Submission.objects.open().exists()
        records = [json.loads(sheet.record) for sheet in ResultSheet.objects.order_by("requested_at", "id")]
    assert sorted((record["attempt"], record["final"]["outcome"]) for record in records) == [
        (1, "REFERRAL"),
        (2, "PASS"),
    ]
    first = next(record for record in records if record["attempt"] == 1)
    assert first["final"]["referred"] == [part.ref]
    assert all(line["assessor"]["feedback"] for line in first["parts"])
