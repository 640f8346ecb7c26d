"""The pages of quality assurance: the board, a review, the decision, a release without review."""

import copy
from typing import Any

import pytest
from django.test import Client

from centres.models import Centre, Grant
from centres.permissions import Role
from centres.scoping import centre_scope
from lib.ids import new_id
from marking.models import JudgementLine, OutcomeComment
from qualifications.actions import declare_conflict
from quality_assurance.models import Release, Review
from tests.makers import (
    AT,
    MENTORING,
    PASSWORD,
    Cast,
    assessed,
    make_competent,
    make_learner,
    make_member,
)
from tests.quality_assurance.people import (
    CRITERIA,
    SECTIONS,
    enter,
    note,
    opened,
    own_line,
    release,
    signed_in,
    signing,
    url,
)

pytestmark = pytest.mark.django_db

REFERRED = {"1": 11, "2": 26, "3": 24, "4": 26}
BOARD_QUERIES = 25
REVIEW_QUERIES = 30
HTMX = {"HX-Request": "true"}


def another(cast: Cast, name: str, number: str) -> Cast:
    """Return the same people with another learner."""
    other = copy.copy(cast)
    other.registration = make_learner(cast.centre, name, by=cast.administrator, number=number)
    with centre_scope(cast.centre.pk):
        other.learner = other.registration.learner.membership
    return other


def line_url(review: Review, ref: str) -> str:
    return url("line", review_id=review.pk, line_id=own_line(review, ref).pk)


def typed(review: Review, ref: str, **values: Any) -> dict[str, Any]:
    return {"version": own_line(review, ref).version, "feedback": "", "feedback_more": "", **values}


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_board_shows_what_waits_and_opens_a_review_with_sight_of_the_evidence(northgate: Centre) -> None:
    cast = Cast(northgate)
    judgement = assessed(cast, SECTIONS, REFERRED)
    client = signed_in(cast.iqa)
    board = text_of(client, url("board"))
    assert "Amira Khan" in board
    assert "87 / 100" in board
    assert "Provisional" in board
    assert "What I did for 1." not in board

    answer = client.post(url("open", submission_id=judgement.submission_id))
    with centre_scope(northgate.pk):
        review = Review.objects.get()
        assert Grant.objects.filter(membership=cast.iqa, object_id=judgement.submission_id).exists()
    assert answer.headers["Location"] == url("review", review_id=review.pk)
    page = text_of(client, answer.headers["Location"])
    assert "What I did for 1." in page
    assert "11 / 24" in page
    again = client.post(url("open", submission_id=judgement.submission_id))
    assert again.headers["Location"] == answer.headers["Location"]
    assert "Carry on" in text_of(client, url("board") + "?tab=mine")


def test_the_board_keeps_rows_that_a_member_may_not_touch_and_says_why(northgate: Centre) -> None:
    cast = Cast(northgate)
    both = make_member(northgate, "Iris Both", Role.ASSESSOR, Role.IQA)
    make_competent(both, by=cast.lead)
    judgement = assessed(cast, SECTIONS)
    ben = another(cast, "Ben Okoro", "B-2")
    ben.assessor = both
    assessed(ben, SECTIONS)
    with centre_scope(northgate.pk):
        learner = judgement.submission.registration.learner
        declare_conflict(membership=both, learner=learner, reason="Sister.", by=both, at=AT)
    board = text_of(signed_in(both), url("board"))
    assert "You assessed this, so someone else must review it." in board
    assert "You declared a conflict of interest with this learner on 2 Nov 2026." in board
    assert "/open/" not in board


def test_the_board_filters_sorts_and_exports(northgate: Centre) -> None:
    cast = Cast(northgate)
    assessed(cast, SECTIONS, REFERRED)
    ben = another(cast, "=Ben Okoro", "B-2")
    assessed(ben, SECTIONS)
    client = signed_in(cast.lead)
    board = url("board")
    assert "Amira Khan" not in text_of(client, f"{board}?outcome=PASS")
    assert "Amira Khan" in text_of(client, f"{board}?unit=D3.02&outcome=REFERRAL")
    nothing = text_of(client, f"{board}?unit=302")
    assert "No attempts match." in nothing
    assert "Nothing waits" not in nothing
    page = text_of(client, f"{board}?sort=total")
    assert page.index("Amira Khan") < page.index("=Ben Okoro")
    page = text_of(client, f"{board}?sort=-total")
    assert page.index("Amira Khan") > page.index("=Ben Okoro")
    assert client.get(f"{board}?assessor=x&cohort=1&sort=password&tab=no&page=99&size=7").status_code == 200
    table = client.get(url("board_table") + "?outcome=PASS")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert "'=Ben Okoro" in table.content.decode()
    assert "Amira Khan" not in table.content.decode()


def test_an_empty_board_says_why(northgate: Centre) -> None:
    cast = Cast(northgate)
    assert "Nothing waits for quality assurance." in text_of(signed_in(cast.iqa), url("board"))


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
    assert "Overturn" not in text_of(client, url("board"))
    assert "say" in answer.headers["HX-Trigger"]


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


def addresses(review: Review, line: JudgementLine, comment: OutcomeComment | None) -> list[tuple[str, str]]:
    """Return every address of this room with a method that it answers."""
    whole, part = {"review_id": review.pk}, {"submission_id": review.submission_id}
    found = [
        ("get", url("board")),
        ("get", url("board_table")),
        ("post", url("open", **part)),
        ("get", url("review", **whole)),
        ("post", url("line", line_id=line.pk, **whole)),
        ("post", url("note", **whole)),
        ("get", url("decide", **whole)),
        ("post", url("decide", **whole)),
        ("get", url("put_back", **whole)),
        ("post", url("put_back", **whole)),
        ("get", url("release", **part)),
        ("post", url("release", **part)),
        ("get", url("receipt", **part)),
    ]
    return [*found, ("post", url("comment", comment_id=comment.pk, **whole))] if comment else found


def test_other_roles_are_refused_and_strangers_find_nothing(northgate: Centre, harbour: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA))
    stranger = make_member(harbour, "Kit Moss", Role.IQA, Role.LEAD_IQA)
    with centre_scope(northgate.pk):
        comment = OutcomeComment.objects.filter(judgement=review.judgement_id).first()
    places = addresses(review, own_line(review, "1.1"), comment)
    for member in (cast.assessor, cast.learner, cast.administrator):
        client = signed_in(member)
        assert {getattr(client, method)(address).status_code for method, address in places} == {403}
    client = signed_in(stranger)
    assert {getattr(client, method)(address).status_code for method, address in places} == {404}
    anonymous = Client()
    for method, address in places:
        assert "/sign-in/" in getattr(anonymous, method)(address).headers["Location"]


def test_another_iqa_finds_neither_the_review_nor_its_parts_and_ids_of_elsewhere_are_nothing(
    northgate: Centre,
) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA))
    client = signed_in(cast.other_iqa)
    whole = {"review_id": review.pk}
    for method, address in addresses(review, own_line(review, "1.1"), None):
        if str(review.pk) in address:
            assert getattr(client, method)(address).status_code == 404
    own = signed_in(cast.iqa)
    nobody = new_id()
    assert own.post(url("line", line_id=nobody, **whole)).status_code == 404
    assert own.post(url("comment", comment_id=nobody, **whole)).status_code == 404
    assert own.post(url("open", submission_id=nobody)).status_code == 404
    assert own.get(url("release", submission_id=nobody)).status_code == 404
    assert own.get(url("receipt", submission_id=nobody)).status_code == 404
    with centre_scope(northgate.pk):
        theirs = JudgementLine.objects.filter(judgement__stage="ASSESSOR").first()
    assert own.post(url("line", line_id=theirs.pk, **whole), {"version": 2}).status_code == 404


def many(cast: Cast, count: int) -> None:
    """Fill the board: of every three attempts one waits, one is reviewed, one is released."""
    for number in range(count):
        judgement = assessed(another(cast, f"Learner {number:02}", f"N-{number}"), SECTIONS, REFERRED)
        if number % 3 == 1:
            opened(cast, judgement)
        if number % 3 == 2:
            release(judgement.submission, cast.lead)


@pytest.mark.parametrize("count", [3, 30])
def test_the_board_asks_a_fixed_number_of_questions(
    northgate: Centre, count: int, django_assert_max_num_queries: Any
) -> None:
    cast = Cast(northgate)
    many(cast, count)
    client = signed_in(cast.iqa)
    with django_assert_max_num_queries(BOARD_QUERIES):
        page = client.get(url("board") + "?tab=all&size=100")
    assert page.content.decode().count('role="rowheader"') == count


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
