"""What people do on the site, step by step, by the words that they see."""

import re
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.makers import PASSWORD
from tests.marking.paper import text_of


def submit_attempt(page: Page, *, texts: dict[str, str], pdf: Path | None = None) -> None:
    """On a draft: write a text for each part, perhaps add a file to the first, declare and submit."""
    for name, text in texts.items():
        box = page.get_by_label(f"Your text for {name}", exact=True)
        fold = page.locator("details").filter(has=box)
        if not box.is_visible():
            fold.get_by_text("Write text").click()
        box.fill(text)
        box.blur()
        expect(box.locator("xpath=ancestor::form").locator("[data-save-slot]")).to_contain_text("Saved")
    if pdf is not None:
        page.locator("input[type=file]").first.set_input_files(pdf)
        page.get_by_role("button", name="Add").first.click()
        expect(page.get_by_text(pdf.name).first).to_be_visible()
    page.get_by_role("link", name="Check and submit").click()
    page.get_by_label("I declare this").check()
    page.get_by_role("button", name="Submit for assessment").click()
    expect(page.get_by_text("waiting for an assessor").first).to_be_visible()


def take_next(page: Page) -> None:
    """From anywhere: open the queue and take the longest-waiting submission."""
    page.get_by_role("link", name="Queue").first.click()
    page.get_by_role("button", name="Take next").click()
    expect(page.get_by_role("link", name="Check and sign")).to_be_visible()


def give_mark(page: Page, section: int, mark: str) -> None:
    """Type a mark and wait until the page says that it is saved."""
    item = page.locator("[data-item]").nth(section - 1)
    box = item.get_by_label(re.compile(f"^Mark for section {section},"))
    with page.expect_response(lambda answer: "/parts/" in answer.url):
        box.fill(mark)
        box.blur()


def give_feedback(page: Page, section: int, first: str, second: str) -> None:
    """Open a section's feedback and fill both of its columns."""
    item = page.locator("[data-item]").nth(section - 1)
    if not item.locator("textarea").first.is_visible():
        item.locator("summary", has_text="Feedback").click()
    boxes = item.locator("textarea")
    for box, text in ((boxes.nth(0), first), (boxes.nth(1), second)):
        with page.expect_response(lambda answer: "/parts/" in answer.url):
            box.fill(text)
            box.blur()


def sign(page: Page, *, password: str = PASSWORD) -> None:
    """Open the signing dialog, confirm who one is, and sign."""
    page.get_by_role("link", name="Check and sign").click()
    page.get_by_label("Password", exact=True).filter(visible=True).fill(password)
    page.get_by_role("button", name="Sign and send to quality assurance").click()


def review_and_agree(page: Page, *, looked_at: str) -> None:
    """From the board: review the first attempt, note what was looked at, agree, sign and release."""
    page.get_by_role("link", name="Board").first.click()
    page.get_by_role("button", name="Review").first.click()
    note = page.get_by_label("What I looked at")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        note.fill(looked_at)
        note.blur()
    page.get_by_role("link", name="Agree and sign").click()
    page.get_by_label("Your password").filter(visible=True).fill(PASSWORD)
    page.get_by_role("button", name="Agree and sign").click()
    expect(page.get_by_role("link", name="Back to the board")).to_be_visible()


def sheet_text(page: Page, folder: Path, *, name: str) -> str:
    """On a sheet's page: wait until it is made, download it, keep it and return its words."""
    link = page.get_by_role("link", name="Download PDF")
    expect(link).to_be_visible(timeout=20_000)
    with page.expect_download() as download:
        link.click()
    path = folder / f"{name}.pdf"
    download.value.save_as(path)
    return text_of(path.read_bytes())


KEPT = """() => new Promise((ready) => {
  const asked = indexedDB.open("drafts", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("copies");
  asked.onsuccess = () => {
    const count = asked.result.transaction("copies").objectStore("copies").count();
    count.onsuccess = () => { asked.result.close(); ready(count.result); };
  };
})"""


def kept(page: Page) -> int:
    """Return how many copies of what was typed this device keeps."""
    return int(page.evaluate(KEPT))


def day(days: int) -> str:
    """Return a day so many days ago as people type it."""
    return f"{timezone.localtime() - timedelta(days=days):%d/%m/%Y}"


def add_session(page: Page, *, days: int, client: str, hours: str) -> None:
    """From a unit: count a session with a client."""
    page.get_by_role("link", name="Add a session").first.click()
    page.get_by_label("Client").select_option(label=client)
    page.get_by_label("Date").fill(day(days))
    page.get_by_label("Start").fill("08:00")
    page.get_by_label("Length, hours").fill(hours)
    page.get_by_role("button", name="Add the session").click()


def add_supervision(page: Page, *, days: int) -> None:
    """From a unit: count an hour of supervision."""
    page.get_by_role("link", name="Add supervision").first.click()
    page.get_by_label("Supervisor or tutor").fill("Sam Ito")
    page.get_by_label("Date").fill(day(days))
    page.get_by_label("Length, hours").fill("1")
    page.get_by_role("button", name="Add the supervision session").click()
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("link", name="Back to the unit").click()
