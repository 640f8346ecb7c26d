"""Who may judge and who may release: the rule as a table, and the queue's query, which must say the same."""

import contextlib
import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.timezone import localdate

from assessments.selectors import unit_refs
from centres.models import Centre, Membership
from centres.permissions import Role
from centres.scoping import centre_scope
from marking import actions as marking
from marking.actions.judge import NotForYou
from marking.rules import Stage, Standing, why_not_judge, why_not_release
from marking.rules.standing import OTHER_STAGE, OWN_DECISION, OWN_RESULT, OWN_WORK
from marking.selectors import standing_to
from marking.selectors.queue import waiting_for
from portfolios.models import Submission
from qualifications.actions import declare_conflict, withdraw_conflict
from qualifications.models import Competence, ConflictOfInterest
from quality_assurance import actions as quality
from quality_assurance.actions.release import NotToRelease
from quality_assurance.selectors.standpoint import review_version
from tests.makers import (
    AT,
    MENTORING,
    Cast,
    assessed,
    decide,
    make_competent,
    make_learner,
    make_member,
    make_registration,
    passing,
    sign,
    start,
    submit,
    take,
)

TODAY = localdate(AT)
CONFLICT = "You declared a conflict of interest with this learner on 2 Nov 2026."
MISSING = "You have no current competence in D3.01 and D3.02. Ask your lead IQA."
SECTIONS = "wba-d3-01-02"


def standings() -> Iterable[Standing]:
    """Yield every way in which one person may stand to one attempt."""
    for is_own, conflict_on, missing in itertools.product(
        (False, True), (None, TODAY), ((), ("D3.01", "D3.02"))
    ):
        for count in range(len(Stage) + 1):
            for stages in itertools.combinations(Stage, count):
                yield Standing(
                    is_own=is_own,
                    conflict_on=conflict_on,
                    stages=frozenset(stages),
                    missing_units=missing,
                )


@pytest.mark.parametrize("stage", Stage)
def test_the_first_of_four_reasons_keeps_a_person_from_judging(stage: Stage) -> None:
    for standing in standings():
        reasons = {
            OWN_WORK[stage]: standing.is_own,
            CONFLICT: standing.conflict_on is not None,
            OTHER_STAGE[stage]: any(other != stage for other in standing.stages),
            MISSING: bool(standing.missing_units) and stage != Stage.IQA,
        }
        first = next((reason for reason, holds in reasons.items() if holds), "")
        assert why_not_judge(standing, stage) == first, standing


def test_whoever_assessed_or_countersigned_does_not_release_and_an_iqa_does() -> None:
    for standing in standings():
        reasons = {
            OWN_RESULT: standing.is_own,
            CONFLICT: standing.conflict_on is not None,
            OWN_DECISION: bool(standing.stages & {Stage.ASSESSOR, Stage.COUNTERSIGNER}),
        }
        first = next((reason for reason, holds in reasons.items() if holds), "")
        assert why_not_release(standing) == first, standing


def waits_for(member: Membership, submission: Submission, *, today: date = TODAY) -> bool:
    """Say whether an attempt waits for a person, by the rule and by the query, which must agree."""
    with centre_scope(member.centre_id):
        row = Submission.objects.select_related("registration__learner", "assessment").get(pk=submission.pk)
        units = unit_refs(row.assessment_id)
        by_rule = why_not_judge(standing_to(row, by=member, units=units, today=today), Stage.ASSESSOR) == ""
        by_query = bool(waiting_for(member, today=today).filter(pk=row.pk).exists())
    assert by_rule == by_query, f"{member.name}, {row.assessment.key}: {by_rule} by the rule"
    return by_query


def waiting(cast: Cast, key: str = SECTIONS) -> Submission:
    return submit(cast, start(cast, key))


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate)


def declare(cast: Cast, member: Membership) -> ConflictOfInterest:
    with centre_scope(cast.centre.pk):
        learner = cast.registration.learner
        declare_conflict(membership=member, learner=learner, reason="Sister", by=cast.lead, at=AT)
        found: ConflictOfInterest = ConflictOfInterest.objects.get(membership=member)
        return found


@pytest.mark.django_db
def test_a_competence_holds_on_its_first_and_its_last_day_and_not_beside_them(cast: Cast) -> None:
    submission = waiting(cast)
    newcomer = make_member(cast.centre, "Nell New", Role.ASSESSOR)
    with centre_scope(cast.centre.pk):
        for ref in ("D3.01", "D3.02"):
            Competence.objects.create(
                membership=newcomer,
                unit_ref=ref,
                valid_from=TODAY,
                valid_until=TODAY + timedelta(days=5),
                reason="Evidence seen",
                decided_at=AT,
                decided_by=cast.lead,
            )
    days = {number: TODAY + timedelta(days=number) for number in (-1, 0, 5, 6)}
    found = {number: waits_for(newcomer, submission, today=day) for number, day in days.items()}
    assert found == {-1: False, 0: True, 5: True, 6: False}


@pytest.mark.django_db
@pytest.mark.parametrize(("first_day", "may"), [(date(2026, 7, 2), True), (date(2026, 7, 3), False)])
def test_half_past_midnight_in_summer_is_the_day_that_people_read(
    cast: Cast, first_day: date, may: bool
) -> None:
    submission = waiting(cast, "diary-d3-03")
    cast.assessor = make_member(cast.centre, "Nell New", Role.ASSESSOR)
    with centre_scope(cast.centre.pk):
        Competence.objects.create(
            membership=cast.assessor,
            unit_ref="D3.03",
            valid_from=first_day,
            valid_until=date(2027, 7, 2),
            reason="Evidence seen",
            decided_at=AT,
            decided_by=cast.lead,
        )
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    with contextlib.nullcontext() if may else pytest.raises(NotForYou, match="no current competence"):
        take(cast, submission, at=at)


@pytest.mark.django_db
def test_competence_is_needed_in_every_unit_of_the_work(cast: Cast) -> None:
    submission = waiting(cast)
    with centre_scope(cast.centre.pk):
        Competence.objects.filter(membership=cast.assessor, unit_ref="D3.02").update(
            valid_until=TODAY - timedelta(days=1)
        )
    assert not waits_for(cast.assessor, submission)
    assert waits_for(cast.other_assessor, submission)


@pytest.mark.django_db
def test_a_conflict_stops_a_person_until_it_is_withdrawn(cast: Cast) -> None:
    submission = waiting(cast)
    conflict = declare(cast, cast.assessor)
    assert not waits_for(cast.assessor, submission)
    with centre_scope(cast.centre.pk):
        withdraw_conflict(conflict=conflict, by=cast.lead, at=AT)
    assert waits_for(cast.assessor, submission)


@pytest.mark.django_db
def test_a_view_that_was_put_back_does_not_stop_a_person_and_one_that_was_signed_does(cast: Cast) -> None:
    both = make_member(cast.centre, "Bo Both", Role.IQA, Role.ASSESSOR)
    signer = make_member(cast.centre, "Sol Signer", Role.IQA, Role.ASSESSOR)
    for member in (both, signer):
        make_competent(member, by=cast.lead)
    first = assessed(cast, SECTIONS, {"1": 11}).submission
    with centre_scope(cast.centre.pk):
        put_back = quality.open_review(submission=first, by=both, at=AT)
        quality.put_back(review=put_back, reason="I am away.", by=both, at=AT)
        review = quality.open_review(submission=first, by=signer, at=AT)
        quality.note_looked_at(review=review, text="All", by=signer, at=AT)
        seen = review_version(review)
        quality.agree_and_release(
            review=review, seen=seen, confirmed_at=AT - timedelta(seconds=1), by=signer, at=AT
        )
        second = Submission.objects.get(attempt=2)
    submit(cast, second)
    assert waits_for(both, second)
    assert not waits_for(signer, second)


@pytest.mark.django_db
def test_whoever_wrote_on_a_sheet_and_set_it_aside_stays_at_that_stage(cast: Cast) -> None:
    both = make_member(cast.centre, "Bo Both", Role.IQA, Role.ASSESSOR)
    make_competent(both, by=cast.lead)
    first = assessed(cast, SECTIONS, {"1": 11}).submission
    with centre_scope(cast.centre.pk):
        review = quality.open_review(submission=first, by=both, at=AT)
        quality.note_looked_at(review=review, text="Section 1.", by=both, at=AT)
        quality.put_back(review=review, by=both, at=AT)
        again = quality.open_review(submission=first, by=both, at=AT)
        quality.put_back(review=again, by=both, at=AT)
        quality.release_unreviewed(
            submission=first, reason="Low risk this month.", confirmed_at=AT, by=cast.lead, at=AT
        )
        second = Submission.objects.get(attempt=2)
    submit(cast, second)
    assert not waits_for(both, second)
    with centre_scope(cast.centre.pk), pytest.raises(NotForYou, match="You reviewed an attempt"):
        marking.take_submission(submission=second, by=both, at=AT)


@pytest.mark.django_db
def test_an_assessor_who_marked_and_handed_back_takes_it_again_and_neither_reviews_nor_releases(
    cast: Cast,
) -> None:
    both = make_member(cast.centre, "Bo Both", Role.IQA, Role.ASSESSOR)
    make_competent(both, by=cast.lead)
    submission = waiting(cast)
    for _ in range(2):
        with centre_scope(cast.centre.pk):
            sheet = marking.take_submission(submission=submission, by=both, at=AT)
        decide(sheet, {"1": 24})
        with centre_scope(cast.centre.pk):
            marking.hand_back(judgement=sheet, reason="Away.", by=both, at=AT)
    judgement = take(cast, submission)
    decide(judgement, passing(judgement))
    sign(judgement)
    with centre_scope(cast.centre.pk):
        with pytest.raises(NotForYou, match="You assessed this"):
            quality.open_review(submission=submission, by=both, at=AT)
        with pytest.raises(NotToRelease, match="You assessed this"):
            quality.release_unreviewed(
                submission=submission, reason="Low risk this month.", confirmed_at=AT, by=both, at=AT
            )


@pytest.mark.django_db
def test_the_rule_and_the_query_agree_for_every_person_and_attempt(cast: Cast) -> None:
    make_competent(cast.learner, by=cast.lead)
    attempts = [waiting(cast), waiting(cast, "diary-d3-03")]
    with centre_scope(cast.centre.pk):
        learner = cast.registration.learner
    own, ben = (
        make_registration(cast.centre, learner, by=cast.administrator, qualification=MENTORING, number="R-2"),
        make_learner(cast.centre, "Ben Okoro", by=cast.administrator, number="R-3"),
    )
    cast.registration = own
    attempts.append(waiting(cast, "portfolio-8586-301"))
    amira = cast.learner
    cast.registration = ben
    with centre_scope(cast.centre.pk):
        cast.learner = ben.learner.membership
    attempts.append(waiting(cast))
    declare(cast, cast.other_assessor)
    people = (amira, cast.learner, cast.assessor, cast.other_assessor, cast.iqa, cast.lead)
    answers = {
        (member.name, number): waits_for(member, attempt)
        for member, (number, attempt) in itertools.product(people, enumerate(attempts))
    }
    assert {who for who, waits in answers.items() if waits} == {
        *(("Priya Shah", number) for number in range(4)),
        *(("Tom Reid", number) for number in range(3)),
        ("Amira Khan", 3),
    }
