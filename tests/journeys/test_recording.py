"""A discussion recorded in the browser: paused, stopped, kept when its page is lost, refused in words."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, expect

from centres.models import Centre
from centres.scoping import centre_scope
from portfolios.models import Evidence
from tests.journeys.conftest import CHROMIUM, FLAGS, Visitor
from tests.makers import PASSWORD, Cast, start

MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture
def hearing(browser_type: BrowserType) -> Iterator[Browser]:
    """A browser with a microphone that may be used."""
    browser = browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *MICROPHONE])
    yield browser
    browser.close()


def at_draft(visitor: Visitor, cast: Cast) -> Any:
    draft = start(cast, "wba-d3-01-02")
    visitor.sign_in(cast.learner.user.email, PASSWORD)
    return visitor.go(f"/c/{cast.centre.slug}/submissions/{draft.pk}/")


def test_what_is_recorded_becomes_a_piece_and_outlives_its_page(site: str, hearing: Browser) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    learner = Visitor(hearing.new_context(), site)
    page = at_draft(learner, cast)
    box = page.locator("[data-recorder]").first
    box.get_by_role("button", name="Record sound").click()
    expect(box).to_contain_text("Recording 0:0")
    page.wait_for_timeout(2500)
    box.get_by_role("button", name="Pause").click()
    expect(box).to_contain_text("Paused at 0:0")
    box.get_by_role("button", name="Carry on").click()
    box.get_by_role("button", name="Stop and add").click()
    expect(page.get_by_role("link", name="Claim a place in Recording")).to_have_count(1)
    # The page is lost in the middle of another: what was spoken is on the device, and is added from there.
    box.get_by_role("button", name="Record sound").click()
    page.wait_for_timeout(4500)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    box = page.locator("[data-recorder]").first
    expect(box).to_contain_text("is kept on this device and did not arrive")
    box.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("link", name="Claim a place in Recording")).to_have_count(2)
    page.reload()
    expect(page.locator("[data-recorder]").first.get_by_role("button", name="Record sound")).to_be_visible()
    with centre_scope(cast.centre.pk):
        rows = list(Evidence.objects.filter(label__startswith="Recording"))
    assert {row.content_type for row in rows} == {"audio/webm"}
    assert len(rows) == 2
    assert learner.problems == []


def test_a_device_that_is_refused_is_said_in_words(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    page = at_draft(visitor(), cast)
    box = page.locator("[data-recorder]").first
    box.get_by_role("button", name="Record sound").click()
    expect(box).to_contain_text("microphone")
    expect(box.get_by_role("button", name="Record sound")).to_be_visible()
