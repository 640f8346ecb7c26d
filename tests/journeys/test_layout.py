"""What must stay in sight: with long texts, long names and small windows."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from centres.models import Centre, Learner, Membership
from centres.scoping import centre_scope
from marking import actions as marking
from marking.models import Judgement
from marking.selectors import judgement_lines
from tests.makers import AT, MENTORING, PASSWORD, Cast, assessed, decide, passing, sign, start, submit, take
from tests.quality_assurance.people import CRITERIA, agree, enter, opened

KEY = "wba-d3-01-02"
LONG = "You came back to the contract when the goal moved, and said so to your client. " * 38


def marked_at_length(cast: Cast) -> Judgement:
    """Return a sheet with full marks whose first feedback is 3,000 letters long."""
    judgement = take(cast, submit(cast, start(cast, KEY)))
    decide(judgement, passing(judgement))
    with centre_scope(cast.centre.pk):
        line = judgement_lines(judgement)[0]
        marking.save_line(
            line=line,
            version=line.version,
            mark=line.mark,
            decision=None,
            feedback=LONG,
            feedback_more="Shorter.",
            by=cast.assessor,
            at=AT,
        )
    return judgement


def is_in_sight(page: Page, selector: str) -> bool:
    """Say whether an element lies wholly above the bar of the verdict and inside its pane."""
    return bool(
        page.evaluate(
            """selector => {
                const box = document.querySelector(selector).getBoundingClientRect();
                const pane = document.querySelector(".pane-sheet").getBoundingClientRect();
                return box.top >= pane.top && box.bottom <= pane.bottom;
            }""",
            selector,
        )
    )


def test_long_feedback_leaves_the_headings_of_a_mark_sheet_in_sight(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = marked_at_length(cast)
    me = visitor()
    me.sign_in(cast.assessor.user.email, PASSWORD)
    page = me.go(f"/c/northgate/marking/{judgement.pk}/")
    page.locator("#sec-1 summary", has_text="Feedback").first.click()
    if not page.locator("#sec-1-feedback").is_visible():
        page.locator("#sec-1 summary", has_text="Feedback").first.click()
    for number in range(1, 5):
        assert is_in_sight(page, f"#sec-{number}-title"), number


def test_long_feedback_leaves_the_iqas_own_mark_beside_its_section(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = marked_at_length(cast)
    sign(judgement)
    review = opened(cast, judgement)
    me = visitor()
    me.sign_in(cast.iqa.user.email, PASSWORD)
    page = me.go(f"/c/northgate/quality/reviews/{review.pk}/")
    assert is_in_sight(page, "#sec-1 .item-title")
    assert is_in_sight(page, "#sec-1-mark")
    fold = page.locator("#sec-1 .clamp-rest")
    fold.locator("summary").click()
    expect(fold.locator("p")).to_contain_text(LONG.strip())
    assert is_in_sight(page, "#sec-1-mark")


@pytest.mark.parametrize(("width", "narrowest"), [(1366, 300), (320, 200)])
def test_both_sides_of_a_receipt_have_room_beside_long_feedback(
    visitor: Any, width: int, narrowest: int
) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = marked_at_length(cast)
    sign(judgement)
    review = opened(cast, judgement)
    enter(review, {"1": 20}, feedback="Seen: the contract.")
    agree(review)
    me = visitor(width, 768)
    me.sign_in(cast.iqa.user.email, PASSWORD)
    page = me.go(f"/c/northgate/quality/released/{judgement.submission_id}/")
    for side in ("td.pen1", "td.pen2"):
        box = page.locator(f"{side} p").nth(1).bounding_box()
        assert box
        assert box["width"] > narrowest, side
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (320, 640)])
def test_a_refused_signing_leads_to_the_field_and_leaves_the_buttons_free(
    visitor: Any, width: int, height: int
) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = marked_at_length(cast)
    me = visitor(width, height)
    me.sign_in(cast.assessor.user.email, PASSWORD)
    page = me.go(f"/c/northgate/marking/{judgement.pk}/")
    mark = page.locator("#sec-3-mark")
    with page.expect_response(lambda answer: "/parts/" in answer.url):
        mark.fill("lots")
        mark.blur()
    button = page.get_by_role("link", name="Check and sign")
    button.click()
    toast = page.locator(".toast-line")
    expect(toast).to_contain_text("Not saved yet: 3 Support for coaching and recording outcomes.")
    expect(mark).to_be_focused()
    page.wait_for_timeout(400)
    assert page.evaluate("document.documentElement.dataset.busy") is None
    bar, words = page.locator(".verdict-bar").bounding_box(), toast.bounding_box()
    assert bar
    assert words
    assert words["y"] + words["height"] <= bar["y"]
    button.click()  # nothing lies over it
    with page.expect_response(lambda answer: "/parts/" in answer.url):
        mark.fill("20")
        mark.blur()
    button.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def all_of_it_is_reached(page: Page) -> bool:
    """Say whether the workspace is as wide as the window, so that nothing of it is cut off at the side."""
    box = page.locator(".workspace").bounding_box()
    assert box
    return bool(box["x"] + box["width"] <= page.evaluate("innerWidth"))


def colour_of(page: Page, selector: str, property_name: str) -> str:
    """Return a colour as the browser draws it."""
    return str(
        page.evaluate(
            "([selector, name]) => getComputedStyle(document.querySelector(selector)).getPropertyValue(name)",
            [selector, property_name],
        )
    )


def test_what_an_iqa_chooses_is_in_the_iqas_colour(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"), qualification=MENTORING)
    review = opened(cast, assessed(cast, CRITERIA))
    me = visitor()
    me.sign_in(cast.iqa.user.email, PASSWORD)
    page = me.go(f"/c/northgate/quality/reviews/{review.pk}/")
    plum = colour_of(page, ".pen2-text", "color")
    assert colour_of(page, ".pen2 .choice:has(:checked)", "border-top-color") == plum
    assert colour_of(page, ".pen2 .choice :checked", "border-top-color") == plum


@pytest.mark.parametrize(
    "name", ["Maria Anna Wolfgangina Theophila Constantia Fotheringay-Smythe the Younger"]
)
def test_a_long_name_takes_one_line_of_a_small_window_and_opens(visitor: Any, name: str) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = marked_at_length(cast)
    with centre_scope(cast.centre.pk):
        Learner.objects.filter(pk=cast.registration.learner_id).update(name=name)
    me = visitor(320, 640)
    me.sign_in(cast.assessor.user.email, PASSWORD)
    page = me.go(f"/c/northgate/marking/{judgement.pk}/")
    assert all_of_it_is_reached(page)
    heading = page.get_by_role("heading", name=name)
    folded = heading.bounding_box()
    heading.click()
    opened_box = heading.bounding_box()
    assert folded
    assert opened_box
    assert folded["height"] < 30 < opened_box["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    sign(judgement)
    review = opened(cast, judgement)
    iqa = visitor(320, 640)
    iqa.sign_in(cast.iqa.user.email, PASSWORD)
    assert all_of_it_is_reached(iqa.go(f"/c/northgate/quality/reviews/{review.pk}/"))


def test_long_names_in_the_top_bar_stay_apart(visitor: Any) -> None:
    name = "Wilhelmina Alexandrina Featherstonehaugh-Cholmondeley"
    cast = Cast(Centre.objects.get(slug="northgate"))
    with centre_scope(cast.centre.pk):
        Membership.objects.filter(pk=cast.assessor.pk).update(name=name)
    me = visitor(768, 900)
    page = me.sign_in(cast.assessor.user.email, PASSWORD)
    centre, who = page.locator(".topbar-centre").bounding_box(), page.locator(".who").last.bounding_box()
    assert centre
    assert who
    assert centre["x"] + centre["width"] <= who["x"]
    assert who["height"] < 30
