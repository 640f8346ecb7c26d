"""What somebody typed five seconds ago outlives a killed browser, a lost session and a cut network."""

import os
import re
import signal
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, BrowserType, Locator, Page, expect

from centres.models import Centre
from centres.scoping import centre_scope
from portfolios import actions
from portfolios.models import Record
from portfolios.selectors.forms import Forms
from tests.journeys.conftest import CHROMIUM, FLAGS, Visitor
from tests.journeys.steps import day, kept
from tests.makers import AT, PASSWORD, start
from tests.portfolios.practice import Practice

AFTER = 5000
BACK = "What you typed here before was kept on this device. It is back, and not saved yet."


class Device:
    """A computer with one browser profile, whose browser may be killed in the middle of anything."""

    def __init__(self, kind: BrowserType, folder: Path, site: str) -> None:
        self.kind, self.folder, self.site = kind, folder, site
        self.visitor = Visitor(self._opened(), site)

    def _opened(self) -> BrowserContext:
        return self.kind.launch_persistent_context(self.folder, executable_path=CHROMIUM, args=FLAGS)

    def kill(self) -> Page:
        """End every process of the browser at once, and open the profile again where it was."""
        address, cookies = self.visitor.page.url, self.visitor.context.cookies()
        mine = f"--user-data-dir={self.folder}"
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and mine in _command(entry):
                os.kill(int(entry.name), signal.SIGKILL)
        for lock in self.folder.glob("Singleton*"):
            lock.unlink()
        self.visitor = Visitor(self._opened(), self.site)
        self.visitor.context.add_cookies([_as_given(cookie) for cookie in cookies])
        self.visitor.page.goto(address)
        return self.visitor.page


def _command(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_text()
    except OSError:
        return ""


def _as_given(cookie: Any) -> Any:
    return {name: cookie[name] for name in ("name", "value", "domain", "path", "httpOnly", "sameSite")}


@pytest.fixture
def device(browser_type: BrowserType, tmp_path: Path, site: str) -> Iterator[Device]:
    """A computer that is given back at the end."""
    device = Device(browser_type, tmp_path / "profile", site)
    yield device
    problems = device.visitor.problems
    device.visitor.context.close()
    assert problems == []


def at_record(visitor: Visitor) -> tuple[Page, Practice]:
    """Sign a learner in on a page of the diary: the cover, which has boxes of its own."""
    practice = Practice(Centre.objects.get(slug="northgate"))
    with centre_scope(practice.cast.centre.pk):
        form = Forms([practice.unit.ref]).offered(practice.unit.ref)[0]
        record = actions.begin_record(
            registration=practice.registration,
            unit_ref=practice.unit.ref,
            form=form,
            by=practice.cast.learner,
            at=AT,
        )
    visitor.sign_in(practice.cast.learner.user.email, PASSWORD)
    return visitor.go(practice.address("record", record_id=record.pk)), practice


def first_box(page: Page) -> Locator:
    """Return the first box of a record that takes words."""
    return page.locator("form[data-autosave]").locator("textarea, input[type=text]").first


def stored(practice: Practice) -> str:
    """Return all that is stored of the learner's records."""
    return str([row.answers for row in practice.rows(Record)])


def sign_in_over(page: Page) -> None:
    """Sign in on the dialog that lies over the page."""
    dialog = page.locator("#session-over")
    expect(dialog.get_by_text("what you typed is still on this page")).to_be_visible()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in and carry on").click()
    expect(dialog).to_be_hidden()


def test_a_killed_browser_loses_nothing_of_a_record_even_where_it_was_never_saved(device: Device) -> None:
    page, practice = at_record(device.visitor)
    page.route("**/records/**", lambda route: route.abort() if route.request.method == "POST" else None)
    first_box(page).press_sequentially("Typed where nothing could be saved.", delay=20)
    page.wait_for_timeout(AFTER)
    assert "Typed where" not in stored(practice)
    page = device.kill()
    expect(page.locator("#toasts")).to_contain_text("It is back, and is being saved.")
    expect(first_box(page)).to_have_value("Typed where nothing could be saved.")
    expect(page.locator("[data-save-all]")).to_contain_text("All changes saved")
    assert "Typed where nothing could be saved." in stored(practice)
    assert kept(page) == 0


def test_typing_without_a_pause_is_saved_on_the_way(visitor: Any) -> None:
    page, practice = at_record(visitor())
    first_box(page).press_sequentially("word " * 12, delay=60)
    assert "word word" in stored(practice)
    expect(page.locator("[data-save-all]")).to_have_text("Saving…")
    expect(page.locator("[data-save-all]")).to_contain_text("All changes saved")


def test_a_session_that_is_gone_keeps_a_record_on_its_page_and_saves_it(visitor: Any) -> None:
    page, practice = at_record(visitor())
    Session.objects.all().delete()
    first_box(page).press_sequentially("Typed by somebody signed out.")
    page.wait_for_timeout(AFTER)
    sign_in_over(page)
    expect(page.locator("[data-save-all]")).to_contain_text("All changes saved")
    assert "Typed by somebody signed out." in stored(practice)


def test_a_record_is_saved_once_the_network_is_back(visitor: Any) -> None:
    learner = visitor()
    page, practice = at_record(learner)
    learner.context.set_offline(True)
    first_box(page).press_sequentially("Typed in a tunnel.")
    page.wait_for_timeout(AFTER)
    expect(page.locator("[data-save-all]")).to_contain_text("Not connected. Kept on this device")
    learner.context.set_offline(False)
    expect(page.locator("[data-save-all]")).to_contain_text("All changes saved")
    assert "Typed in a tunnel." in stored(practice)
    learner.problems.clear()  # the browser reports what it could not reach


def test_the_word_turns_with_the_first_key(visitor: Any) -> None:
    page, _ = at_record(visitor())
    said = page.locator("[data-save-all]")
    first_box(page).press_sequentially("One")
    expect(said).to_contain_text("All changes saved")
    page.keyboard.press("x")
    assert said.inner_text() == "Saving…"
    expect(said).to_contain_text("All changes saved")


def add_session_page(visitor: Visitor) -> tuple[Page, Practice]:
    """Sign a learner in and fill in a session that is not added yet."""
    practice = Practice(Centre.objects.get(slug="northgate"))
    visitor.sign_in(practice.cast.learner.user.email, PASSWORD)
    page = visitor.go(practice.address("add_session"))
    page.get_by_label("Client").select_option(label="Client 1, new")
    page.get_by_label("Date").press_sequentially(day(2))
    page.get_by_label("Start").press_sequentially("09:15")
    page.get_by_label("Length, hours").fill("2")
    expect(page.get_by_text("Not saved yet. Kept on this device.")).to_be_visible()
    return page, practice


def test_a_session_that_is_not_added_yet_outlives_its_browser(device: Device) -> None:
    page, _ = add_session_page(device.visitor)
    page.wait_for_timeout(AFTER)
    page = device.kill()
    expect(page.locator(".banner").get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("Start")).to_have_value("09:15")
    expect(page.get_by_label("Client")).to_have_value("1")
    page.get_by_role("button", name="Add the session").click()
    expect(page.locator("#content").get_by_text("Session 1 is counted")).to_be_visible()
    assert kept(page) == 0


def test_a_session_that_is_not_added_yet_outlives_the_sign_in_and_the_network(visitor: Any) -> None:
    learner = visitor()
    page, _ = add_session_page(learner)
    learner.context.set_offline(True)
    page.get_by_role("button", name="Add the session").click()
    expect(page.get_by_text("Not connected. What you typed is kept on this device")).to_be_visible()
    learner.context.set_offline(False)
    Session.objects.all().delete()
    page.get_by_role("button", name="Add the session").click()
    sign_in_over(page)
    expect(page.locator("#content").get_by_text("Session 1 is counted")).to_be_visible()
    assert kept(page) == 0
    learner.problems.clear()  # the browser reports what it could not reach


def test_what_was_kept_can_be_thrown_away(visitor: Any) -> None:
    page, _ = add_session_page(visitor())
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator(".banner").get_by_text(BACK)).to_be_visible()
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator(".banner").get_by_text(BACK)).to_have_count(0)
    expect(page.get_by_label("Start")).to_have_value("")
    assert kept(page) == 0


def test_back_from_an_answer_that_refused_leads_to_the_page_before(visitor: Any) -> None:
    learner = visitor()
    practice = Practice(Centre.objects.get(slug="northgate"))
    learner.sign_in(practice.cast.learner.user.email, PASSWORD)
    page = learner.go(practice.address("unit"))
    page.get_by_role("link", name="Add a session").first.click()
    page.get_by_label("Start").fill("25:00")
    page.get_by_role("button", name="Add the session").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_label("Start")).to_have_value("25:00")
    page.get_by_label("Client").select_option(label="Client 1, new")
    page.get_by_label("Date").fill(day(2))
    page.get_by_label("Start").fill("09:15")
    page.get_by_label("Length, hours").fill("2")
    page.get_by_role("button", name="Add the session").click()
    expect(page.locator("#content").get_by_text("Session 1 is counted")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page).to_have_url(f"{learner.site}{practice.address('unit')}")


def test_facts_of_a_session_and_its_pages_do_not_take_each_other_away(visitor: Any) -> None:
    practice = Practice(Centre.objects.get(slug="northgate"))
    session = practice.added()
    learner = visitor()
    learner.sign_in(practice.cast.learner.user.email, PASSWORD)
    page = learner.go(practice.address("session", session_id=session.pk))
    page.get_by_label("Length, hours").fill("90")
    page.get_by_label("Goal for today's meeting").press_sequentially("To lead")
    page.get_by_role("button", name="Save these facts").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_label("Length, hours")).to_have_value("90")
    expect(page.get_by_label("Goal for today's meeting")).to_have_value("To lead")
    page.get_by_label("Length, hours").fill("2")
    page.get_by_role("button", name="Finish session").click()
    expect(page.get_by_text("counted: ")).to_contain_text("2 h")
    assert "To lead" in stored(practice)


def words_typed(visitor: Visitor, address: str, label: str) -> Page:
    """Type into a form that a button saves, and wait."""
    page = visitor.go(address)
    page.get_by_label(label).first.press_sequentially("Typed before the browser died.")
    page.wait_for_timeout(AFTER)
    return page


def test_a_claims_why_and_a_discussion_outlive_their_browser(device: Device) -> None:
    practice = Practice(Centre.objects.get(slug="northgate"))
    draft = start(practice.cast, "portfolio-8586-302")
    with centre_scope(practice.cast.centre.pk):
        evidence = actions.offer_file(
            submission=draft,
            part_ref="1.1",
            name="Diary.txt",
            file=BytesIO(b"What I did."),
            by=practice.cast.learner,
            at=AT,
        ).evidence
    device.visitor.sign_in(practice.cast.learner.user.email, PASSWORD)
    for address, label in (
        (f"/c/northgate/evidence/{evidence.pk}/claims/", "Why it shows this"),
        ("/c/northgate/discussions/add/", "Questions agreed"),
        (practice.address("exception"), "reason"),
    ):
        words_typed(device.visitor, address, label)
        page = device.kill()
        expect(page.locator(".banner").get_by_text(BACK)).to_be_visible()
        expect(page.get_by_label(label).first).to_have_value("Typed before the browser died.")


def test_an_observation_outlives_its_browser_without_its_password(device: Device) -> None:
    practice = Practice(Centre.objects.get(slug="northgate"))
    device.visitor.sign_in(practice.cast.assessor.user.email, PASSWORD)
    page = device.visitor.page
    page.get_by_role("link", name="Observations", exact=True).first.click()
    page.get_by_role("link", name="Amira Khan").last.click()
    page.get_by_role("link", name="Direct observation for 8586-302").click()
    page.get_by_label("What the learner did and said").press_sequentially("She asked before she told.")
    page.get_by_label("Password", exact=True).filter(visible=True).fill(PASSWORD)
    page.wait_for_timeout(AFTER)
    page = device.kill()
    expect(page.locator(".banner").get_by_text(BACK)).to_be_visible()
    expect(page.get_by_label("What the learner did and said")).to_have_value("She asked before she told.")
    expect(page.get_by_label("Password", exact=True).filter(visible=True)).to_have_value("")
