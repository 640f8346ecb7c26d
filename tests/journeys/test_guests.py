"""A client without an account answers by a link: made by the learner, opened elsewhere, signed once."""

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import expect

from centres.models import Centre
from portfolios.models import GuestSignature
from tests.makers import PASSWORD
from tests.portfolios.practice import Practice


def test_a_client_signs_by_a_link_and_the_learner_reads_it(visitor: Any) -> None:
    practice = Practice(Centre.objects.get(slug="northgate"))
    practice.added()
    learner = visitor()
    page = learner.sign_in(practice.cast.learner.user.email, PASSWORD)
    learner.go(practice.address("unit"))
    page.get_by_role("button", name=re.compile("Feedback to mentor")).click()
    record = page.url
    page.get_by_role("link", name="Send a link to sign").click()
    page.get_by_label("Which client").select_option(label="Client 1")
    page.get_by_role("button", name="Make the link").click()
    address = page.get_by_label("Address to send").input_value()
    page.get_by_role("button", name="Copy the address").click()

    guest = visitor(width=320, height=700)
    sheet = guest.go(urlsplit(address).path)
    expect(sheet.get_by_text("Amira asks you, as their client, to fill in this page")).to_be_visible()
    expect(sheet.locator("body")).to_have_js_property("scrollWidth", 320)
    for select in sheet.locator("select").all()[:14]:
        select.select_option("9")
    words = sheet.get_by_label("Tell us how the mentoring was for you, and how far you reached your goals.")
    words.fill("I lead the meeting now")
    expect(sheet.locator("[data-save-slot]")).to_contain_text("Saved")
    sheet.reload()
    expect(words).to_have_value("I lead the meeting now")
    sheet.get_by_label("Your full name").fill("Bea Stone")
    sheet.get_by_role("button", name="Sign", exact=True).click()
    expect(sheet.get_by_text("Choose a number from 1 to 10.").first).to_be_visible()
    expect(words).to_have_value("I lead the meeting now")
    sheet.get_by_label("Helps me achieve my goals").select_option("8")
    sheet.get_by_role("button", name="Sign", exact=True).click()
    expect(sheet.get_by_role("heading", name="Thank you, it is signed")).to_be_visible()
    guest.go(urlsplit(address).path)
    expect(sheet.get_by_role("heading", name="This page is signed")).to_be_visible()

    page.goto(record)
    expect(page.get_by_text("I lead the meeting now")).to_be_visible()
    expect(page.get_by_text("Bea Stone, client")).to_be_visible()
    expect(page.locator("textarea")).to_have_count(0)
    assert GuestSignature._base_manager.using("owner").get().name == "Bea Stone"
