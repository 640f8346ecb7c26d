"""What a learner reads of a result: provisional until release, final after it, and what came back."""

import re
from typing import Any

import pytest
from django.urls import reverse

from centres.models import Centre
from centres.scoping import centre_scope
from marking.models import JudgementLine
from marking.rules import Decision
from portfolios.models import Submission
from quality_assurance import actions as quality
from quality_assurance.selectors.standpoint import review_version
from tests.makers import AT, Cast, assessed, decide, start, submit, take
from tests.marking.released import assessed_again, release_overturned
from tests.portfolios.samples import at, signed_in

pytestmark = pytest.mark.django_db
KEY = "wba-d3-01-02"
PROVISIONAL = "This result is provisional. It may change until our quality checks are finished."
CONFIRMED = "Confirmed by the centre. Subject to external quality assurance by the awarding body."


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate)


def read(cast: Cast, submission: Submission, name: str = "feedback", **headers: str) -> str:
    answer = signed_in(cast.learner).get(at(cast, name, submission), headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def home(cast: Cast) -> str:
    address = reverse("desks:home", kwargs={"slug": cast.centre.slug})
    return signed_in(cast.learner).get(address).content.decode()


def without_tokens(page: str) -> str:
    return re.sub(r"[A-Za-z0-9]{64}", "", page)


def release(cast: Cast, submission: Submission) -> None:
    with centre_scope(cast.centre.pk):
        quality.release_unreviewed(
            submission=submission, reason="Small cohort, seen in class.", confirmed_at=AT, by=cast.lead, at=AT
        )


def test_before_the_signature_there_is_no_result(cast: Cast) -> None:
    submission = submit(cast, start(cast, KEY))
    judgement = take(cast, submission)
    decide(judgement, {"1": 11})
    page = read(cast, submission)
    assert "Your work is with an assessor." in page
    assert '<p class="strong d-none d-print-block">Amira Khan, ABC1234</p>' in page
    assert "Strong on 1." not in page
    assert "11 / 24" not in page


def test_a_signed_result_is_provisional_on_every_page(cast: Cast) -> None:
    judgement = assessed(cast, KEY, {"1": 11, "2": 26, "3": 24, "4": 26})
    page = read(cast, judgement.submission)
    assert PROVISIONAL in page
    assert "Provisional referral" in page
    assert "Referral: section 1 is 1 below its minimum of 12. The total does not change this." in page
    assert "Strong on 1." in page
    assert "Add more to 1." in page
    assert CONFIRMED not in page
    assert "Provisional referral" in home(cast)


def test_a_released_referral_says_what_to_do_again(cast: Cast) -> None:
    judgement = assessed(cast, KEY, {"1": 11, "2": 26, "3": 24, "4": 26})
    release(cast, judgement.submission)
    page = read(cast, judgement.submission)
    assert PROVISIONAL not in page
    assert CONFIRMED in page
    assert "Referral: 1 section to do again" in page
    assert "Redo section 1 only." in page
    assert "Go on with attempt 2" in page
    front = home(cast)
    assert "section 1 to do again" in front
    assert "Redo section 1 of" in front
    with centre_scope(cast.centre.pk):
        second = Submission.objects.get(attempt=2)
    draft = read(cast, second, "submission")
    assert "Carried over from attempt 1. You need not do this again." in draft
    assert draft.count('type="file"') == 1
    before = read(cast, second, "before", **{"HX-Request": "true"})
    assert 'id="before-1" hx-swap-oob="true"' in before
    assert "11 / 24, below the minimum of 12" in before
    assert "26 / 26" in before


def test_a_released_pass_is_final(cast: Cast) -> None:
    judgement = assessed(cast, KEY)
    release(cast, judgement.submission)
    page = read(cast, judgement.submission)
    assert "Pass, subject to external quality assurance" in page
    assert CONFIRMED in page
    front = home(cast)
    assert "2 of" in front
    assert "Unit achieved" in front


def overturn(cast: Cast, submission: Submission, values: dict[str, Any]) -> None:
    with centre_scope(cast.centre.pk):
        review = quality.open_review(submission=submission, by=cast.iqa, at=AT)
    before = read(cast, submission)
    decide(review.judgement, values)
    assert without_tokens(read(cast, submission)) == without_tokens(before)
    with centre_scope(cast.centre.pk):
        quality.overturn_and_release(
            review=review,
            reason="The <b>log</b> shows two sessions.",
            seen=review_version(review),
            confirmed_at=AT,
            by=cast.iqa,
            at=AT,
        )


def test_an_overturn_shows_only_after_release_with_its_reason(cast: Cast) -> None:
    judgement = assessed(cast, KEY, {"1": 11, "2": 26, "3": 24, "4": 26})
    overturn(cast, judgement.submission, {"1": 12, "2": 26, "3": 24, "4": 26})
    page = read(cast, judgement.submission)
    assert "Pass, subject to external quality assurance" in page
    assert "The assessor's result was referral. It was changed:" in page
    assert "The &lt;b&gt;log&lt;/b&gt; shows two sessions." in page
    assert "12 / 24" in page
    assert "Lena Grant, quality assurance" in page


def test_an_overturn_to_another_referral_says_what_was_changed(cast: Cast) -> None:
    judgement = assessed(cast, KEY, {"1": 11, "2": 5, "3": 24, "4": 26})
    overturn(cast, judgement.submission, {"1": 12, "2": 5, "3": 24, "4": 26})
    page = read(cast, judgement.submission)
    assert "The result is still a referral. What is to be done again was changed:" in page
    assert "The assessor's result was" not in page


def test_what_is_carried_over_stands_under_the_names_of_those_who_decided_it(cast: Cast) -> None:
    first = assessed(cast, KEY, {"1": 11, "2": 5, "3": 24, "4": 26})
    release_overturned(cast, first, {"1": 20, "2": 6, "3": 24, "4": 26}, why="The annex was not read.")
    cast.assessor = cast.other_assessor
    page = read(cast, assessed_again(cast, {"2": 20}).submission)
    carried, again = (page.split(f'id="part-{ref}"')[1].split("</article>")[0] for ref in "12")
    assert "Carried over from attempt 1: 20 by Lena Grant (IQA); the assessor gave 11." in carried
    assert "20 / 24" in carried
    assert "Priya Shah, assessor" in carried
    assert "Lena Grant, quality assurance" in carried
    assert "Seen again: 1." in carried
    assert "Tom Reid" not in carried
    assert "Tom Reid, assessor" in again
    assert "quality assurance" not in again


def test_a_result_sheet_shows_every_criterion(northgate: Centre) -> None:
    cast = Cast(northgate, qualification="l3-award-effective-mentoring")
    key = "assignment-8586-300"
    judgement = assessed(cast, key, {"1.1": Decision.REFERRAL})
    page = read(cast, judgement.submission)
    assert "Referral: AC 1.1 is referred." in page
    with centre_scope(northgate.pk):
        count = JudgementLine.objects.filter(judgement=judgement).count()
    assert page.count("<article") == count


def test_texts_of_judges_are_escaped(cast: Cast) -> None:
    judgement = assessed(cast, KEY)
    with centre_scope(cast.centre.pk):
        assert JudgementLine.objects.filter(judgement=judgement).exists()
    page = read(cast, judgement.submission)
    assert "<script>alert" not in page


def test_the_page_has_a_fixed_price(cast: Cast, django_assert_max_num_queries: Any) -> None:
    judgement = assessed(cast, KEY, {"1": 11})
    release(cast, judgement.submission)
    client = signed_in(cast.learner)
    with django_assert_max_num_queries(24):
        client.get(at(cast, "feedback", judgement.submission))
    again = assessed_again(cast, {"1": 20})
    with django_assert_max_num_queries(26):  # and two for who decided what is carried over
        client.get(at(cast, "feedback", again.submission))
