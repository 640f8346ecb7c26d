"""What the database refuses by itself, whatever the code says, to the role that serves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from centres.models import Centre, Membership
from centres.scoping import centre_scope
from marking.models import Allocation, Judgement, JudgementLine, OutcomeComment, Signature
from portfolios.models import Submission
from tests.makers import AT, MENTORING, Cast, assessed, decide, passing, start, submit, take

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures("walled"),
]
KEY = "wba-d3-01-02"


@contextmanager
def refused(cast: Cast, reason: str) -> Iterator[None]:
    """Expect the database to refuse what is done inside, by the name of the rule."""
    with pytest.raises(DatabaseError, match=reason), centre_scope(cast.centre.pk), transaction.atomic():
        yield


@pytest.fixture
def cast() -> Cast:
    return Cast(Centre.objects.get(slug="northgate"))


def judge(submission: Submission, by: Membership, stage: Judgement.Stage, **values: Any) -> Judgement:
    judgement: Judgement = Judgement.objects.create(
        submission=submission,
        registration_id=submission.registration_id,
        assessment_id=submission.assessment_id,
        stage=stage,
        judge=by,
        started_at=AT,
        **values,
    )
    return judgement


@pytest.mark.parametrize("mark", [25, -1])
def test_a_mark_outside_its_range(cast: Cast, mark: int) -> None:
    judgement = take(cast, submit(cast, start(cast, KEY)))
    with refused(cast, "marking_line_mark_from_0_to_maximum"):
        JudgementLine.objects.filter(judgement=judgement, part_ref="1").update(mark=mark)


def test_a_decision_on_a_section_and_a_mark_on_a_criterion(cast: Cast) -> None:
    judgement = take(cast, submit(cast, start(cast, KEY)))
    with refused(cast, "marking_line_decision_is_pass_or_referral"):
        JudgementLine.objects.filter(judgement=judgement).update(decision="PASS")
    other = Cast(Centre.objects.get(slug="harbour"), qualification=MENTORING)
    criteria = take(other, submit(other, start(other, "portfolio-8586-301")))
    with refused(other, "marking_line_mark_from_0_to_maximum"):
        JudgementLine.objects.filter(judgement=criteria).update(mark=1)
    with refused(other, "marking_line_decision_is_pass_or_referral"):
        JudgementLine.objects.filter(judgement=criteria).update(decision="MAYBE")


def test_a_line_or_a_comment_of_a_signed_sheet(cast: Cast) -> None:
    judgement = assessed(cast, KEY)
    with refused(cast, "never changes"):
        JudgementLine.objects.filter(judgement=judgement, part_ref="1").update(mark=1)
    with refused(cast, "never changes"):
        JudgementLine.objects.filter(judgement=judgement).update(feedback="Rewritten")
    with refused(cast, "never changes"):
        OutcomeComment.objects.create(judgement=judgement, outcome_number=1, text="Late")


def test_a_signed_judgement_and_its_signature(cast: Cast) -> None:
    judgement = assessed(cast, KEY)
    with refused(cast, "never changes"):
        Judgement.objects.filter(pk=judgement.pk).update(outcome="REFERRAL")
    with refused(cast, "permission denied"):
        Signature.objects.update(printed_name="Somebody else")
    with refused(cast, "permission denied"):
        Signature.objects.all().delete()
    with refused(cast, "permission denied"):
        Judgement.objects.filter(pk=judgement.pk).update(judge=cast.other_assessor)


def test_a_signature_without_an_outcome(cast: Cast) -> None:
    judgement = take(cast, submit(cast, start(cast, KEY)))
    with refused(cast, "marking_judgement_signed_has_an_outcome"):
        Judgement.objects.filter(pk=judgement.pk).update(
            state="SIGNED", signed_at=AT, signed_by=cast.assessor
        )


@pytest.mark.parametrize(("decision", "outcome"), [("REFERRAL", "PASS"), ("PASS", "REFERRAL"), ("", "PASS")])
def test_an_outcome_that_does_not_follow_from_the_criteria(cast: Cast, decision: str, outcome: str) -> None:
    other = Cast(Centre.objects.get(slug="harbour"), qualification=MENTORING)
    judgement = take(other, submit(other, start(other, "portfolio-8586-301")))
    decide(judgement, passing(judgement))
    with refused(other, "what is signed follows from the lines"):
        JudgementLine.objects.filter(judgement=judgement, part_ref="1.1").update(decision=decision)
        Judgement.objects.filter(pk=judgement.pk).update(
            state="SIGNED", outcome=outcome, signed_at=AT, signed_by=other.assessor
        )


def test_one_person_at_two_stages_of_the_same_work(cast: Cast) -> None:
    judgement = assessed(cast, KEY)
    with refused(cast, "marking_judgement_one_judge_one_stage"):
        judge(judgement.submission, cast.assessor, Judgement.Stage.IQA)


def test_a_second_judge_at_the_same_stage(cast: Cast) -> None:
    submission = submit(cast, start(cast, KEY))
    take(cast, submission)
    with refused(cast, "marking_judgement_one_a_stage"):
        judge(submission, cast.other_assessor, Judgement.Stage.ASSESSOR)
    with refused(cast, "marking_allocation_one_assessor_at_a_time"):
        Allocation.objects.create(
            submission=submission, assessor=cast.other_assessor, taken_at=AT, taken_by=cast.other_assessor
        )


def test_judging_ones_own_work(cast: Cast) -> None:
    submission = submit(cast, start(cast, KEY))
    with refused(cast, "nobody judges their own work"):
        judge(submission, cast.learner, Judgement.Stage.ASSESSOR)


@pytest.mark.parametrize("text", ["x" * 20_001, "x\n" * 300])
@pytest.mark.parametrize("field", ["feedback", "feedback_more"])
def test_feedback_that_no_sheet_holds(cast: Cast, field: str, text: str) -> None:
    judgement = take(cast, submit(cast, start(cast, KEY)))
    with refused(cast, "marking_line_feedback_fits"):
        JudgementLine.objects.filter(judgement=judgement, part_ref="1").update(**{field: text})


def test_a_reason_that_no_sheet_holds(cast: Cast) -> None:
    judgement = take(cast, submit(cast, start(cast, KEY)))
    with refused(cast, "marking_judgement_reason_fits"):
        Judgement.objects.filter(pk=judgement.pk).update(reason="x" * 2_001)
