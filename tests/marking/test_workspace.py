"""The marking page: who sees what, what stands beside what, and where the next work is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from centres.actions import open_grant
from centres.models import Centre
from centres.scoping import centre_scope
from marking.actions import hand_back, take_submission
from marking.models import Judgement
from marking.rules import Decision
from marking.selectors import judgement_lines
from portfolios.models import Submission
from tests.makers import (
    AT,
    MENTORING,
    Cast,
    assessed,
    decide,
    make_learner,
    passing,
    sign,
    start,
    submit,
    take,
)
from tests.marking.test_main_job import release_agreed

pytestmark = pytest.mark.django_db
COACHING_KEY = "wba-d3-01-02"
CRITERIA_KEY = "portfolio-8586-301"


def page(judgement: Judgement, rest: str = "") -> str:
    return f"/c/northgate/marking/{judgement.pk}/{rest}"


def signed_in(member: Any) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def test_evidence_stands_beside_the_sections_with_the_qualifications_own_labels(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = take(cast, submit(cast, start(cast, COACHING_KEY)))
    text = signed_in(cast.assessor).get(page(judgement)).content.decode()
    assert "What I did for 1." in text
    assert "Strengths" in text
    assert "Weaknesses" in text
    assert text.count('inputmode="numeric"') == 4
    assert text.count("What to look for") == 4
    assert "4 sections have no mark." in text


def test_each_piece_of_evidence_comes_as_a_part_of_its_own(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = take(cast, submit(cast, start(cast, COACHING_KEY)))
    client = signed_in(cast.assessor)
    pieces = client.get(page(judgement)).context["work"].pieces
    part = client.get(
        page(judgement, f"?evidence={pieces[2].id}"), headers={"HX-Request": "true", "HX-Target": "evidence"}
    )
    assert b"What I did for 3." in part.content
    assert b"<html" not in part.content


def test_criteria_lie_under_their_outcome_with_the_standard_and_a_comment(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    judgement = take(cast, submit(cast, start(cast, CRITERIA_KEY)))
    text = signed_in(cast.assessor).get(page(judgement)).content.decode()
    assert text.count("<fieldset") == 11
    assert text.count('value="REFERRAL"') == 11
    assert text.count(">Standard</summary>") == 11
    assert "Comment on LO 1" in text
    assert "Assessor feedback on AC" in text
    assert "11 criteria are undecided." in text


def test_html_in_feedback_stays_text(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = take(cast, submit(cast, start(cast, COACHING_KEY)))
    client = signed_in(cast.assessor)
    with centre_scope(northgate.pk):
        line = judgement_lines(judgement)[0]
    nasty = "</textarea><script>alert(1)</script>"
    typed = {"version": 1, "mark": "11", "feedback": nasty, "feedback_more": nasty}
    client.post(f"/c/northgate/marking/parts/{line.pk}/", typed)
    decide(judgement, {"2": 26, "3": 24, "4": 26})
    assert b"<script>alert" not in client.get(page(judgement)).content
    sign(judgement)
    paper = client.get(page(judgement)).content
    assert b"<script>alert" not in paper
    assert b"&lt;script&gt;alert" in paper


def test_a_later_attempt_folds_what_carries_over_and_shows_what_was_said(northgate: Centre) -> None:
    cast = Cast(northgate)
    release_agreed(cast, assessed(cast, COACHING_KEY, {"1": 11}))
    with centre_scope(northgate.pk):
        second = Submission.objects.get(attempt=2)
    again = take(cast, submit(cast, second))
    text = signed_in(cast.assessor).get(page(again)).content.decode()
    assert "Carried over (3)" in text
    assert "Carried over from attempt 1: 26 by Priya Shah, of 26" in text
    assert "Attempt 1: 11 / 24" in text
    assert "Strong on 1." in text
    assert text.count('inputmode="numeric"') == 1


def test_the_next_assessor_reads_why_it_was_handed_back(northgate: Centre) -> None:
    cast = Cast(northgate)
    submission = submit(cast, start(cast, COACHING_KEY))
    first = take(cast, submission)
    with centre_scope(northgate.pk):
        hand_back(judgement=first, reason="I taught <her>.", by=cast.assessor, at=AT)
        second = take_submission(submission=submission, by=cast.other_assessor, at=AT)
    text = signed_in(cast.other_assessor).get(page(second)).content.decode()
    assert "Priya Shah, 2 Nov 2026: I taught &lt;her&gt;." in text
    assert signed_in(cast.assessor).get(page(first)).status_code == 404


def test_a_sheet_is_seen_by_its_judge_and_by_those_with_a_grant(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = take(cast, submit(cast, start(cast, COACHING_KEY)))
    for stranger in (cast.other_assessor, cast.iqa, cast.lead):
        assert signed_in(stranger).get(page(judgement)).status_code == 404
    for other_role in (cast.learner, cast.administrator):
        assert signed_in(other_role).get(page(judgement)).status_code == 403
    with centre_scope(northgate.pk):
        open_grant(membership=cast.iqa, object_id=judgement.submission_id, reason="review", at=AT)
    reader = signed_in(cast.iqa).get(page(judgement))
    assert b"Priya Shah is marking this. You can read it." in reader.content
    assert b"data-autosave" not in reader.content


def test_a_signed_sheet_is_paper(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, COACHING_KEY)
    text = signed_in(cast.assessor).get(page(judgement)).content.decode()
    assert "Provisional" in text
    assert "I have assessed this work against its criteria." in text
    assert "data-autosave" not in text


def test_provisional_is_on_a_signed_sheet_until_its_result_is_released(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, COACHING_KEY)
    client = signed_in(cast.assessor)
    for rest in ("", "receipt/"):
        assert b"Provisional" in client.get(page(judgement, rest)).content
    release_agreed(cast, judgement)
    for rest in ("", "receipt/"):
        shown = client.get(page(judgement, rest)).content
        assert b"Provisional" not in shown
        assert b"Released" in shown


def test_another_centres_sheet_is_not_there(northgate: Centre, harbour: Centre) -> None:
    theirs = assessed(Cast(harbour), COACHING_KEY)
    client = signed_in(Cast(northgate).assessor)
    for rest in ("", "sign/", "receipt/", "hand-back/"):
        assert client.get(page(theirs, rest)).status_code == 404
    assert client.post(page(theirs, "next/")).status_code == 404


def test_next_goes_through_ones_own_work_then_to_the_queue(northgate: Centre) -> None:
    cast = Cast(northgate)
    first = take(cast, submit(cast, start(cast, COACHING_KEY)))
    client = signed_in(cast.assessor)
    cast.registration = make_learner(northgate, "Ben Okoro", by=cast.administrator, number="B")
    with centre_scope(northgate.pk):
        cast.learner = cast.registration.learner.membership
    following = submit(cast, start(cast, COACHING_KEY))
    last = client.post(page(first, "next/"), follow=True)
    assert last.redirect_chain == [("/c/northgate/marking/", 302)]
    assert b"You have no further sheet in hand." in last.content
    with centre_scope(northgate.pk):
        assert Judgement.objects.count() == 1
    second = take(cast, following)
    assert client.post(page(first, "next/"))["Location"] == page(second)
    shown = client.get(page(second))
    assert (shown.context["place"], shown.context["drafts"]) == (2, 2)
    assert shown.context["before"] == first.pk


def test_the_page_asks_a_fixed_number_of_questions(
    northgate: Centre, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    judgement = take(cast, submit(cast, start(cast, CRITERIA_KEY)))
    decide(judgement, {**passing(judgement), "1.1": Decision.REFERRAL})
    client = signed_in(cast.assessor)
    client.get(page(judgement))
    with django_assert_max_num_queries(34):
        client.get(page(judgement))
