"""A time claimed while a recording plays, and opened at its second by the assessor, by keyboard."""

from io import BytesIO
from typing import Any

from playwright.sync_api import expect

from centres.models import Centre
from centres.scoping import centre_scope
from portfolios import actions
from portfolios.models import Claim
from tests.makers import AT, MENTORING, PASSWORD, Cast, decide, passing, sign, start, submit, take
from tests.portfolios.samples import MINUTE
from tests.quality_assurance.people import opened

NOW = "document.querySelector('audio').currentTime"
PLAYS = "!document.querySelector('audio').paused"


def claim_of(cast: Cast) -> Any:
    """Return the key of the one claim that there is."""
    with centre_scope(cast.centre.pk):
        return Claim.objects.get().pk


def test_a_time_is_claimed_while_listening_and_opened_at_its_second(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"), qualification=MENTORING)
    draft = start(cast, "journal-8586-303")
    with centre_scope(cast.centre.pk):
        actions.offer_file(
            submission=draft,
            part_ref="1.1",
            name="Talk.mp3",
            file=BytesIO(MINUTE * 4),
            by=cast.learner,
            at=AT,
        )
    learner, assessor = visitor(), visitor()

    page = learner.sign_in(cast.learner.user.email, PASSWORD)
    page.get_by_role("link", name="Evidence", exact=True).first.click()
    page.get_by_role("link", name="Talk.mp3").click()
    page.locator("audio").evaluate(
        "player => new Promise(ready => { player.onseeked = ready; player.currentTime = 115; })"
    )
    page.get_by_role("region", name="The piece").focus()
    page.keyboard.press("t")
    expect(page.get_by_label("From", exact=True)).to_have_value("1:55")
    page.keyboard.press(".")
    page.keyboard.press("Shift+T")
    expect(page.get_by_label("To (optional)")).to_have_value("2:00")
    page.get_by_label("2.1 Review own mentoring ability").last.check()
    page.get_by_label("Why it shows this").fill("I say what I would ask next time.")
    page.locator("audio").evaluate("player => { player.muted = true; return player.play(); }")
    page.get_by_role("button", name="Save claim").click()
    expect(page.locator("#claims")).to_contain_text("8586-303 AC 2.1")
    expect(page.locator("#claims")).to_contain_text("1:55–2:00")
    assert page.evaluate(PLAYS)

    page.goto(f"{page.url}#claimed-{claim_of(cast)}")
    page.reload()
    page.wait_for_function(f"() => {NOW} >= 115 && {NOW} < 121")

    judgement = take(cast, submit(cast, draft))
    desk = assessor.sign_in(cast.assessor.user.email, PASSWORD)
    desk.goto(f"{assessor.site}/c/northgate/marking/{judgement.pk}/")
    item = desk.locator("#ac-2-1")
    item.focus()
    desk.keyboard.press("e")
    expect(desk.locator("#say")).to_have_text("Talk at 1 minute 55")
    expect(item).to_be_focused()
    desk.wait_for_function(f"() => {NOW} >= 115 && {NOW} < 121")
    desk.keyboard.press("]")
    desk.wait_for_function(f"() => {NOW} >= 115 && {NOW} < 121")
    expect(desk.locator("html[data-busy]")).to_have_count(0)

    decide(judgement, passing(judgement))
    sign(judgement)
    review = opened(cast, judgement)
    iqa = visitor()
    board = iqa.sign_in(cast.iqa.user.email, PASSWORD)
    iqa.go(f"/c/northgate/quality/reviews/{review.pk}/")
    board.locator("#ac-2-1").focus()
    board.keyboard.press("e")
    expect(board.locator("#say")).to_have_text("Talk at 1 minute 55")
    board.wait_for_function(f"() => {NOW} >= 115 && {NOW} < 121")


def test_many_criteria_are_claimed_by_keyboard_without_losing_the_place(visitor: Any) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"), qualification=MENTORING)
    draft = start(cast, "journal-8586-303")
    with centre_scope(cast.centre.pk):
        piece = actions.offer_file(
            submission=draft,
            part_ref="1.1",
            name="Talk.mp3",
            file=BytesIO(MINUTE),
            by=cast.learner,
            at=AT,
        ).evidence
    learner = visitor()
    learner.sign_in(cast.learner.user.email, PASSWORD)
    page = learner.go(f"/c/northgate/evidence/{piece.pk}/claims/")
    page.get_by_label("Show only criteria without evidence").check()
    boxes = page.locator("input[name=criteria][value^='8586-303']")
    refs = [value.split()[1] for value in boxes.evaluate_all("all => all.map(one => one.value)")]
    expect(page.get_by_label("1.1 ").first).to_be_hidden()

    boxes.nth(1).focus()
    for _ in range(2):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    page.get_by_label("From", exact=True).fill("0:10")
    page.get_by_label("Why it shows this").fill("I say so.")
    page.keyboard.press("Enter")
    expect(page.locator("#claims")).to_contain_text(f"8586-303 AC {refs[2]}")
    expect(boxes.nth(3)).to_be_focused()
    expect(boxes.nth(2)).to_be_hidden()
    expect(page.get_by_text(f"3 of {len(refs)} have evidence")).to_be_visible()
