"""Saving a line: what is answered while somebody types, and what is refused without losing a word."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from centres.models import Centre
from centres.scoping import centre_scope
from marking.actions import hand_back
from marking.models import Judgement, JudgementLine, OutcomeComment
from marking.rules import Decision
from tests.makers import AT, MENTORING, Cast, assessed, decide, sign, start, submit, take

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


class Sheet:
    """An assessor in front of a draft."""

    def __init__(self, centre: Centre, key: str, **made: Any) -> None:
        self.cast = Cast(centre, **made)
        self.centre = centre
        self.judgement = take(self.cast, submit(self.cast, start(self.cast, key)))
        self.client = Client()
        self.client.force_login(self.cast.assessor.user)

    def line(self, ref: str) -> JudgementLine:
        with centre_scope(self.centre.pk):
            line: JudgementLine = JudgementLine.objects.get(judgement=self.judgement, part_ref=ref)
            return line

    def save(self, ref: str, *, version: int | str = 1, htmx: bool = True, **typed: str) -> Any:
        address = f"/c/northgate/marking/parts/{self.line(ref).pk}/"
        return self.client.post(address, {"version": version, **typed}, headers=HTMX if htmx else {})


@pytest.fixture
def marks(northgate: Centre) -> Sheet:
    return Sheet(northgate, "wba-d3-01-02")


@pytest.fixture
def criteria(northgate: Centre) -> Sheet:
    return Sheet(northgate, "portfolio-8586-301", qualification=MENTORING)


def test_a_mark_is_saved_and_the_verdict_changes_with_it(marks: Sheet) -> None:
    decide(marks.judgement, {"2": 26, "3": 24, "4": 26})
    answer = marks.save("1", mark="11", feedback="Good", feedback_more="Say more")
    text = answer.content.decode()
    words = "Referral: section 1 is 1 below its minimum of 12. The total does not change this."
    assert "Below 12" in text
    assert "87 <span>/ 100" in text
    assert 'id="sec-1-version" value="2" hx-swap-oob="true"' in text
    assert json.loads(answer["HX-Trigger"]) == {"say": {"value": words}}
    line = marks.line("1")
    assert (line.mark, line.feedback, line.feedback_more, line.version) == (11, "Good", "Say more", 2)
    assert line.saved_at is not None


def test_the_verdict_is_only_said_when_its_words_change(marks: Sheet) -> None:
    assert "HX-Trigger" in marks.save("1", mark="11", feedback="Good")
    assert "HX-Trigger" not in marks.save("1", version=2, mark="11", feedback="Good work")


def test_saving_the_same_again_changes_nothing(marks: Sheet) -> None:
    marks.save("1", mark="11")
    saved = marks.line("1")
    assert marks.save("1", version=2, mark="11").status_code == 200
    assert (marks.line("1").version, marks.line("1").saved_at) == (2, saved.saved_at)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("27", "27 is more than the maximum of 24. Enter 0 to 24."),
        ("-1", "Enter a whole number from 0 to 24."),
        ("11.5", "Half marks are not used. Enter 11 or 12."),
        ("eleven", "Enter a whole number from 0 to 24."),
        ("99999999999999999999", "Enter a whole number from 0 to 24."),
    ],
)
def test_a_mark_that_cannot_stand_is_refused_in_words_and_nothing_changes(
    marks: Sheet, typed: str, words: str
) -> None:
    decide(marks.judgement, {"1": 20, "2": 26, "3": 24, "4": 26})
    answer = marks.save("1", version=2, mark=typed, feedback="Kept words")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "Section 1 has no mark." in text
    assert "sec-1-version" not in text
    assert (marks.line("1").mark, marks.line("1").feedback) == (20, "Strong on 1.")
    plain = marks.save("1", version=2, htmx=False, mark=typed, feedback="Kept words")
    shown = plain.content.decode()
    assert plain.status_code == 422
    assert "<title>Error:" in shown
    assert words in shown
    assert f'value="{typed}"' in shown
    assert "Kept words" in shown
    assert "Section 1 has no mark." in shown
    assert marks.line("1").mark == 20


def test_what_the_page_could_not_save_counts_as_missing_in_every_answer(marks: Sheet) -> None:
    decide(marks.judgement, {"1": 20, "2": 25, "3": 24, "4": 26})
    saved = marks.save("2", version=2, mark="26", unsaved="sec-1")
    assert "Section 1 has no mark." in saved.content.decode()
    assert "96 <span>" not in saved.content.decode()
    refused = marks.save("3", version=2, mark="99", unsaved="sec-1").content.decode()
    assert "2 sections have no mark." in refused
    assert (marks.line("1").mark, marks.line("2").mark) == (20, 26)


def test_a_blank_mark_is_no_mark(marks: Sheet) -> None:
    decide(marks.judgement, {"1": 12, "2": 26, "3": 24, "4": 26})
    answer = marks.save("1", version=2, mark="")
    assert b"Section 1 has no mark." in answer.content
    assert marks.line("1").mark is None


def test_a_stale_tab_is_refused_with_both_versions_and_keeps_its_text(marks: Sheet) -> None:
    marks.save("1", mark="11", feedback="From the first tab")
    stale = marks.save("1", mark="12", feedback="From the second tab")
    text = stale.content.decode()
    assert stale.status_code == 409
    assert "From the first tab" in text
    assert "From the second tab" in text
    assert 'data-version="2"' in text
    assert "Saved by Priya Shah" in text
    assert "Section 1 has no mark." in text  # until one of the two is chosen
    assert text.count('value="theirs"') == 2
    assert text.count('value="together"') == 1  # for the feedback; two marks are not joined
    assert (marks.line("1").mark, marks.line("1").feedback) == (11, "From the first tab")
    plain = marks.save("1", htmx=False, mark="12", feedback="From the second tab")
    assert plain.status_code == 409
    assert b">From the second tab</textarea>" in plain.content
    assert b"From the first tab" in plain.content
    kept = marks.save("1", htmx=False, version=2, mark="12", feedback="From the second tab", resolve="mine")
    assert kept["Location"].endswith("#sec-1")
    assert marks.line("1").mark == 12
    theirs = marks.save("1", htmx=False, version=3, mark="1", feedback="x", resolve="theirs")
    assert theirs.status_code == 302
    assert marks.line("1").mark == 12


def test_a_stale_tab_with_the_same_words_is_no_clash(marks: Sheet) -> None:
    marks.save("1", mark="11", feedback="The same")
    assert marks.save("1", mark="11", feedback="The same").status_code == 200


def test_a_choice_is_saved_and_a_wrong_one_refused(criteria: Sheet) -> None:
    answer = criteria.save("1.1", decision="REFERRAL")
    assert b"AC 1.1 is referred and has no feedback." in answer.content
    assert criteria.line("1.1").decision == "REFERRAL"
    wrong = criteria.save("1.2", decision="MAYBE")
    assert wrong.status_code == 422
    assert b"Choose Pass or Referral." in wrong.content
    assert criteria.line("1.2").decision == ""


def test_a_comment_on_an_outcome_is_saved_and_a_stale_one_refused(criteria: Sheet) -> None:
    with centre_scope(criteria.centre.pk):
        comment = OutcomeComment.objects.get(judgement=criteria.judgement, outcome_number=1)
    address = f"/c/northgate/marking/comments/{comment.pk}/"
    saved = criteria.client.post(address, {"version": 1, "text": "Well planned"}, headers=HTMX)
    assert 'id="lo-1-version" value="2"' in saved.content.decode()
    stale = criteria.client.post(address, {"version": 1, "text": "Other words"}, headers=HTMX)
    assert stale.status_code == 409
    assert b"Well planned" in stale.content
    plain = criteria.client.post(address, {"version": 1, "text": "Other words"})
    assert plain.status_code == 409
    assert b"Other words</textarea>" in plain.content
    with centre_scope(criteria.centre.pk):
        assert OutcomeComment.objects.get(pk=comment.pk).text == "Well planned"


def test_a_signed_line_no_longer_changes(marks: Sheet) -> None:
    decide(marks.judgement, {"1": 20, "2": 26, "3": 24, "4": 26})
    sign(marks.judgement)
    answer = marks.save("1", version=2, mark="24")
    assert answer.status_code == 422
    assert b"This sheet is signed, so it no longer changes." in answer.content
    assert marks.line("1").mark == 20


def test_a_line_that_was_handed_back_is_not_called_signed(marks: Sheet) -> None:
    with centre_scope(marks.centre.pk):
        hand_back(judgement=marks.judgement, reason="I know her.", by=marks.cast.assessor, at=AT)
    answer = marks.save("1", mark="24")
    assert answer.status_code == 422
    assert b"This sheet was handed back, so it no longer changes." in answer.content
    assert b"signed, so" not in answer.content
    assert marks.line("1").mark is None


def test_nobody_else_saves_a_line(marks: Sheet, harbour: Centre) -> None:
    address = f"/c/northgate/marking/parts/{marks.line('1').pk}/"
    for member, status in (
        (marks.cast.other_assessor, 404),
        (marks.cast.iqa, 403),
        (marks.cast.learner, 403),
        (Cast(harbour).assessor, 404),
    ):
        client = Client()
        client.force_login(member.user)
        assert client.post(address, {"version": 1, "mark": "24"}).status_code == status
    assert marks.line("1").mark is None


def test_without_a_session_nothing_is_saved_and_the_page_is_told(marks: Sheet) -> None:
    marks.client.logout()
    assert marks.save("1", mark="24").status_code == 401
    assert marks.save("1", htmx=False, mark="24")["Location"].startswith("/sign-in/")
    assert marks.line("1").mark is None


def test_another_centres_line_is_not_there(marks: Sheet, harbour: Centre) -> None:
    theirs = assessed(Cast(harbour), "wba-d3-01-02")
    with centre_scope(harbour.pk):
        line = JudgementLine.objects.filter(judgement=theirs).first()
    assert line
    for address in (f"/c/northgate/marking/parts/{line.pk}/", f"/c/harbour/marking/parts/{line.pk}/"):
        assert marks.client.post(address, {"version": 1, "mark": "0"}).status_code == 404


def test_a_save_asks_few_questions(
    criteria: Sheet, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    decide(criteria.judgement, {"1.1": Decision.PASS, "1.2": Decision.PASS})
    criteria.save("1.3", decision="PASS")
    address = f"/c/northgate/marking/parts/{criteria.line('2.1').pk}/"
    typed = {"version": 1, "decision": "PASS", "feedback": "Good"}
    with django_assert_max_num_queries(22):
        assert criteria.client.post(address, typed, headers=HTMX).status_code == 200


@pytest.mark.parametrize("version", ["", "x", "0", "-3", "99999999999999"])
def test_a_version_that_cannot_be_read_is_refused(marks: Sheet, version: str) -> None:
    assert marks.save("1", version=version, mark="12").status_code == 422
    assert marks.line("1").mark is None


def test_the_judgement_stays_a_draft(marks: Sheet) -> None:
    marks.save("1", mark="11")
    with centre_scope(marks.centre.pk):
        assert Judgement.objects.get().state == "DRAFT"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("x" * 20_400, "Your feedback is 20,400 characters; 20,000 fit. Shorten it."),
        ("x\r\n" * 300, "Your feedback is 301 lines; 300 fit. Use fewer line breaks."),
        ("x\u2028" * 300, "Your feedback is 301 lines; 300 fit. Use fewer line breaks."),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_feedback_that_no_sheet_holds_is_refused_and_kept(
    marks: Sheet, typed: str, words: str, htmx: bool
) -> None:
    answer = marks.save("1", mark="11", feedback=typed, htmx=htmx)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    if not htmx:
        assert typed.replace("\r\n", "\n") in answer.content.decode()
    assert (marks.line("1").feedback, marks.line("1").version) == ("", 1)


def test_three_thousand_words_fit(marks: Sheet) -> None:
    words = "lorem " * 3_000
    assert marks.save("1", feedback=words, feedback_more="x\r\n" * 299).status_code == 200
    assert marks.line("1").feedback == words


def test_a_comment_that_no_sheet_holds_is_refused(criteria: Sheet) -> None:
    with centre_scope(criteria.centre.pk):
        comment = OutcomeComment.objects.filter(judgement=criteria.judgement).earliest("outcome_number")
    address = f"/c/northgate/marking/comments/{comment.pk}/"
    answer = criteria.client.post(address, {"version": 1, "text": "x" * 20_001})
    assert answer.status_code == 422
    assert "Your comment is 20,001 characters; 20,000 fit. Shorten it." in answer.content.decode()
    assert "x" * 20_001 in answer.content.decode()
