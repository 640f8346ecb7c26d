"""8586-301: one criterion referred refers the unit; done again, it passes."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from centres.models import Centre
from centres.scoping import centre_scope
from qualifications.models import Unit
from tests.journeys import steps
from tests.makers import MENTORING, PASSWORD, Cast, keep_practice

REFS = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "3.3", "3.4"]


def decide(page: Page, ref: str, decision: str, feedback: str) -> None:
    item = page.locator(f"#part-{ref.replace('.', '-')}, #ac-{ref.replace('.', '-')}").first
    with page.expect_response(lambda answer: "/parts/" in answer.url):
        item.get_by_role("radio", name=decision).check()
    if not item.locator("textarea").first.is_visible():
        item.locator("summary", has_text="Feedback").click()
    with page.expect_response(lambda answer: "/parts/" in answer.url):
        item.locator("textarea").first.fill(feedback)
        item.locator("textarea").first.blur()


def test_one_criterion_referred_then_passed(visitor: Any, tmp_path: Path) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"), qualification=MENTORING)
    with centre_scope(cast.centre.pk):
        keep_practice(cast.registration, Unit.objects.get(ref="8586-301"), by=cast.learner)
    learner, assessor, iqa = visitor(), visitor(), visitor()

    page = learner.sign_in(cast.learner.user.email, PASSWORD)
    page.get_by_role("link", name="Portfolio: Unit 301").click()
    page.get_by_role("button", name="Start attempt 1").click()
    steps.submit_attempt(page, texts={f"AC {ref}": f"Evidence for {ref}." for ref in REFS})

    desk = assessor.sign_in(cast.assessor.user.email, PASSWORD)
    steps.take_next(desk)
    for ref in REFS:
        decide(desk, ref, "Referral" if ref == "1.3" else "Pass", f"Said of {ref}.")
    expect(desk.locator("#verdict")).to_contain_text("Referral")
    expect(desk.locator("#verdict")).to_contain_text("1.3")
    steps.sign(desk)
    expect(desk.get_by_role("button", name="Next submission")).to_be_visible()
    board = iqa.sign_in(cast.iqa.user.email, PASSWORD)
    steps.review_and_agree(board, looked_at="AC 1.3.")
    board.get_by_role("link", name="Result sheet").click()
    first = steps.sheet_text(board, tmp_path, name="first")
    for word in (
        "REFERRAL",
        "Amira Khan",
        "ABC1234",
        "Priya Shah",
        "Lena Grant",
        *(f"Said of {r}." for r in REFS),
    ):
        assert word in first, word

    page.goto(f"{learner.site}/c/northgate/home/")
    page.get_by_role("link", name="Read feedback").click()
    expect(page.get_by_text("Said of 1.3.").first).to_be_visible()
    page.get_by_role("link", name="Go on with attempt 2").first.click()
    steps.submit_attempt(page, texts={"AC 1.3": "The contract, now agreed by all."})
    steps.take_next(desk)
    decide(desk, "1.3", "Pass", "The contract is complete.")
    steps.sign(desk)
    expect(desk.get_by_role("button", name="Next submission")).to_be_visible()
    steps.review_and_agree(board, looked_at="AC 1.3 again.")
    board.get_by_role("link", name="Result sheet").click()
    second = steps.sheet_text(board, tmp_path, name="second")
    assert "The contract is complete." in second
    assert "Carried over from attempt 1" in second
    page.goto(f"{learner.site}/c/northgate/home/")
    expect(page.get_by_text("1 of 3 units achieved").first).to_be_visible()
