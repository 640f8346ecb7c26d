"""D3.01/02 from the register to the sealed decision: 87 is a referral, 88 is a pass."""

from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from centres.models import Centre
from tests.journeys import steps
from tests.journeys.papers import Moments, day, moments_of, said
from tests.makers import PASSWORD, Cast
from tests.marking.paper import rows_of

SECTIONS = [
    "Ensuring good practice in coaching",
    "Identifying learning styles and barriers to learning",
    "Support for coaching and recording outcomes",
    "Your strengths and weaknesses in coaching skills",
]


ROWS = [f"{number} {heading}" for number, heading in enumerate(SECTIONS, start=1)]
HEADS = (
    "MARK SHEET Work-Based Assignment: D3.01 and D3.02",
    "Centre Number 012345 Centre Name Northgate Training",
    "Learner Registration No ABC1234 Learner Name Amira Khan",
    "Unit D3.01 Understanding good practice in workplace coaching",
    "Unit D3.02 Organising workplace coaching",
    "Criteria Strengths Weaknesses Assr mark QA mark",
    "Name of assessor Priya Shah Name of IQA Lena Grant",
)


def check_people_and_days(text: str, moments: Moments) -> None:
    """Look for the form's heads, and for who did what on which day."""
    for words in (
        *HEADS,
        f"declared {said(moments.declared)} over",
        f"Assessor signature and date {moments.assessors_signature}",
        f"Date of IQA check {day(moments.reviewed)}",
        f"IQA signature {moments.iqas_signature}",
        moments.release,
    ):
        assert words in text, words


def check_first(text: str) -> None:
    """Look for every mark of the referral in its row, and for the reason."""
    reason = "1 Ensuring good practice in coaching: 11 of 24, minimum 12"
    for words in (
        "(QCF) · Attempt 1",
        f"← Referral: 87 of 100 To be done again: • {reason}",
        "over 4 pieces of evidence",
        "Total marks 87 / 100 Total marks –",
        f"Section referral if applicable {reason}",
        "What the IQA looked at: Section 1 and its feedback.",
    ):
        assert words in text, words
    assert text.count("☑ REFERRAL The outcome is Referral.") == 2
    assert "☑ PASS" not in text
    marks = ("11 / 24 (min 12) ↓ Below minimum", "26 / 26 (min 13)", "24 / 24 (min 12)", "26 / 26 (min 13)")
    for number, (row, mark) in enumerate(zip(rows_of(text, ROWS), marks, strict=True), start=1):
        assert f"Strength {number} seen. Weakness {number} named. {mark} –" in row, row


def check_second(text: str) -> None:
    """Look for every mark of the pass in its row, those carried over with their attempt and assessor."""
    for words in (
        "(QCF) · Attempt 2",
        "✓ Pass: 88 of 100",
        "over 1 piece of evidence",
        "Total marks 88 / 100 Total marks –",
        "Section referral if applicable None",
        "What the IQA looked at: Section 1 again.",
    ):
        assert words in text, words
    assert text.count("☑ PASS REFERRAL The outcome is Pass.") == 2
    assert "☑ REFERRAL" not in text
    assert "To be done again" not in text
    first, *carried = rows_of(text, ROWS)
    assert "The minimum is reached. Give one more example. 12 / 24 (min 12) –" in first, first
    for number, (row, mark) in enumerate(zip(carried, (26, 24, 26), strict=True), start=2):
        bounds = "24 (min 12)" if number == 3 else "26 (min 13)"
        origin = f"Carried over from attempt 1: {mark} by Priya Shah"
        words = f"Strength {number} seen. Weakness {number} named. {mark} / {bounds} {origin} –"
        assert words in row, row


def test_marked_11_26_24_26_is_a_referral_and_the_next_attempt_at_12_passes(
    visitor: Any, tmp_path: Path
) -> None:
    since = timezone.now()
    centre = Centre.objects.get(slug="northgate")
    cast = Cast(centre)
    learner, assessor, iqa = visitor(), visitor(), visitor()

    page = learner.sign_in(cast.learner.user.email, PASSWORD)
    page.get_by_role("link", name="Work-Based Assignment: D3.01 and D3.02").click()
    expect(page.get_by_text("Ensuring good practice in coaching").first).to_be_visible()
    page.get_by_role("button", name="Start attempt 1").click()
    steps.submit_attempt(page, texts={f"Section {n}": f"How I worked, part {n}." for n in range(1, 5)})

    desk = assessor.sign_in(cast.assessor.user.email, PASSWORD)
    steps.take_next(desk)
    for number, mark in enumerate(("11", "26", "24", "26"), start=1):
        steps.give_mark(desk, number, mark)
        steps.give_feedback(desk, number, f"Strength {number} seen.", f"Weakness {number} named.")
    expect(desk.locator("#verdict")).to_contain_text("Referral")
    expect(desk.locator("#verdict")).to_contain_text("87")
    expect(desk.locator("#verdict")).to_contain_text("1 below its minimum of 12")
    steps.sign(desk, password="not the password")
    expect(desk.get_by_text("That password is not right.").first).to_be_visible()
    desk.get_by_label("Password", exact=True).filter(visible=True).fill(PASSWORD)
    desk.get_by_role("button", name="Sign and send to quality assurance").click()
    expect(desk.get_by_role("button", name="Next submission")).to_be_visible()

    page.goto(f"{learner.site}/c/northgate/home/")
    expect(page.get_by_text("Provisional referral").first).to_be_visible()

    board = iqa.sign_in(cast.iqa.user.email, PASSWORD)
    steps.review_and_agree(board, looked_at="Section 1 and its feedback.")
    board.get_by_role("link", name="Result sheet").click()
    text = steps.sheet_text(board, tmp_path, name="first")
    check_people_and_days(text, moments_of(centre, attempt=1, since=since))
    check_first(text)

    page.reload()
    page.get_by_role("link", name="Read feedback").click()
    expect(page.get_by_text("Provisional")).to_have_count(0)
    expect(page.get_by_text("Subject to external quality assurance").first).to_be_visible()
    expect(page.get_by_text("Weakness 1 named.").first).to_be_visible()
    page.get_by_role("link", name="Go on with attempt 2").first.click()
    expect(page.get_by_label("Your text for Section 1", exact=True)).to_have_value("How I worked, part 1.")
    expect(page.get_by_label("Your text for Section 2", exact=True)).to_have_count(0)
    steps.submit_attempt(page, texts={"Section 1": "How I worked, and what I would do now."})

    steps.take_next(desk)
    steps.give_mark(desk, 1, "12")
    steps.give_feedback(desk, 1, "The minimum is reached.", "Give one more example.")
    expect(desk.locator("#verdict")).to_contain_text("88")
    expect(desk.locator("#verdict")).to_contain_text("Pass")
    steps.sign(desk)
    expect(desk.get_by_role("button", name="Next submission")).to_be_visible()
    steps.review_and_agree(board, looked_at="Section 1 again.")
    board.get_by_role("link", name="Result sheet").click()
    text = steps.sheet_text(board, tmp_path, name="second")
    check_people_and_days(text, moments_of(centre, attempt=2, since=since))
    check_second(text)

    page.goto(f"{learner.site}/c/northgate/home/")
    expect(page.get_by_text("2 of 7 units achieved").first).to_be_visible()
