"""A witness by a link and an assessor who watched: both become evidence that a learner claims and submits."""

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from centres.models import Centre
from tests.makers import PASSWORD, start, submit
from tests.portfolios.practice import Practice

SAW = "She opened the meeting with a question"
LED = "She led the review on 2 May"


def claim(page: Page, criterion: str, words: str) -> None:
    """From a page that was kept as evidence: claim some words of it for a criterion."""
    page.get_by_role("link", name="Claim a place").click()
    box = page.locator(f"input[name=criteria][value='8586-302 {criterion}']")
    box.check()
    page.get_by_label("Words", exact=True).fill(words)
    page.get_by_label("Why it shows this").fill("Somebody else saw it.")
    page.get_by_role("button", name="Save claim").click()
    expect(page.locator("#claims")).to_contain_text(f"8586-302 AC {criterion}")


def test_a_witness_and_an_assessor_become_evidence_of_the_attempt(visitor: Any) -> None:
    practice = Practice(Centre.objects.get(slug="northgate"))
    draft = start(practice.cast, "portfolio-8586-302")
    learner = visitor()
    page = learner.sign_in(practice.cast.learner.user.email, PASSWORD)
    learner.go(practice.address("unit"))
    page.get_by_role("button", name=re.compile("Witness testimony")).click()
    testimony = page.url
    page.get_by_role("link", name="Send a link to sign").click()
    page.get_by_role("button", name="Make the link").click()
    address = page.get_by_label("Address to send").input_value()
    page.get_by_role("button", name="Copy the address").click()

    guest = visitor(width=320, height=700)
    sheet = guest.go(urlsplit(address).path)
    sheet.get_by_label("What you saw the learner do, where and when").fill(LED)
    sheet.get_by_label("Your full name").fill("Dana Reed")
    sheet.get_by_role("button", name="Sign", exact=True).click()
    expect(sheet.get_by_role("heading", name="Thank you, it is signed")).to_be_visible()

    page.goto(testimony)
    expect(page.get_by_text("Witness testimony 1, Dana Reed").first).to_be_visible()
    claim(page, "2.2", "led the review")

    desk = visitor()
    watched = desk.sign_in(practice.cast.assessor.user.email, PASSWORD)
    watched.get_by_role("link", name="Observations", exact=True).first.click()
    watched.get_by_role("link", name="Amira Khan").last.click()
    watched.get_by_role("link", name="Direct observation for 8586-302").click()
    watched.get_by_label("What the learner did and said").fill(SAW)
    watched.get_by_role("button", name="Sign and give it to the learner").click()
    expect(watched.get_by_text("Enter your password to sign.").first).to_be_visible()
    expect(watched.get_by_label("What the learner did and said")).to_have_value(SAW)
    watched.get_by_label("Password", exact=True).filter(visible=True).fill(PASSWORD)
    watched.get_by_role("button", name="Sign and give it to the learner").click()
    expect(watched.get_by_text("not read by the learner yet")).to_be_visible()

    learner.go(practice.address("unit"))
    page.get_by_role("link", name="Copy 1 of Direct observation").click()
    expect(page.get_by_text(SAW)).to_be_visible()
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_text("You read it on")).to_be_visible()
    claim(page, "3.1", "with a question")

    manifest = submit(practice.cast, draft).manifest
    held = {(line["part"], line["label"]) for line in manifest if line["kind"] == "FILE"}
    assert ("2.2", "Witness testimony 1, Dana Reed") in held
    assert ("3.1", f"Direct observation 1, {practice.cast.assessor.name}") in held
