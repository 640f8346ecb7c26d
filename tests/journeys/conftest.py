"""A real browser on a real server with a real worker, for whole paths through the site."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from celery.contrib.testing.worker import start_worker
from playwright.sync_api import Browser, BrowserContext, Page

# Playwright's own loop runs in this thread; the fixtures and the checks still ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.django_db(transaction=True, databases=["default", "owner"]))
            item.add_marker(pytest.mark.xdist_group("journeys"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> Iterator[str]:
    """The address of the running site, with a worker that takes its tasks from the real queue."""
    current_app.loader.import_default_modules()
    current_app.control.purge()
    with start_worker(current_app, perform_ping_check=False, pool="solo", loglevel="WARNING"):
        yield str(live_server.url)


class Visitor:
    """One person with a browser of their own, who signs in and goes about the site by its words."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context = context
        self.site = site
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        refusals = ("Failed to load resource", "Response Status Error Code 4")
        if message.type == "error" and not message.text.startswith(refusals):
            self.problems.append(message.text)

    def go(self, path: str) -> Page:
        """Open an address of the site."""
        self.page.goto(f"{self.site}{path}")
        return self.page

    def sign_in(self, email: str, password: str) -> Page:
        """Sign in by the form, and wait for the page that follows."""
        self.go("/sign-in/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self.page


@pytest.fixture
def visitor(site: str, browser: Browser) -> Iterator[Any]:
    """Make people with browsers of their own; nobody's browser may have reported an error at the end."""
    visitors: list[Visitor] = []

    def arrive(width: int = 1366, height: int = 768) -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        visitors.append(Visitor(context, site))
        return visitors[-1]

    yield arrive
    problems = [problem for person in visitors for problem in person.problems]
    for person in visitors:
        person.context.close()
    assert problems == []
