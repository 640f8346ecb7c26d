"""The links that the promises rest on: what a row says of another row is true, or the database refuses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from centres.models import Centre, Membership, User
from centres.permissions import Role
from centres.scoping import centre_scope
from lib.ids import new_id
from marking import actions as marking
from marking.models import Judgement, ResultSheet, Signature
from portfolios.models import Evidence, Offer, Submission
from qualifications.models import Achievement, QualificationUnit, Registration
from quality_assurance.models import Release, Review
from tests.makers import (
    AT,
    MENTORING,
    Cast,
    assessed,
    decide,
    make_member,
    make_registration,
    passing,
    start,
    submit,
    take,
)
from tests.marking.released import release_unsampled

pytestmark = pytest.mark.django_db
KEY = "wba-d3-01-02"
OTHER = "diary-d3-03"


@contextmanager
def checked(cast: Cast) -> Iterator[None]:
    """Work in the centre, with everything checked that is otherwise checked on commit."""
    with centre_scope(cast.centre.pk), transaction.atomic():
        yield
        connection.check_constraints()


@contextmanager
def refused(cast: Cast, reason: str) -> Iterator[None]:
    """Expect the database to refuse what is done inside, by the name of the rule."""
    with pytest.raises(DatabaseError, match=reason), checked(cast):
        yield


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate)


def other_registration(cast: Cast) -> Registration:
    with centre_scope(cast.centre.pk):
        learner = cast.registration.learner
    return make_registration(
        cast.centre, learner, by=cast.administrator, qualification=MENTORING, number="R-2"
    )


def judge(submission: Submission, by: Membership, stage: Judgement.Stage, **values: Any) -> Judgement:
    row: Judgement = Judgement.objects.create(
        **{
            "submission": submission,
            "registration_id": submission.registration_id,
            "assessment_id": submission.assessment_id,
            "stage": stage,
            "judge": by,
            "started_at": AT,
            **values,
        }
    )
    return row


def sign(judgement: Judgement, by: Membership, **values: Any) -> Signature:
    row: Signature = Signature.objects.create(
        **{
            "judgement": judgement,
            "user_id": by.user_id,
            "printed_name": by.name,
            "role": "Assessor",
            "meaning": "I have assessed this.",
            "method": "PASSWORD",
            "signed_at": AT,
            "signed_by": by,
            "rule_version": "1",
            "record": "{}",
            "record_sha256": "0",
            **values,
        }
    )
    return row


def release(judgement: Judgement, by: Membership, **values: Any) -> Release:
    row: Release = Release.objects.create(
        **{
            "submission": judgement.submission,
            "judgement": judgement,
            "basis": Release.Basis.NOT_SAMPLED,
            "reason": "None.",
            "outcome": judgement.outcome,
            "total": judgement.total,
            "released_at": AT,
            "released_by": by,
            **values,
        }
    )
    return row


def test_a_judgement_of_other_work_than_its_attempts(cast: Cast) -> None:
    other = other_registration(cast)
    judgement = assessed(cast, KEY)
    elsewhere = start(cast, OTHER)
    for values in ({"registration_id": other.pk}, {"assessment_id": elsewhere.assessment_id}):
        with refused(cast, "marking_judgement_is_of_its_attempts_work"):
            judge(judgement.submission, cast.assessor, Judgement.Stage.IQA, **values)


def test_a_signature_by_somebody_else_or_another_account(cast: Cast, harbour: Centre) -> None:
    judgement = take(cast, submit(cast, start(cast, KEY)))
    stranger = make_member(harbour, "Noor Aziz", Role.IQA)
    with refused(cast, "marking_signature_is_its_judges"):
        sign(judgement, cast.lead)
    with refused(cast, "marking_signature_is_of_the_members_account"):
        sign(judgement, cast.assessor, user_id=stranger.user_id)


def test_a_signed_judgement_without_its_signature(cast: Cast) -> None:
    judgement = take(cast, submit(cast, start(cast, KEY)))
    marks = passing(judgement)
    decide(judgement, marks)
    signed = {"state": "SIGNED", "outcome": "PASS", "signed_at": AT, "signed_by": cast.assessor}
    with refused(cast, "marking_judgement_signed_has_its_signature"):
        Judgement.objects.filter(pk=judgement.pk).update(**signed, total=sum(marks.values()))
    with refused(cast, "what is signed follows from the lines of its sheet"):
        judge(start(cast, OTHER), cast.assessor, Judgement.Stage.ASSESSOR, **signed)


def test_a_release_of_another_attempts_judgement(cast: Cast) -> None:
    first, second = assessed(cast, KEY), assessed(cast, OTHER)
    with refused(cast, "quality_assurance_release"):
        release(first, cast.lead, submission=second.submission)


@pytest.mark.parametrize("values", [{"outcome": "REFERRAL"}, {"total": 99}, {"total": None}])
def test_a_release_that_says_something_else_than_the_judgement(cast: Cast, values: dict[str, Any]) -> None:
    judgement = assessed(cast, KEY)
    with refused(cast, "a release says what a signed judgement"):
        release(judgement, cast.lead, **values)


def test_a_release_of_what_nobody_signed(cast: Cast) -> None:
    judgement = take(cast, submit(cast, start(cast, KEY)))
    with refused(cast, "a release says what a signed judgement"):
        release(judgement, cast.lead, outcome="PASS")


def test_a_release_of_ones_own_result(cast: Cast) -> None:
    judgement = assessed(cast, KEY)
    with refused(cast, "nobody releases their own result"):
        release(judgement, cast.learner)


def test_a_review_of_another_attempts_judgement(cast: Cast) -> None:
    first, second = assessed(cast, KEY), assessed(cast, OTHER)
    with refused(cast, "quality_assurance_review_is_of_its_attempt"):
        Review.objects.create(
            submission=first.submission, judgement=second, iqa=cast.iqa, opened_at=AT, opened_by=cast.iqa
        )


def test_an_achievement_without_a_submission(cast: Cast) -> None:
    with centre_scope(cast.centre.pk):
        unit = QualificationUnit.objects.filter(qualification_id=cast.registration.qualification_id).first()
    assert unit is not None
    with refused(cast, "a unit is achieved by a released pass"):
        Achievement.objects.create(
            registration=cast.registration,
            unit_id=unit.unit_id,
            submission_id=new_id(),
            achieved_at=AT,
            achieved_by=cast.lead,
        )


@pytest.mark.parametrize("state", ["SUBMITTED", "DRAFT"])
def test_signed_work_sent_back(cast: Cast, state: str) -> None:
    released, waiting = assessed(cast, KEY), assessed(cast, OTHER)
    release_unsampled(cast, released)
    with centre_scope(cast.centre.pk):
        Submission.objects.filter(pk=released.submission_id).update(state="IN_ASSESSMENT")
    for judgement in (released, waiting):
        with refused(cast, "does not go back"):
            Submission.objects.filter(pk=judgement.submission_id).update(state=state)
        with refused(cast, "only a draft"):
            Offer.objects.filter(submission=judgement.submission_id)._raw_delete("default")


def test_hiding_evidence_that_was_submitted(cast: Cast) -> None:
    judgement, draft = assessed(cast, KEY), start(cast, OTHER)
    removed = {"removed_at": AT, "removed_by": cast.learner}
    with refused(cast, "what was submitted stays"):
        Evidence.objects.filter(offers__submission=judgement.submission_id).update(**removed)
    submitted = submit(cast, draft)
    with centre_scope(cast.centre.pk):
        Submission.objects.filter(pk=submitted.pk).update(state="DRAFT")
        assert Evidence.objects.filter(offers__submission=submitted).update(**removed)


def test_a_sheet_that_is_made(cast: Cast) -> None:
    sheet = release_unsampled(cast, assessed(cast, KEY))
    with centre_scope(cast.centre.pk):
        marking.render_sheet(sheet=sheet, at=AT)
    for values in ({"storage_key": "elsewhere"}, {"pdf_sha256": "0"}, {"state": "PENDING"}, {"problem": "x"}):
        with refused(cast, "a result sheet that is made never changes"):
            ResultSheet.objects.filter(pk=sheet.pk).update(**values)


@pytest.mark.parametrize("values", [{"email": "evil@example.org"}, {"is_active": False}])
def test_an_account_of_any_centre(cast: Cast, values: dict[str, Any]) -> None:
    with refused(cast, "permission denied"):
        User.objects.filter(pk=cast.lead.user_id).update(**values)
