"""What could not be saved: it is kept on the device, said, and never left behind."""

from typing import Any

from playwright.sync_api import Dialog, Page, expect

from centres.models import Centre
from marking.models import Judgement
from portfolios.models import PracticeSession
from tests.journeys.steps import kept
from tests.journeys.test_tabs import KEY, begun, stored
from tests.makers import PASSWORD, Cast, start
from tests.portfolios.practice import Practice


def marking(visitor: Any) -> tuple[Any, Judgement]:
    """Sign an assessor in and open a sheet with nothing on it."""
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = begun(cast)
    me = visitor()
    me.sign_in(cast.assessor.user.email, PASSWORD)
    me.page.goto(f"{me.site}/c/northgate/marking/{judgement.pk}/")
    return me, judgement


def writing(visitor: Any) -> Any:
    """Sign a learner in and open a draft with nothing in it."""
    cast = Cast(Centre.objects.get(slug="northgate"))
    draft = start(cast, KEY)
    me = visitor()
    me.sign_in(cast.learner.user.email, PASSWORD)
    me.page.goto(f"{me.site}/c/northgate/submissions/{draft.pk}/")
    return me


def write(page: Page, text: str) -> None:
    """Type a text for section 1 and do not leave the field."""
    page.locator("#part-1").get_by_text("Write text").click()
    page.get_by_label("Your text for Section 1", exact=True).press_sequentially(text)


def test_a_mark_begun_with_a_key_while_offline_is_kept_and_saved_once_connected(visitor: Any) -> None:
    me, judgement = marking(visitor)
    page = me.page
    page.keyboard.press("j")
    expect(page.locator("#sec-1")).to_be_focused()
    page.context.set_offline(True)
    page.keyboard.press("7")
    expect(page.locator("#sec-1-mark")).to_have_value("7")
    expect(page.locator("[data-save-all]")).to_contain_text("Not connected. Kept on this device")
    assert kept(page) == 1
    me.problems.clear()  # the browser reports what it could not reach
    page.context.set_offline(False)
    expect(page.locator("[data-save-all]")).to_contain_text("All changes saved")
    assert kept(page) == 0
    assert stored(judgement).mark == 7


def test_a_digit_on_a_section_that_has_a_mark_begins_it_anew(visitor: Any) -> None:
    me, judgement = marking(visitor)
    page = me.page
    page.locator("#sec-1-mark").fill("5")
    page.locator("#sec-1-mark").press("Escape")
    with page.expect_response(lambda answer: "mark=12" in (answer.request.post_data or "")):
        page.keyboard.press("1")
        page.keyboard.press("2")
    expect(page.locator("#sec-1-mark")).to_have_value("12")
    expect(page.locator("[data-save-all]")).to_contain_text("All changes saved")
    assert stored(judgement).mark == 12


def test_a_refused_mark_is_counted_as_missing_and_holds_back_the_next_sheet(visitor: Any) -> None:
    me, judgement = marking(visitor)
    page, address = me.page, me.page.url
    said = page.locator("[data-save-all]")
    for section, mark in (("1", "15"), ("1", "27"), ("2", "26"), ("3", "24"), ("4", "26")):
        with page.expect_response(lambda answer: "/parts/" in answer.url):
            page.locator(f"#sec-{section}-mark").fill(mark)
            page.locator(f"#sec-{section}-mark").blur()
    expect(said).to_have_text("1 change is not saved")
    expect(page.locator("#verdict")).to_have_attribute("data-outcome", "INCOMPLETE")
    expect(page.locator("#verdict")).to_contain_text("Section 1 has no mark")

    page.get_by_role("button", name="Save and next").click()
    toast = "Not saved yet: 1 Ensuring good practice in coaching. See to it before you go on."
    expect(page.locator("#toasts")).to_contain_text(toast)
    expect(page.locator("#sec-1-mark")).to_be_focused()
    assert page.url == address
    page.locator("#sec-1-mark").fill("12")
    expect(said).to_contain_text("All changes saved")
    expect(page.locator("#verdict")).to_contain_text("88")
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_text("You have no further sheet in hand.").first).to_be_visible()
    assert stored(judgement).mark == 12


def test_what_was_typed_last_is_on_the_page_that_submits(visitor: Any) -> None:
    me = writing(visitor)
    write(me.page, "The sentence that I typed last.")
    me.page.get_by_role("link", name="Check and submit").click()
    expect(me.page.get_by_label("I declare this")).to_be_visible()
    expect(me.page.get_by_role("row", name="Written answer 1 Section 1 31 bytes")).to_be_visible()
    assert kept(me.page) == 0


def test_nobody_goes_to_submit_without_what_could_not_be_saved(visitor: Any) -> None:
    me = writing(visitor)
    address = me.page.url
    me.context.set_offline(True)
    write(me.page, "Written in a tunnel.")
    me.page.get_by_role("link", name="Check and submit").click()
    expect(me.page.locator("#toasts")).to_contain_text("See to it before you submit.")
    expect(me.page.get_by_label("Your text for Section 1", exact=True)).to_be_focused()
    assert (me.page.url, kept(me.page)) == (address, 1)
    me.context.set_offline(False)
    expect(me.page.locator("[data-save-all]")).to_contain_text("All changes saved")
    me.problems.clear()  # the browser reports what it could not reach


def test_nobody_goes_to_submit_while_a_file_is_arriving(visitor: Any) -> None:
    me = writing(visitor)
    address = me.page.url
    me.page.route("**/*", lambda route: None if route.request.method == "PATCH" else route.continue_())
    part = me.page.locator("#part-1")
    part.locator("input[type=file]").set_input_files(
        {"name": "Diary.txt", "mimeType": "text/plain", "buffer": b"What I did."}
    )
    part.get_by_role("button", name="Add").click()
    expect(part.get_by_role("button", name="Pause Diary.txt")).to_be_visible()
    me.page.get_by_role("link", name="Check and submit").click()
    expect(me.page.locator("#toasts")).to_contain_text(
        "Still arriving: 1 Ensuring good practice in coaching."
    )
    assert me.page.url == address
    part.get_by_role("button", name="Remove Diary.txt").click()
    me.page.get_by_role("link", name="Check and submit").click()
    expect(me.page.get_by_label("I declare this")).to_be_visible()


def correcting(visitor: Any) -> tuple[Any, Practice]:
    """Sign a learner in on the page of a session and correct its length."""
    practice = Practice(Centre.objects.get(slug="northgate"))
    session = practice.added()
    me = visitor()
    me.sign_in(practice.cast.learner.user.email, PASSWORD)
    me.go(practice.address("session", session_id=session.pk))
    me.page.get_by_label("Length, hours").fill("2")
    me.page.get_by_label("Length, minutes").fill("0")
    return me, practice


def test_finishing_a_session_keeps_what_was_corrected_and_what_was_just_typed(visitor: Any) -> None:
    me, practice = correcting(visitor)
    me.page.get_by_label("Goal for today's meeting").press_sequentially("To lead the meeting")
    me.page.get_by_role("button", name="Finish session").click()
    expect(me.page.get_by_text("counted: ")).to_contain_text("2 h")
    expect(me.page.get_by_text("It is not written up yet.")).to_have_count(0)
    assert practice.rows(PracticeSession)[0].minutes == 120


def test_a_link_asks_before_it_leaves_corrected_facts_behind(visitor: Any) -> None:
    me, _ = correcting(visitor)
    address = me.page.url
    asked = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    me.page.on("dialog", stay)
    me.page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Home").click()
    assert (asked, me.page.url) == (["beforeunload"], address)
    me.page.get_by_role("button", name="Save these facts").click()
    expect(me.page.get_by_text("Session 1 is corrected.").first).to_be_visible()
    me.page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Home").click()
    expect(me.page).not_to_have_url(address)
    assert len(asked) == 1
