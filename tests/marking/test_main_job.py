"""The main job through its actions: submit, mark, sign, review, release, next attempt."""

from datetime import datetime, timedelta

import pytest

from centres.models import Centre
from centres.scoping import centre_scope
from marking import actions as marking
from marking.models import Allocation, Judgement, JudgementLine, ResultSheet
from portfolios.models import Submission
from quality_assurance import actions as quality
from quality_assurance.models import Release
from quality_assurance.selectors.standpoint import review_version
from tests.makers import AT, Cast, assessed, decide, passing, sign, start, submit, take

pytestmark = pytest.mark.django_db


def release_agreed(cast: Cast, judgement: Judgement) -> Release:
    with centre_scope(cast.centre.pk):
        review = quality.open_review(submission=judgement.submission, by=cast.iqa, at=AT)
        quality.note_looked_at(review=review, text="Read section 1 and its feedback.", by=cast.iqa, at=AT)
        return quality.agree_and_release(
            review=review,
            seen=review_version(review),
            confirmed_at=AT - timedelta(seconds=5),
            by=cast.iqa,
            at=AT,
        )


def test_one_section_below_its_minimum_refers_and_the_next_attempt_passes(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, "wba-d3-01-02", {"1": 11, "2": 26, "3": 24, "4": 26})
    assert (judgement.outcome, judgement.total) == ("REFERRAL", 87)
    assert release_agreed(cast, judgement).outcome == "REFERRAL"

    with centre_scope(northgate.pk):
        second = Submission.objects.get(attempt=2)
        assert second.open_parts == ["1"]
    again = take(cast, submit(cast, second))
    assert passing(again) == {"1": 24}
    decide(again, {"1": 12})
    sign(again)
    with centre_scope(northgate.pk):
        again = Judgement.objects.get(pk=again.pk)
        assert (again.outcome, again.total) == ("PASS", 88)
    assert release_agreed(cast, again).outcome == "PASS"
    with centre_scope(northgate.pk):
        assert ResultSheet.objects.count() == 2


def test_a_third_attempt_names_the_attempt_that_decided_each_part(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, "wba-d3-01-02", {"1": 11, "2": 12})
    for attempt, opened in ((2, ["1", "2"]), (3, ["1"])):
        release_agreed(cast, judgement)
        with centre_scope(northgate.pk):
            submission = Submission.objects.get(attempt=attempt)
            assert submission.open_parts == opened
        judgement = take(cast, submit(cast, submission))
        decide(judgement, {**passing(judgement), "1": 11})
        if attempt == 2:
            sign(judgement)
    with centre_scope(northgate.pk):
        lines = JudgementLine.objects.filter(judgement=judgement).select_related(
            "carried_line__judgement__submission"
        )
        origins = {
            line.part_ref: (line.carried_from, line.carried_line.judgement.submission.attempt)
            for line in lines
            if line.carried_line
        }
        assert origins == {"2": (2, 2), "3": (1, 1), "4": (1, 1)}


def test_every_step_says_since_when_it_stands_and_who_has_the_work(northgate: Centre) -> None:
    cast = Cast(northgate)
    days = [AT + timedelta(days=number) for number in range(7)]
    draft = start(cast, "diary-d3-03", at=days[0])

    def stands() -> tuple[str, datetime]:
        with centre_scope(northgate.pk):
            row = Submission.objects.get()
            return row.state, row.state_at

    def held() -> list[tuple[str, datetime, datetime | None, str]]:
        with centre_scope(northgate.pk):
            rows = Allocation.objects.order_by("taken_at").select_related("assessor")
            return [(row.assessor.name, row.taken_at, row.ended_at, row.reason) for row in rows]

    assert stands() == ("DRAFT", days[0])
    submit(cast, draft, at=days[1])
    assert stands() == ("SUBMITTED", days[1])
    judgement = take(cast, draft, at=days[2])
    assert stands() == ("IN_ASSESSMENT", days[2])
    assert held() == [("Priya Shah", days[2], None, "")]
    with centre_scope(northgate.pk):
        marking.hand_back(judgement=judgement, reason="Too close.", by=cast.assessor, at=days[3])
    assert stands() == ("SUBMITTED", days[3])
    first = ("Priya Shah", days[2], days[3], "Too close.")
    cast.assessor = cast.other_assessor
    judgement = take(cast, draft, at=days[4])
    assert held() == [first, ("Tom Reid", days[4], None, "")]
    decide(judgement, passing(judgement), at=days[4])
    sign(judgement, at=days[5])
    assert stands() == ("ASSESSED", days[5])
    assert held() == [first, ("Tom Reid", days[4], days[5], "")]
    with centre_scope(northgate.pk):
        quality.open_review(submission=draft, by=cast.iqa, at=days[6])
    assert stands() == ("IN_REVIEW", days[6])
