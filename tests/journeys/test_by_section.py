"""D3.01/02 from the register to the sealed decision: 87 is a referral, 88 is a pass."""

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from centres.models import Centre
from tests.journeys import steps
from tests.makers import PASSWORD, Cast

SECTIONS = [
    "Ensuring good practice in coaching",
    "Identifying learning styles and barriers to learning",
    "Support for coaching and recording outcomes",
    "Your strengths and weaknesses in coaching skills",
]


def test_marked_11_26_24_26_is_a_referral_and_the_next_attempt_at_12_passes(
    visitor: Any, tmp_path: Path
) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
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
    for word in (
        *SECTIONS,
        "PASS",
        "88",
        "12",
        "26",
        "24",
        "Amira Khan",
        "ABC1234",
        "Priya Shah",
        "Lena Grant",
    ):
        assert word in text, word
    assert "The minimum is reached." in text
    assert "Carried over from attempt 1" in text
    assert "Northgate Training" in text
    assert "012345" in text

    page.goto(f"{learner.site}/c/northgate/home/")
    expect(page.get_by_text("2 of 7 units achieved").first).to_be_visible()
