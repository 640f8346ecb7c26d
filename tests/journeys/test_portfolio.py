"""8586-302 from nothing: practice, a recorded discussion with its times, the matrix, submitted and opened."""

from itertools import chain
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from centres.models import Centre
from centres.scoping import centre_scope
from portfolios.models import Submission
from tests.journeys.steps import add_session, add_supervision, take_next
from tests.makers import PASSWORD
from tests.portfolios.practice import Practice
from tests.portfolios.samples import MINUTE

TIMES = {"1:55": ["1.1", "1.2", "1.3", "2.1"], "2:30": ["2.2", "2.3", "2.4"], "3:05": ["3.1", "3.2", "3.3"]}
NOW = "document.querySelector('audio').currentTime"


def practise(page: Page) -> None:
    """Record twelve hours with two clients, and two supervision sessions."""
    for days, client in ((3, "Client 1, new"), (2, "Client 2, new")):
        add_session(page, days=days, client=client, hours="6")
        page.get_by_label("Goal for today's meeting").fill(f"What {client[:8]} wants to lead")
        expect(page.locator("form[data-autosave] [data-save-slot]").first).to_contain_text("Saved")
        page.get_by_role("button", name="Finish session").click()
        page.get_by_role("link", name="Back to the unit").click()
    add_supervision(page, days=2)
    add_supervision(page, days=1)
    expect(page.get_by_text("hours of mentoring are needed")).to_have_count(0)


def add_recording(page: Page, path: Path) -> None:
    """On a draft: add a recording under the criterion that nothing else is claimed for."""
    page.get_by_label("Files for AC 3.4").set_input_files(path)
    form = page.locator("form").filter(has=page.get_by_label("Files for AC 3.4"))
    form.get_by_role("button", name="Add files").click()
    expect(page.get_by_role("link", name=path.name, exact=True)).to_be_visible()


def record_discussion(page: Page, practice: Practice, label: str) -> None:
    """From anywhere: record what was agreed and confirm that the recording is a true account of it."""
    page.get_by_role("link", name="Discussions", exact=True).first.click()
    page.get_by_role("link", name="Add a discussion").click()
    unit = page.get_by_label("Unit", exact=True)
    unit.select_option(value=f"{practice.registration.pk} {practice.unit.ref}")
    page.get_by_label("Date and time agreed").fill(f"{timezone.localtime():%Y-%m-%dT00:01}")
    page.get_by_label("In person").check()
    page.get_by_label("Assessor").select_option(label="Priya Shah")
    page.get_by_label("Questions agreed").fill("How did you agree the contract?")
    page.get_by_role("button", name="Add discussion").click()
    page.locator("#id_evidence").select_option(label=label)
    page.get_by_role("button", name="Save discussion").click()
    page.get_by_role("button", name="Confirm as a true account").click()
    expect(page.get_by_text("You confirmed it as a true account")).to_be_visible()


def claim_times(page: Page) -> None:
    """From a discussion: claim what it shows, place by place, while it can be heard."""
    page.get_by_role("link", name="Mark what it shows").click()
    for clock, refs in TIMES.items():
        minutes, seconds = clock.split(":")
        page.locator("audio").evaluate(
            "(player, to) => new Promise(ready => { player.onseeked = ready; player.currentTime = to; })",
            int(minutes) * 60 + int(seconds),
        )
        page.get_by_role("region", name="The piece").focus()
        page.keyboard.press("t")
        expect(page.get_by_label("From", exact=True)).to_have_value(clock)
        for ref in refs:
            page.locator(f"input[name=criteria][value='8586-302 {ref}']").check()
        page.get_by_label("Why it shows this").fill(f"I tell it at {clock}.")
        page.get_by_role("button", name="Save claim").click()
        expect(page.locator("#claims")).to_contain_text(f"8586-302 AC {refs[-1]}")


def test_a_portfolio_from_nothing_to_a_claim_opened_at_its_second(visitor: Any, tmp_path: Path) -> None:
    practice = Practice(Centre.objects.get(slug="northgate"))
    talk = tmp_path / "Talk.mp3"
    talk.write_bytes(MINUTE * 4)
    learner, assessor = visitor(), visitor()
    page = learner.sign_in(practice.cast.learner.user.email, PASSWORD)
    learner.go(practice.address("unit"))
    practise(page)
    page.get_by_role("link", name="Portfolio: Unit 302").click()
    page.get_by_role("button", name="Start attempt 1").click()
    draft = page.url
    add_recording(page, talk)
    record_discussion(page, practice, talk.name)
    claim_times(page)
    page.get_by_role("link", name="Discussions", exact=True).first.click()
    page.get_by_role("table").get_by_role("link").first.click()
    page.get_by_role("link", name="AC 2.2").click()
    page.wait_for_function(f"() => {NOW} >= 150 && {NOW} < 156")
    learner.go(f"/c/northgate/registrations/{practice.registration.pk}/units/{practice.unit.ref}/matrix/")
    expect(page.get_by_role("row", name="3.4")).to_contain_text("Offered, no place claimed")
    expect(page.get_by_role("row", name="2.4")).to_contain_text("Talk")
    page.goto(draft)
    page.get_by_role("link", name="Check and submit").click()
    page.get_by_label("I declare this").check()
    page.get_by_role("button", name="Submit for assessment").click()
    expect(page.get_by_text("waiting for an assessor").first).to_be_visible()
    with centre_scope(practice.cast.centre.pk):
        manifest = Submission.objects.get().manifest
    assert {line["part"] for line in manifest} == {*chain(*TIMES.values()), "3.4", ""}

    desk = assessor.sign_in(practice.cast.assessor.user.email, PASSWORD)
    take_next(desk)
    item = desk.locator("#ac-2-2")
    item.focus()
    desk.keyboard.press("e")
    expect(desk.locator("#say")).to_have_text("Talk at 2 minutes 30")
    desk.wait_for_function(f"() => {NOW} >= 150 && {NOW} < 156")
