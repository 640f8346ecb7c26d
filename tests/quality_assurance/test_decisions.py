"""What agreeing, overturning and releasing do, and what each is refused for."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from assessments.selectors import unit_refs
from centres.models import Centre, Event, Grant, Membership
from centres.permissions import Role
from centres.scoping import centre_scope
from marking.actions.judge import NotForYou
from marking.actions.mark import CarriedOver
from marking.actions.sign import ConfirmAgain, SheetChanged
from marking.models import Judgement, JudgementLine, ResultSheet, Signature
from marking.rules import Decision, Stage, why_not_judge
from marking.selectors import final_lines, standing_to
from portfolios.models import Submission
from qualifications.actions import declare_conflict
from qualifications.models import Achievement
from quality_assurance import actions as quality
from quality_assurance.actions.open import NotYourReview, ReviewClosed, ReviewTaken
from quality_assurance.actions.release import NotAssessed, NotToRelease, ReasonNeeded
from quality_assurance.actions.review import (
    CannotAgree,
    CannotOverturn,
    NoteChanged,
    NothingLookedAt,
    note_version,
)
from quality_assurance.models import Release, Review
from quality_assurance.selectors.follow import statement_of
from tests.makers import (
    AT,
    MENTORING,
    Cast,
    assessed,
    decide,
    make_competent,
    make_learner,
    make_member,
    passing,
    sign,
    start,
    submit,
    take,
)
from tests.quality_assurance.people import (
    CRITERIA,
    SECTIONS,
    agree,
    enter,
    note,
    opened,
    overturn,
    own_line,
    release,
    seen,
)

pytestmark = pytest.mark.django_db


def why_not(member: Membership, submission: Submission) -> str:
    """Return what the board would say keeps a member from reviewing."""
    units = unit_refs(submission.assessment_id)
    return why_not_judge(standing_to(submission, by=member, units=units, today=AT.date()), Stage.IQA)


REFERRED = {"1": 11, "2": 26, "3": 24, "4": 26}
FULL = {"1": 24, "2": 26, "3": 24, "4": 26}


def attempt(cast: Cast, number: int) -> Submission:
    with centre_scope(cast.centre.pk):
        row: Submission = Submission.objects.select_related("registration__learner").get(attempt=number)
        return row


def achieved(cast: Cast) -> list[str]:
    with centre_scope(cast.centre.pk):
        return sorted(Achievement.objects.values_list("unit__ref", flat=True))


def test_agreeing_releases_the_assessors_outcome_and_leaves_what_was_not_looked_at_blank(
    northgate: Centre,
) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS, REFERRED))
    enter(review, {"1": 10})
    released = agree(review)
    assert (released.outcome, released.total, released.basis) == ("REFERRAL", 87, "REVIEWED")
    assert [own_line(review, ref).mark for ref in "1234"] == [10, None, None, None]
    assert attempt(cast, 2).open_parts == ["1"]
    with centre_scope(northgate.pk):
        judgement = Judgement.objects.get(pk=review.judgement_id)
        assert (judgement.basis, judgement.outcome, judgement.total) == ("AGREED", "REFERRAL", None)
        assert Signature.objects.filter(judgement=judgement, printed_name="Lena Grant", role="IQA").exists()
        assert ResultSheet.objects.count() == 1


def test_agreeing_needs_something_looked_at(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    with pytest.raises(NothingLookedAt):
        agree(review)
    for unseen in ("   ", "\u200b", "\u2800\n\u00ad"):
        note(review, unseen)
        with pytest.raises(NothingLookedAt):
            agree(review)
    note(review)
    assert agree(review).outcome == "PASS"
    assert achieved(cast) == ["D3.01", "D3.02"]


@pytest.mark.parametrize(
    ("assessor", "own", "named"),
    [(REFERRED, {"1": 12}, "section 1"), (FULL, {"2": 12, "3": 11}, "sections 2 and 3")],
)
def test_agreeing_is_refused_where_an_own_mark_crosses_the_pass_line(
    northgate: Centre, assessor: dict[str, int], own: dict[str, int], named: str
) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS, assessor))
    enter(review, own)
    with pytest.raises(CannotAgree, match=named):
        agree(review)
    with centre_scope(northgate.pk):
        assert not Release.objects.exists()
        assert Judgement.objects.get(pk=review.judgement_id).state == "DRAFT"


def test_an_overturn_by_section_needs_every_mark_a_change_and_a_reason(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS, REFERRED))
    enter(review, {"1": 12, "2": 26})
    with pytest.raises(CannotOverturn, match="sections 3 and 4"):
        overturn(review)
    enter(review, {"1": 11, "3": 24, "4": 26})
    with pytest.raises(CannotOverturn, match="nothing to overturn"):
        overturn(review)
    enter(review, {"1": 12})
    for reason in ("Met", "\u200b \u200b \u200b"):
        with pytest.raises(ReasonNeeded, match="Say why"):
            overturn(review, reason=reason)
    released = overturn(review)
    assert (released.outcome, released.total) == ("PASS", 88)
    assert achieved(cast) == ["D3.01", "D3.02"]
    with centre_scope(northgate.pk):
        assert not Submission.objects.filter(attempt=2).exists()
        assert Judgement.objects.get(stage="ASSESSOR").outcome == "REFERRAL"


def test_overturning_a_pass_needs_feedback_and_reopens_exactly_what_the_iqa_refers(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    enter(review, {"1": 24, "2": 26, "3": 11, "4": 26})
    with pytest.raises(CannotOverturn, match="section 3: write under “Weaknesses” what to improve"):
        overturn(review)
    enter(review, {"3": 11}, feedback="Record two outcomes for each session.")
    assert overturn(review, reason="Outcomes are missing here.").outcome == "REFERRAL"
    assert attempt(cast, 2).open_parts == ["3"]
    with centre_scope(northgate.pk):
        final = {line.part_ref: line for line in final_lines(attempt(cast, 1))}
        assert final["3"].feedback == "Record two outcomes for each session."


def test_an_overturn_may_change_only_which_sections_are_referred(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS, REFERRED))
    enter(review, {**FULL, "4": 3}, feedback="Seen.")
    released = overturn(review)
    assert (released.outcome, released.total) == ("REFERRAL", 77)
    assert attempt(cast, 2).open_parts == ["4"]


def test_by_criterion_an_overturn_adopts_the_rest_by_name(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA, {"1.3": Decision.REFERRAL}))
    enter(review, {"1.3": Decision.PASS})
    assert overturn(review).outcome == "PASS"
    assert achieved(cast) == ["8586-301"]
    with centre_scope(northgate.pk):
        rows = JudgementLine.objects.filter(judgement=review.judgement_id)
        assert set(rows.values_list("decision", flat=True)) == {"PASS"}
        assert [row.part_ref for row in rows.filter(is_adopted=False)] == ["1.3"]


def test_by_criterion_an_overturn_to_referral_needs_feedback_of_the_iqa(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA))
    enter(review, {"2.1": Decision.REFERRAL})
    with pytest.raises(CannotAgree, match=r"AC 2\.1"):
        agree(review)
    with pytest.raises(CannotOverturn, match=r"AC 2\.1: write feedback"):
        overturn(review)
    enter(review, {"2.1": Decision.REFERRAL}, feedback="Name the tool and say why it fits.")
    assert overturn(review).outcome == "REFERRAL"
    assert attempt(cast, 2).open_parts == ["2.1"]
    assert achieved(cast) == []


def test_one_criterion_comes_back_passes_and_achieves_the_unit(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA, {"1.3": Decision.REFERRAL}))
    enter(review, {"1.3": Decision.REFERRAL})
    assert agree(review).outcome == "REFERRAL"
    second = attempt(cast, 2)
    assert second.open_parts == ["1.3"]

    again = take(cast, submit(cast, second))
    assert passing(again) == {"1.3": Decision.PASS}
    decide(again, {"1.3": Decision.PASS})
    sign(again)
    with centre_scope(northgate.pk):
        judgement = Judgement.objects.select_related("submission").get(pk=again.pk)
    later = opened(cast, judgement)
    note(later)
    assert agree(later).outcome == "PASS"
    assert achieved(cast) == ["8586-301"]


def test_a_later_iqa_overturns_the_second_attempt_and_only_the_open_part_reopens(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS, REFERRED))
    note(review)
    agree(review)
    again = take(cast, submit(cast, attempt(cast, 2)))
    decide(again, {"1": 20})
    sign(again)
    with centre_scope(northgate.pk):
        judgement = Judgement.objects.select_related("submission").get(pk=again.pk)
    later = opened(cast, judgement, by=cast.other_iqa)
    assert [own_line(later, ref).mark for ref in "1234"] == [None] * 4
    with pytest.raises(CarriedOver):
        enter(later, {"2": 26})
    enter(later, {"1": 9}, feedback="Say how you kept it confidential.")
    released = overturn(later, reason="Confidentiality is not covered.")
    assert (released.outcome, released.total) == ("REFERRAL", 85)
    assert attempt(cast, 3).open_parts == ["1"]
    third = take(cast, submit(cast, attempt(cast, 3)))
    with centre_scope(northgate.pk):
        carried = JudgementLine.objects.filter(judgement=third, carried_from__isnull=False)
        assert sorted(carried.values_list("part_ref", "mark")) == [("2", 26), ("3", 24), ("4", 26)]


def test_releasing_without_review_says_so_in_one_sentence(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS, REFERRED)
    for reason in (" low ", "\u200b \u200b \u200b", ". . ."):
        with pytest.raises(ReasonNeeded):
            release(judgement.submission, cast.lead, reason=reason)
    released = release(judgement.submission, cast.lead)
    assert (released.basis, released.review_id) == ("NOT_SAMPLED", None)
    said = "Not sampled: released without review by Ruth Ode, 2 Nov 2026; reason: Low risk this month."
    with centre_scope(northgate.pk):
        record = ResultSheet.objects.get().record
        assert f'"statement":"{said}"' in record
        assert '"qa":null' in record
    assert attempt(cast, 2).open_parts == ["1"]
    with pytest.raises(NotAssessed):
        release(judgement.submission, cast.lead)


def test_a_confirmation_holds_for_five_minutes(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    with centre_scope(northgate.pk), pytest.raises(ConfirmAgain):
        quality.release_unreviewed(
            submission=judgement.submission,
            reason="Low risk this month.",
            confirmed_at=AT - timedelta(minutes=6),
            by=cast.lead,
            at=AT,
        )


def test_nobody_reviews_or_releases_what_they_assessed_their_own_work_or_over_a_conflict(
    northgate: Centre,
) -> None:
    cast = Cast(northgate)
    both = make_member(northgate, "Iris Both", Role.ASSESSOR, Role.IQA, Role.LEARNER)
    make_competent(both, by=cast.lead)
    cast.assessor = both
    judgement = assessed(cast, SECTIONS)
    with pytest.raises(NotForYou, match="You assessed this"):
        opened(cast, judgement, by=both)
    with pytest.raises(NotToRelease, match="someone else must release it"):
        release(judgement.submission, both)
    with centre_scope(northgate.pk):
        learner = judgement.submission.registration.learner
        declare_conflict(membership=cast.iqa, learner=learner, reason="Sister.", by=cast.iqa, at=AT)
        assert why_not(cast.learner, judgement.submission) == (
            "You cannot review your own work. Someone else must."
        )
    with pytest.raises(NotForYou, match="conflict of interest with this learner on 2 Nov 2026"):
        opened(cast, judgement)
    with pytest.raises(NotToRelease, match="conflict of interest"):
        release(judgement.submission, cast.iqa)
    with pytest.raises(NotToRelease, match="your own result"):
        release(judgement.submission, cast.learner)
    with centre_scope(northgate.pk):
        assert not Release.objects.exists()
        assert not Review.objects.exists()


def test_an_assessor_of_an_earlier_attempt_never_reviews_a_later_one(northgate: Centre) -> None:
    cast = Cast(northgate)
    both = make_member(northgate, "Iris Both", Role.ASSESSOR, Role.IQA)
    make_competent(both, by=cast.lead)
    first, cast.assessor = cast.assessor, both
    review = opened(cast, assessed(cast, SECTIONS, REFERRED))
    note(review)
    agree(review)
    cast.assessor = first
    again = take(cast, submit(cast, attempt(cast, 2)))
    decide(again, {"1": 20})
    sign(again)
    with centre_scope(northgate.pk):
        judgement = Judgement.objects.select_related("submission").get(pk=again.pk)
    with pytest.raises(NotForYou, match="someone else must review"):
        opened(cast, judgement, by=both)
    with pytest.raises(NotToRelease, match="someone else must release it"):
        release(attempt(cast, 2), both)


def test_a_review_is_one_persons_and_ends_once(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    review = opened(cast, judgement)
    with pytest.raises(ReviewTaken, match="Lena Grant is reviewing this"):
        opened(cast, judgement, by=cast.other_iqa)
    with pytest.raises(NotAssessed):
        release(judgement.submission, cast.lead)
    with centre_scope(northgate.pk), pytest.raises(NotYourReview):
        quality.note_looked_at(review=review, text="Mine.", by=cast.other_iqa, at=AT)
    note(review)
    agree(review)
    with pytest.raises(ReviewClosed):
        agree(review)
    with centre_scope(northgate.pk):
        assert Release.objects.count() == 1


def test_what_changed_after_the_decision_page_was_shown_stops_the_signature(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    shown = seen(review)
    enter(review, {"1": 20})
    with pytest.raises(SheetChanged):
        agree(review, shown=shown)


def test_a_note_typed_in_two_tabs_is_not_overwritten(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    note(review, "First tab.")
    with centre_scope(northgate.pk), pytest.raises(NoteChanged):
        quality.note_looked_at(
            review=review, text="Second tab.", version=note_version(""), by=cast.iqa, at=AT
        )


def test_putting_back_ends_sight_and_lets_another_iqa_in(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    review = opened(cast, judgement)
    enter(review, {"1": 3})
    with centre_scope(northgate.pk):
        quality.put_back(review=review, reason="I am away next week.", by=cast.iqa, at=AT)
        assert not Grant.objects.filter(membership=cast.iqa, ends_at__isnull=True).exists()
        assert Judgement.objects.get(pk=review.judgement_id).state == "WITHDRAWN"
        assert Event.objects.filter(code="quality_assurance.review.closed").exists()
    other = opened(cast, judgement, by=cast.other_iqa)
    note(other)
    assert agree(other).outcome == "PASS"


def test_a_view_that_crosses_the_pass_line_is_not_put_back_and_forgotten(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    review = opened(cast, judgement)
    enter(review, {"1": 3})
    with centre_scope(northgate.pk):
        quality.put_back(review=review, reason="I am away next week.", by=cast.iqa, at=AT)
    with pytest.raises(NotToRelease, match="You came to a different result and put the review back"):
        release(judgement.submission, cast.iqa)
    with pytest.raises(NotToRelease, match="Lena Grant came to a different result"):
        release(judgement.submission, cast.lead)
    again = opened(cast, judgement, by=cast.other_iqa)
    note(again)
    assert agree(again).outcome == "PASS"


def test_who_looked_and_put_back_does_not_release_as_if_nobody_had(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    review = opened(cast, judgement)
    note(review)
    with centre_scope(northgate.pk):
        quality.put_back(review=review, reason="Too much at once.", by=cast.iqa, at=AT)
    with pytest.raises(NotToRelease, match=r"You recorded .* view and put the review back"):
        release(judgement.submission, cast.iqa)
    released = release(judgement.submission, cast.lead)
    with centre_scope(northgate.pk):
        said = json.loads(ResultSheet.objects.get(submission=released.submission_id).record)["release"]
    assert said["statement"] == (
        "Not sampled: released without review by Ruth Ode, 2 Nov 2026; reason: Low risk this month. "
        "Opened for review by Lena Grant and put back, 2 Nov 2026."
    )


@pytest.mark.parametrize("what", ["mark", "feedback", "note"])
def test_what_was_cleared_again_before_a_review_was_put_back_still_counts(
    northgate: Centre, what: str
) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    review = opened(cast, judgement)
    if what == "note":
        note(review, "Section 1 is short.")
        note(review, "")
    else:
        enter(review, {"1": 11 if what == "mark" else None}, feedback="Short of the bar.")
        enter(review, {"1": None})
    with centre_scope(northgate.pk):
        quality.put_back(review=review, by=cast.iqa, at=AT)
        put_back = Review.objects.get(pk=review.pk)
        assert put_back.looked_at == ""
    with pytest.raises(NotToRelease, match="You recorded your own view and put the review back"):
        release(judgement.submission, cast.iqa)
    assert release(judgement.submission, cast.lead).outcome == "PASS"


def test_a_review_in_which_nothing_was_written_is_put_back_without_trace_of_a_view(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    review = opened(cast, judgement)
    with centre_scope(northgate.pk):
        quality.put_back(review=review, by=cast.iqa, at=AT)
    assert release(judgement.submission, cast.iqa).outcome == "PASS"


def test_a_sheet_names_one_day_of_release_in_utc(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    with centre_scope(northgate.pk):
        done = quality.release_unreviewed(
            submission=judgement.submission,
            reason="Low risk this month.",
            confirmed_at=at,
            by=cast.lead,
            at=at,
        )
        assert "1 Jul 2026" in statement_of(done)


def test_the_note_of_what_was_looked_at_is_signed_and_never_changes_afterwards(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    note(review, "Section 1 and its feedback.")
    shown = seen(review)
    note(review, "Everything.")
    with pytest.raises(SheetChanged):
        agree(review, shown=shown)
    agree(review)
    with centre_scope(northgate.pk):
        signed = json.loads(Signature.objects.get(judgement=review.judgement_id).record)
        assert signed["looked_at"] == "Everything."
        assert signed["assessment"]["units"] == ["D3.01", "D3.02"]
        with pytest.raises(IntegrityError, match="a closed review never changes"), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(looked_at="Rewritten.")


def test_a_lead_iqa_signs_as_one(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS), by=cast.lead)
    note(review)
    agree(review)
    with centre_scope(northgate.pk):
        assert Signature.objects.get(judgement=review.judgement_id).role == "Lead IQA"


def test_the_board_says_what_the_action_would(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    other = make_learner(northgate, "Ben Okoro", by=cast.administrator, number="B-2")
    with centre_scope(northgate.pk):
        for member, words in ((cast.assessor, "You assessed this"), (cast.iqa, "")):
            assert why_not(member, judgement.submission).startswith(words)
    cast.registration, cast.learner = other, cast.learner
    with centre_scope(northgate.pk):
        cast.learner = other.learner.membership
    unjudged = start(cast, SECTIONS)
    with centre_scope(northgate.pk):
        row = Submission.objects.select_related("registration__learner").get(pk=unjudged.pk)
        assert why_not(cast.assessor, row) == ""
