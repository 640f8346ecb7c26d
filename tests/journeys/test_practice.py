"""8586-302 on a phone: from nothing to a submitted portfolio, with nothing typed that is lost."""

from typing import Any

from playwright.sync_api import Page, expect

from centres.models import Centre
from portfolios.models import Submission
from tests.journeys import steps
from tests.journeys.steps import add_session, add_supervision
from tests.makers import PASSWORD
from tests.portfolios.practice import Practice

REFS = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "3.3", "3.4"]


def goal(page: Page) -> Any:
    return page.get_by_label("Goal for today's meeting")


def saved(page: Page) -> None:
    expect(page.locator("form[data-autosave] [data-save-slot]").first).to_contain_text("Saved")


def test_practice_is_recorded_and_nothing_typed_is_lost(visitor: Any) -> None:
    practice = Practice(Centre.objects.get(slug="northgate"))
    learner = visitor(width=320, height=700)
    page = learner.sign_in(practice.cast.learner.user.email, PASSWORD)
    unit = practice.address("unit")
    learner.go(unit)
    expect(page.get_by_text("12 more hours of mentoring are needed (0 of 12).").first).to_be_visible()
    add_session(page, days=3, client="Client 1, new", hours="6")
    expect(page.get_by_text("makes 6 h of 12 h with this one")).to_be_visible()
    goal(page).fill("To lead the meeting")
    saved(page)
    session = page.url

    # The browser dies in the middle of a word: the copy on the device comes back and is sent.
    goal(page).press_sequentially(" without a report")
    page.close(run_before_unload=False)
    page = learner.page = learner.context.new_page()
    page.goto(session)
    expect(goal(page)).to_have_value("To lead the meeting without a report")
    saved(page)

    # The network is cut: it is said, and what was typed is sent when it is back.
    learner.context.set_offline(True)
    goal(page).press_sequentially(", from Monday")
    expect(
        page.get_by_text("Not connected. Kept on this device; saved when you are back.").first
    ).to_be_visible()
    learner.context.set_offline(False)
    saved(page)
    page.reload()
    expect(goal(page)).to_have_value("To lead the meeting without a report, from Monday")
    expect(page.locator("body")).to_have_js_property("scrollWidth", 320)

    page.goto(f"{learner.site}{unit}")
    add_session(page, days=2, client="Client 2, new", hours="6")
    page.get_by_role("button", name="Finish session").click()
    expect(page.get_by_text("It is not written up yet.")).to_be_visible()
    page.get_by_role("link", name="Back to the unit").click()
    add_supervision(page, days=2)
    add_supervision(page, days=1)
    expect(page.get_by_text("hours of mentoring are needed")).to_have_count(0)
    page.get_by_role("link", name="Portfolio: Unit 302").click()
    page.get_by_role("button", name="Start attempt 1").click()
    steps.submit_attempt(page, texts={f"AC {ref}": f"Evidence for {ref}." for ref in REFS})
    expect(page.get_by_text("Records of 8586-302").first).to_be_visible()
    assert Submission._base_manager.using("owner").get().manifest[-1]["kind"] == "RECORDS"
