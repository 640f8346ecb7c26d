"""The pages of a review, its decision and a release without one: what they say, and what they refuse."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from centres.models import Centre
from centres.permissions import Role
from centres.scoping import centre_scope
from marking.models import OutcomeComment, ResultSheet
from marking.rules import Decision
from quality_assurance.models import Release, Review
from tests.makers import MENTORING, PASSWORD, Cast, assessed, make_competent, make_member
from tests.marking.released import assessed_again, release_overturned
from tests.quality_assurance.people import (
    CRITERIA,
    SECTIONS,
    agree,
    enter,
    note,
    opened,
    own_line,
    release,
    signed_in,
    signing,
    text_of,
    url,
)

pytestmark = pytest.mark.django_db

REFERRED = {"1": 11, "2": 26, "3": 24, "4": 26}
REVIEW_QUERIES = 34
HTMX = {"HX-Request": "true"}


def line_url(review: Review, ref: str) -> str:
    return url("line", review_id=review.pk, line_id=own_line(review, ref).pk)


def typed(review: Review, ref: str, **values: Any) -> dict[str, Any]:
    return {"version": own_line(review, ref).version, "feedback": "", "feedback_more": "", **values}


def test_a_mark_saves_itself_and_the_bar_follows(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS, REFERRED))
    client = signed_in(cast.iqa)
    answer = client.post(line_url(review, "1"), typed(review, "1", mark="12"), headers=HTMX)
    part = answer.content.decode()
    assert answer.status_code == 200
    assert own_line(review, "1").mark == 12
    assert "You cross the pass line in section 1, so you can only overturn." in part
    assert "Overturn…" in part
    assert "Section 2 needs a mark of your own." in part
    assert "+1" in part
    assert "1 of 4 sections seen; with the assessor's other marks:" in unescape(part)
    assert (
        "You: 1 of 4 sections seen; with the assessor's other marks: Pass 88." in answer.headers["HX-Trigger"]
    )
    assert "Overturn" not in text_of(client, url("board"))
    assert "say" in answer.headers["HX-Trigger"]


def test_a_referral_by_the_iqa_asks_what_to_improve_in_the_column_for_it(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    enter(review, {"1": 24, "2": 26, "4": 26})
    client = signed_in(cast.iqa)
    praised = typed(review, "3", mark="11", feedback="Neatly typed.")
    part = unescape(client.post(line_url(review, "3"), praised, headers=HTMX).content.decode())
    assert "You refer section 3: write under “Weaknesses” what to improve." in part
    assert part.count('#sec-3-feedback_more"') == 2
    said = typed(review, "3", mark="11", feedback_more="Record two outcomes for each session.")
    part = unescape(client.post(line_url(review, "3"), said, headers=HTMX).content.decode())
    assert "You refer section 3" not in part


def test_a_bare_outcome_is_printed_only_of_a_sheet_that_is_all_the_iqas_own(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS, REFERRED))
    client = signed_in(cast.iqa)
    address = url("decide", review_id=review.pk)
    enter(review, {"1": 11, "2": 25})
    partly = "2 of 4 sections seen; with the assessor's other marks: Referral 86"
    assert partly in unescape(text_of(client, address))
    enter(review, {"3": 24, "4": 26})
    whole = unescape(text_of(client, address))
    assert "sections seen" not in whole
    assert ">Referral 86<" in whole


def test_by_criterion_the_same_is_said_of_decisions(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA))
    enter(review, {"1.1": Decision.PASS})
    page = unescape(text_of(signed_in(cast.iqa), url("review", review_id=review.pk)))
    assert "For example: AC 1.1 to 1.3 and their feedback." in page
    assert "1 of 11 criteria seen; with the assessor's other decisions:" in page


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("27", "27 is more than the maximum of 24"),
        ("1½", "whole number"),
        ("11.5", "Half marks are not used"),
    ],
)
def test_a_bad_mark_is_refused_kept_as_typed_and_not_saved(northgate: Centre, mark: str, words: str) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    client = signed_in(cast.iqa)
    values = typed(review, "1", mark=mark, feedback="Kept words")
    part = client.post(line_url(review, "1"), values, headers=HTMX)
    assert part.status_code == 422
    assert words in part.content.decode()
    page = client.post(line_url(review, "1"), values)
    assert page.status_code == 422
    assert f'value="{mark}"' in page.content.decode()
    assert "Kept words" in page.content.decode()
    assert "<title>Error: " in page.content.decode()
    assert own_line(review, "1").mark is None


def test_a_mark_that_the_page_could_not_save_is_not_counted_as_seen(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    enter(review, {"1": 20})
    client = signed_in(cast.iqa)
    values = typed(review, "2", mark="26")
    saved = client.post(line_url(review, "2"), {**values, "unsaved": "sec-1"}, headers=HTMX)
    assert "1 of 4 sections seen" in saved.content.decode()
    refused = client.post(line_url(review, "1"), typed(review, "1", mark="99"), headers=HTMX)
    assert "1 of 4 sections seen" in refused.content.decode()
    noted = client.post(
        url("note", review_id=review.pk), {"version": "", "text": "", "unsaved": "sec-1"}, headers=HTMX
    )
    assert "1 of 4 sections seen" in noted.content.decode()
    assert (own_line(review, "1").mark, own_line(review, "2").mark) == (20, 26)


def test_a_line_saved_in_another_tab_answers_409_with_both_versions(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA))
    client = signed_in(cast.iqa)
    old = typed(review, "1.1", decision="PASS", feedback="First tab")
    client.post(line_url(review, "1.1"), typed(review, "1.1", decision="REFERRAL", feedback="Second tab"))
    for headers in (HTMX, {}):
        answer = client.post(line_url(review, "1.1"), old, headers=headers)
        assert answer.status_code == 409
        assert "First tab" in answer.content.decode()
        assert "Second tab" in answer.content.decode()
        assert answer.content.decode().count('id="verdict"') == 1
    assert own_line(review, "1.1").decision == "REFERRAL"


def test_the_note_and_a_comment_save_themselves_and_notice_another_tab(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA))
    client = signed_in(cast.iqa)
    with centre_scope(northgate.pk):
        comment = OutcomeComment.objects.filter(judgement=review.judgement_id).order_by("outcome_number")[0]
    address = url("comment", review_id=review.pk, comment_id=comment.pk)
    assert client.post(address, {"version": 1, "text": "Clear."}, headers=HTMX).status_code == 200
    stale = client.post(address, {"version": 1, "text": "Other."}, headers=HTMX)
    assert stale.status_code == 409
    assert "Clear." in stale.content.decode()
    assert 'id="verdict"' in stale.content.decode()
    assert client.post(address, {"version": 1, "text": "Other."}).status_code == 409

    where = url("note", review_id=review.pk)
    page = text_of(client, url("review", review_id=review.pk))
    version = page.split('id="looked-at-version" value="')[1].split('"')[0]
    assert client.post(where, {"version": version, "text": "All."}, headers=HTMX).status_code == 200
    assert client.post(where, {"version": version, "text": "Some."}, headers=HTMX).status_code == 409
    with centre_scope(northgate.pk):
        assert Review.objects.get().looked_at == "All."
        assert OutcomeComment.objects.get(pk=comment.pk).text == "Clear."


def test_agreeing_asks_for_the_password_and_shows_the_receipt(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS, REFERRED))
    note(review)
    client = signed_in(cast.iqa)
    address = url("decide", review_id=review.pk)
    page = text_of(client, address)
    assert "Opens attempt 2: section 1 to do again." in page
    assert "Referral 87" in page
    wrong = client.post(address, signing(review, "AGREE", password="not this one"))
    assert wrong.status_code == 422
    assert "That password is not right." in wrong.content.decode()
    assert "not this one" not in wrong.content.decode()
    with centre_scope(northgate.pk):
        assert not Release.objects.exists()
    receipt = url("receipt", submission_id=review.submission_id)
    data = signing(review, "AGREE")
    for _ in range(2):
        answer = client.post(address, data)
        assert answer.headers["Location"] == receipt
    with centre_scope(northgate.pk):
        assert Release.objects.count() == 1
    shown = text_of(client, receipt)
    assert "Attempt 2 is open: section 1 to do again." in shown
    assert "Lena Grant, IQA" in shown
    assert "Strengths:</span> Strong on 1." in shown
    assert "Weaknesses:</span> Add more to 1." in shown
    assert client.get(url("review", review_id=review.pk)).headers["Location"] == receipt


def test_agreeing_over_a_crossing_is_refused_in_words_and_overturning_keeps_what_was_typed(
    northgate: Centre,
) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS, REFERRED))
    enter(review, {"1": 12, "2": 26, "3": 24, "4": 26})
    client = signed_in(cast.iqa)
    address = url("decide", review_id=review.pk)
    refused = client.post(address, signing(review, "AGREE"))
    assert refused.status_code == 422
    assert (
        "You cannot agree: your own decision on section 1 crosses the pass line." in refused.content.decode()
    )
    short = client.post(address, signing(review, "OVERTURN", reason="Met"))
    assert short.status_code == 422
    assert "Say why the decision changes" in short.content.decode()
    typo = client.post(address, signing(review, "OVERTURN", reason="It is all there.", password="no"))
    assert typo.status_code == 422
    assert "It is all there." in typo.content.decode()
    done = client.post(address, signing(review, "OVERTURN", reason="It is all there."))
    shown = text_of(client, done.headers["Location"])
    assert "Overturned from Referral 87" in shown
    assert "It is all there." in shown
    assert "Overturned" in text_of(client, url("board") + "?tab=released")


def test_a_change_in_another_tab_stops_the_decision_and_keeps_the_reason(northgate: Centre) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS, REFERRED))
    enter(review, {"1": 12, "2": 26, "3": 24, "4": 26})
    data = signing(review, "OVERTURN", reason="It is all there.")
    enter(review, {"4": 20})
    answer = signed_in(cast.iqa).post(url("decide", review_id=review.pk), data)
    assert answer.status_code == 409
    assert "Look at the change before you sign." in answer.content.decode()
    assert "It is all there." in answer.content.decode()
    with centre_scope(northgate.pk):
        assert not Release.objects.exists()


def test_a_release_without_review_says_what_happens_and_asks_why_and_who(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    client = signed_in(cast.lead)
    address = url("release", submission_id=judgement.submission_id)
    assert "Achieves D3.01 and D3.02." in text_of(client, address)
    empty = client.post(address, {"reason": "", "password": ""})
    assert empty.status_code == 422
    assert "Say why this is released without review" in empty.content.decode()
    assert "Enter your password to sign." in empty.content.decode()
    wrong = client.post(address, {"reason": "Low risk this month.", "password": "no"})
    assert wrong.status_code == 422
    assert "Low risk this month." in wrong.content.decode()
    data = {"reason": "Low risk this month.", "password": PASSWORD}
    receipt = url("receipt", submission_id=judgement.submission_id)
    for _ in range(2):
        assert client.post(address, data).headers["Location"] == receipt
    shown = text_of(client, receipt)
    assert "Not sampled: released without review by Ruth Ode, " in shown
    assert "Achieved: D3.01 and D3.02." in shown


def test_releasing_what_one_assessed_or_what_is_being_reviewed_is_refused(northgate: Centre) -> None:
    cast = Cast(northgate)
    both = make_member(northgate, "Iris Both", Role.ASSESSOR, Role.IQA)
    make_competent(both, by=cast.lead)
    cast.assessor = both
    judgement = assessed(cast, SECTIONS)
    data = {"reason": "Low risk this month.", "password": PASSWORD}
    address = url("release", submission_id=judgement.submission_id)
    own = signed_in(both).post(address, data)
    assert own.status_code == 422
    assert "You assessed this, so someone else must release it." in own.content.decode()
    refused = signed_in(both).post(url("open", submission_id=judgement.submission_id))
    assert refused.status_code == 422
    assert "You assessed this, so someone else must review it." in refused.content.decode()
    opened(cast, judgement)
    busy = signed_in(cast.lead).post(address, data)
    assert busy.status_code == 422
    assert "This is being reviewed, so the review decides." in busy.content.decode()
    taken = signed_in(cast.other_iqa).post(url("open", submission_id=judgement.submission_id))
    assert taken.status_code == 422
    assert "Lena Grant is reviewing this." in taken.content.decode()
    with centre_scope(northgate.pk):
        assert not Release.objects.exists()


def test_putting_back_gives_the_reason_to_the_next_iqa(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    review = opened(cast, judgement)
    client = signed_in(cast.iqa)
    address = url("put_back", review_id=review.pk)
    assert client.get(address).status_code == 200
    for _ in range(2):
        assert client.post(address, {"reason": "Away next week."}).headers["Location"] == url("board")
    assert client.get(url("review", review_id=review.pk)).status_code == 404
    other = signed_in(cast.other_iqa)
    page = other.post(url("open", submission_id=judgement.submission_id), follow=True)
    assert "Lena Grant put this back" in page.content.decode()
    assert "Away next week." in page.content.decode()


@pytest.mark.parametrize("key", [SECTIONS, CRITERIA])
def test_a_review_asks_a_fixed_number_of_questions(
    northgate: Centre, key: str, django_assert_max_num_queries: Any
) -> None:
    cast = Cast(
        northgate, qualification=MENTORING if key == CRITERIA else "l3-cert-workplace-coaching-mentoring"
    )
    review = opened(cast, assessed(cast, key))
    client = signed_in(cast.iqa)
    with django_assert_max_num_queries(REVIEW_QUERIES):
        assert client.get(url("review", review_id=review.pk)).status_code == 200


def test_what_is_carried_over_stands_under_the_names_of_those_who_decided_it(
    northgate: Centre, django_assert_max_num_queries: Any
) -> None:
    cast = Cast(northgate)
    first = assessed(cast, SECTIONS, {"1": 11, "2": 5, "3": 24, "4": 26})
    release_overturned(cast, first, {"1": 20, "2": 6, "3": 24, "4": 26}, why="The annex was not read.")
    cast.assessor = cast.other_assessor
    review = opened(cast, assessed_again(cast, {"2": 20}), by=cast.other_iqa)
    client = signed_in(cast.other_iqa)
    with django_assert_max_num_queries(REVIEW_QUERIES + 3):
        shown = text_of(client, url("review", review_id=review.pk))
    carried, again = (shown.split(f'id="sec-{ref}" data-item')[1].split("</article>")[0] for ref in "12")
    theirs, decided = carried.split("IQA of attempt 1")
    for words in ("Priya Shah, assessor of attempt 1", "11 / 24", "Below 12", "Strong on 1.", "Lena Grant,"):
        assert words in theirs, words
    for words in ("20 / 24", "Min 12", "Seen again: 1.", "carried over, so nobody judges it again"):
        assert words in decided, words
    assert "Tom Reid" not in carried
    assert "Tom Reid, assessor" in again
    note(review)
    agree(review)
    receipt = text_of(client, url("receipt", submission_id=review.submission_id))
    assert "Carried over from attempt 1: 20 by Lena Grant (IQA); the assessor gave 11" in receipt


def test_who_released_without_review_reads_the_sheet_and_others_find_no_way_to_it(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS)
    release(judgement.submission, cast.iqa)
    with centre_scope(northgate.pk):
        sheet = ResultSheet.objects.get(submission=judgement.submission_id)
    address = f"/c/northgate/marking/sheets/{sheet.pk}/"
    receipt = url("receipt", submission_id=judgement.submission_id)
    for member, sees in ((cast.iqa, True), (cast.lead, True), (cast.other_iqa, False)):
        client = signed_in(member)
        assert (f'href="{address}"' in text_of(client, receipt)) is sees, member.name
        assert (client.get(address).status_code == 200) is sees, member.name
    client = signed_in(cast.iqa)
    assert client.get(f"/c/northgate/marking/{judgement.pk}/").status_code == 404
    assert "See the evidence" not in text_of(client, receipt)


def test_signed_out_at_the_decision_nothing_happens_and_the_page_keeps_what_was_typed(
    northgate: Centre,
) -> None:
    cast = Cast(northgate)
    review = opened(cast, assessed(cast, SECTIONS))
    note(review)
    address = url("decide", review_id=review.pk)
    data = signing(review, "AGREE")
    assert Client().post(address, data, headers=HTMX).status_code == 401
    with centre_scope(northgate.pk):
        assert not Release.objects.exists()
    answer = signed_in(cast.iqa).post(address, data, headers=HTMX)
    assert answer.headers["HX-Redirect"] == url("receipt", submission_id=review.submission_id)


def test_what_was_released_stays_readable_with_both_sides_but_without_evidence(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA, {"1.3": Decision.REFERRAL}))
    enter(review, {"1.3": Decision.REFERRAL}, feedback="Agreed: name the stakeholders.")
    agree(review)
    address = url("receipt", submission_id=review.submission_id)
    for member in (cast.iqa, cast.other_iqa, cast.lead):
        shown = text_of(signed_in(member), address)
        assert "Agreed: name the stakeholders." in shown
        assert "Priya Shah, Assessor" in shown
        assert "Provisional" not in shown
        assert "What I did for 1.3." not in shown
        assert ("See the evidence" in shown) is (member is cast.iqa)
