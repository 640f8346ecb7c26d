"""A large file in a real browser: cut, carried on by itself, and carried on after the browser was killed."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from centres.models import Centre
from centres.scoping import centre_scope
from portfolios.models import Evidence, Upload
from tests.makers import PASSWORD, Cast, start
from tests.uploads.good import SAMPLES

LOST = "Connection lost. It carries on by itself."
KEY = "wba-d3-01-02"


def film(folder: Path, megabytes: int) -> Path:
    """A film with so much room in it that it comes in several pieces."""
    content = (SAMPLES / "silent.mp4").read_bytes()
    room = os.urandom(megabytes * 2**20)
    path = folder / "film.mp4"
    path.write_bytes(content + (len(room) + 8).to_bytes(4, "big") + b"free" + room)
    return path


def test_a_file_carries_on_after_a_cut_and_after_the_browser_was_killed(visitor: Any, tmp_path: Path) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    draft = start(cast, KEY)
    path, slug = film(tmp_path, 10), f"/c/{cast.centre.slug}/submissions/{draft.pk}/"
    learner = visitor()
    learner.sign_in(cast.learner.user.email, PASSWORD)
    page = learner.go(slug)
    cuts: list[str] = []

    def cut(route: Any) -> None:
        if route.request.method == "PATCH" and route.request.headers["upload-offset"] != "0":
            cuts.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads/**", cut)
    page.locator("#files-1").set_input_files(path)
    page.locator("#files-1").locator("xpath=ancestor::form").get_by_role("button", name="Add files").click()
    expect(page.get_by_text(LOST).first).to_be_visible()
    page.get_by_role("button", name="Pause film.mp4").click()
    expect(page.get_by_text("Paused at")).to_be_visible()
    assert cuts
    # The browser is gone; another one, later, finds what has arrived.
    learner.context.close()
    with centre_scope(cast.centre.pk):
        assert Upload.objects.get().received == 4 * 2**20
    again = visitor()
    again.sign_in(cast.learner.user.email, PASSWORD)
    page = again.go(slug)
    expect(page.get_by_text("Choose the same file again to carry on.")).to_be_visible()
    offsets: list[str] = []
    page.on(
        "request",
        lambda request: (
            offsets.append(request.headers["upload-offset"]) if request.method == "PATCH" else None
        ),
    )
    page.locator("#files-1").set_input_files(path)
    page.locator("#files-1").locator("xpath=ancestor::form").get_by_role("button", name="Add files").click()
    expect(page.get_by_role("link", name="film.mp4", exact=True)).to_be_visible()
    expect(page.locator(".upload")).to_have_count(0)
    assert offsets[0] == str(4 * 2**20)
    with centre_scope(cast.centre.pk):
        evidence = Evidence.objects.get()
    assert (evidence.size, evidence.content_type) == (path.stat().st_size, "video/mp4")


def test_several_at_once_and_one_that_is_refused(visitor: Any, tmp_path: Path) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    draft = start(cast, KEY)
    learner = visitor(320, 700)
    learner.sign_in(cast.learner.user.email, PASSWORD)
    page = learner.go(f"/c/{cast.centre.slug}/submissions/{draft.pk}/")
    (tmp_path / "notes.txt").write_text("What I did.")
    (tmp_path / "more.txt").write_text("What I did next.")
    (tmp_path / "fake.pdf").write_text("No PDF.")
    page.locator("#files-1").set_input_files(
        [tmp_path / "notes.txt", tmp_path / "fake.pdf", tmp_path / "more.txt"]
    )
    page.locator("#files-1").locator("xpath=ancestor::form").get_by_role("button", name="Add files").click()
    expect(page.get_by_role("link", name="notes.txt", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="more.txt", exact=True)).to_be_visible()
    expect(page.locator(".upload").get_by_text("We can take PDF")).to_be_visible()
    page.get_by_role("button", name="Close fake.pdf").click()
    expect(page.locator(".upload")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
