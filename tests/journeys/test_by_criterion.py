"""8586-301: one criterion referred refers the unit; done again, it passes."""

from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from centres.models import Centre
from centres.scoping import centre_scope
from qualifications.models import Unit
from tests.journeys import steps
from tests.journeys.papers import Moments, day, moments_of, said
from tests.makers import MENTORING, PASSWORD, Cast, keep_practice
from tests.marking.paper import rows_of

REFS = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "3.3", "3.4"]


ROWS = [f"AC {ref} " for ref in REFS]
HEADS = (
    "UNIT RESULT SHEET Portfolio: Unit 301",
    "Centre Number 012345 Centre Name Northgate Training",
    "Learner Registration No ABC1234 Learner Name Amira Khan",
    "Unit 8586-301 Undertaking Mentoring within an Organisational Context",
)
CONTRACT = "AC 1.3 Agree an appropriate and confidential contract with individual(s) and other stakeholders"


def check_people_and_days(text: str, moments: Moments) -> None:
    """Look for the form's heads, and for who did what on which day."""
    for words in (
        *HEADS,
        f"The learner declared on {said(moments.declared)} that this submission is their own work",
        f"Date {day(moments.assessed)} Date of QA check {day(moments.reviewed)}",
        f"Signature of Assessor {moments.assessors_signature}",
        f"Signature of QA {moments.iqas_signature}",
        moments.release,
    ):
        assert words in text, words


def check_first(text: str) -> None:
    """Look for every decision of the referral in its row, and for the reason."""
    for words in (
        "Mentoring · Attempt 1",
        f"← Referral To be done again: • {CONTRACT} Released",
        "(11 pieces of evidence and the practice records of 1 unit)",
        f"Unit Outcome PASS ☑ REFERRAL The outcome is Referral. {CONTRACT} Unit Outcome",
        "What the IQA looked at: AC 1.3.",
    ):
        assert words in text, words
    assert text.count("☑ REFERRAL The outcome is Referral.") == 2
    assert "☑ PASS" not in text
    for ref, row in zip(REFS, rows_of(text, ROWS), strict=True):
        decision = "Pass ← Referral" if ref == "1.3" else "✓ Pass Referral"
        assert f"Said of {ref}. {decision}" in row, row


def check_second(text: str) -> None:
    """Look for every decision of the pass in its row, those carried over with their attempt and assessor."""
    for words in (
        "Mentoring · Attempt 2",
        "✓ Pass Released",
        "(1 piece of evidence and the practice records of 1 unit)",
        "What the IQA looked at: AC 1.3 again.",
    ):
        assert words in text, words
    assert text.count("☑ PASS REFERRAL The outcome is Pass.") == 2
    assert "☑ REFERRAL" not in text
    assert "← Referral" not in text
    origin = "Carried over from attempt 1: Pass by Priya Shah"
    for ref, row in zip(REFS, rows_of(text, ROWS), strict=True):
        if ref == "1.3":
            assert "The contract is complete. ✓ Pass Referral" in row, row
            assert origin not in row
        else:
            assert f"Said of {ref}. ✓ Pass Referral {origin}" in row, row


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
    since = timezone.now()
    centre = Centre.objects.get(slug="northgate")
    cast = Cast(centre, qualification=MENTORING)
    with centre_scope(centre.pk):
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
    check_people_and_days(first, moments_of(centre, attempt=1, since=since))
    check_first(first)

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
    check_people_and_days(second, moments_of(centre, attempt=2, since=since))
    check_second(second)

    page.goto(f"{learner.site}/c/northgate/home/")
    expect(page.get_by_text("1 of 3 units achieved").first).to_be_visible()
