"""The same work open in two tabs: nothing is saved that nobody wrote, and nothing is lost."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from centres.models import Centre
from centres.scoping import centre_scope
from marking.models import Judgement, JudgementLine
from tests.journeys.steps import kept
from tests.makers import PASSWORD, Cast, decide, passing, start, submit, take

KEY = "wba-d3-01-02"


def begun(cast: Cast) -> Judgement:
    """Return a sheet that the assessor has open, with nothing on it."""
    return take(cast, submit(cast, start(cast, KEY)))


def in_two_tabs(visitor: Any, cast: Cast, judgement: Judgement) -> tuple[Page, Page]:
    """Sign the assessor in and open the sheet twice in one browser."""
    me = visitor()
    me.sign_in(cast.assessor.user.email, PASSWORD)
    second = me.context.new_page()
    address = f"{me.site}/c/northgate/marking/{judgement.pk}/"
    for page in (me.page, second):
        page.goto(address)
    return me.page, second


def fill(page: Page, label: str, text: str) -> None:
    """Type into a field of section 1 and wait for the answer."""
    with page.expect_response(lambda answer: "/parts/" in answer.url):
        page.locator("#sec-1").get_by_label(re.compile(label)).first.fill(text)


def stored(judgement: Judgement) -> JudgementLine:
    """Return section 1 as it is stored."""
    with centre_scope(judgement.centre_id):
        line: JudgementLine = JudgementLine.objects.get(judgement=judgement, part_ref="1")
        return line


def test_two_marks_are_chosen_from_and_never_joined(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = begun(cast)
    one, other = in_two_tabs(visitor, cast, judgement)
    fill(one, "^Mark for section 1", "4")
    fill(other, "^Mark for section 1", "6")
    expect(other.get_by_role("button", name="Keep mine")).to_be_visible()
    expect(other.get_by_role("button", name="Edit together")).to_have_count(0)
    with other.expect_response(lambda answer: "/parts/" in answer.url):
        other.get_by_role("button", name="Keep theirs").click()
    expect(other.locator("#sec-1-mark")).to_have_value("4")
    assert stored(judgement).mark == 4


def test_a_mark_that_is_not_chosen_yet_is_not_in_the_total(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = begun(cast)
    decide(judgement, passing(judgement))
    one, other = in_two_tabs(visitor, cast, judgement)
    expect(other.locator(".verdict-bar")).to_contain_text("100 / 100")
    fill(one, "^Mark for section 1", "23")
    fill(other, "^Mark for section 1", "6")
    expect(other.locator(".verdict-bar")).to_contain_text("Incomplete")
    with other.expect_response(lambda answer: "/parts/" in answer.url):
        other.get_by_role("button", name="Keep theirs").click()
    expect(other.locator(".verdict-bar")).to_contain_text("99 / 100")


def test_joined_texts_are_saved_once_somebody_edited_them(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = begun(cast)
    one, other = in_two_tabs(visitor, cast, judgement)
    fill(one, "^Strengths", "From the first tab.")
    fill(other, "^Strengths", "From the second tab.")
    other.get_by_role("button", name="Edit together").click()
    field = other.locator("#sec-1-feedback")
    expect(field).to_have_value("From the second tab.\n\nFrom the first tab.")
    expect(other.get_by_text("Both texts are in the field.").first).to_be_visible()

    other.on("dialog", lambda dialog: dialog.accept())
    with other.expect_response(lambda answer: "/parts/" in answer.url) as answer:
        other.reload()
    assert answer.value.status == 409
    assert stored(judgement).feedback == "From the first tab."
    expect(other.locator("#sec-1-feedback")).to_have_value("From the second tab.")

    other.get_by_role("button", name="Edit together").click()
    fill(other, "^Strengths", "From both tabs.")
    expect(other.locator("[data-save-all]")).to_contain_text("All changes saved")
    assert stored(judgement).feedback == "From both tabs."
    other.reload()
    expect(other.locator("#sec-1-feedback")).to_have_value("From both tabs.")
    assert kept(other) == 0


def sign_in_anew(page: Page, email: str) -> None:
    """Sign out and in again, as somebody does who opens a second tab."""
    page.get_by_text("Account menu").locator("..").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def test_signing_in_again_in_another_tab_leaves_the_first_one_saving(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = begun(cast)
    one, other = in_two_tabs(visitor, cast, judgement)
    sign_in_anew(other, cast.assessor.user.email)
    one.locator("#sec-1-mark").fill("4")
    expect(one.locator("[data-save-all]")).to_contain_text("All changes saved")
    expect(one.locator("#session-over")).to_be_hidden()
    assert stored(judgement).mark == 4


def test_somebody_else_in_the_same_browser_is_asked_who_they_are(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = begun(cast)
    one, other = in_two_tabs(visitor, cast, judgement)
    sign_in_anew(other, cast.other_assessor.user.email)
    one.locator("#sec-1-mark").fill("4")
    dialog = one.locator("#session-over")
    expect(dialog.get_by_text("Somebody else signed in with this browser.")).to_be_visible()
    assert stored(judgement).mark is None
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in and carry on").click()
    expect(dialog).to_be_hidden()
    expect(one.locator("[data-save-all]")).to_contain_text("All changes saved")
    assert stored(judgement).mark == 4


def test_losing_the_session_is_not_said_to_be_somebody_else(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = begun(cast)
    one, _ = in_two_tabs(visitor, cast, judgement)
    one.context.clear_cookies()
    one.locator("#sec-1-mark").fill("4")
    dialog = one.locator("#session-over")
    expect(dialog.get_by_text("You were signed out after 30 minutes.")).to_be_visible()
    expect(dialog.get_by_text("Somebody else")).to_have_count(0)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in and carry on").click()
    expect(one.locator("[data-save-all]")).to_contain_text("All changes saved")
    assert stored(judgement).mark == 4
