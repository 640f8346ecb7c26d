"""The one-letter keys: each acts on the part where the person is, and on no other."""

from typing import Any

from playwright.sync_api import expect

from centres.models import Centre
from centres.scoping import centre_scope
from marking.models import JudgementLine
from tests.makers import MENTORING, PASSWORD, Cast, assessed, start, submit, take
from tests.quality_assurance.people import CRITERIA, opened


def test_a_mark_is_given_by_keys_alone(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = take(cast, submit(cast, start(cast, "wba-d3-01-02")))
    me = visitor()
    me.sign_in(cast.assessor.user.email, PASSWORD)
    page = me.go(f"/c/northgate/marking/{judgement.pk}/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.type("17")
    expect(page.locator("#sec-2-mark")).to_have_value("17")
    expect(page.locator("#sec-1-mark")).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.locator("#sec-2-feedback")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    expect(page.locator("#sec-3")).to_be_focused()


def test_agreeing_by_key_decides_the_criterion_at_hand_and_no_other(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"), qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA))
    me = visitor()
    me.sign_in(cast.iqa.user.email, PASSWORD)
    page = me.go(f"/c/northgate/quality/reviews/{review.pk}/")
    page.keyboard.press("y")
    page.keyboard.press("j")
    page.keyboard.press("j")
    with page.expect_response(lambda answer: "/lines/" in answer.url):
        page.keyboard.press("y")
    expect(page.locator("#ac-1-2").get_by_role("radio", name="Agree: pass")).to_be_checked()
    with centre_scope(cast.centre.pk):
        decided = JudgementLine.objects.filter(judgement=review.judgement_id).exclude(decision="")
        assert [line.part_ref for line in decided] == ["1.2"]
