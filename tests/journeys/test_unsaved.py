"""What could not be saved: it is kept on the device, and sent once it can be."""

from typing import Any

from playwright.sync_api import Page, expect

from centres.models import Centre
from marking.models import Judgement
from tests.journeys.test_tabs import begun, stored
from tests.makers import PASSWORD, Cast


def marking(visitor: Any) -> tuple[Any, Judgement]:
    """Sign an assessor in and open a sheet with nothing on it."""
    cast = Cast(Centre.objects.get(slug="northgate"))
    judgement = begun(cast)
    me = visitor()
    me.sign_in(cast.assessor.user.email, PASSWORD)
    me.page.goto(f"{me.site}/c/northgate/marking/{judgement.pk}/")
    return me, judgement


def kept(page: Page) -> int:
    """Return how many copies this device keeps."""
    return int(page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length"))


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
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("#sec-1-mark")).to_have_value("12")
    expect(page.locator("[data-save-all]")).to_contain_text("All changes saved")
    assert stored(judgement).mark == 12
