"""People find their way in: invited by letter, added to the register, told what is wrong."""

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.core import mail

from centres.models import Centre, Learner
from centres.permissions import Role
from centres.scoping import centre_scope
from qualifications.models import CentreApproval, Qualification
from tests.makers import COACHING, PASSWORD, make_member

NEW_PASSWORD = "a long new password"


def link_in_letter(page: Any, email: str) -> str:
    """Wait for the letter to an address and return the path of its link."""
    for _ in range(200):
        for letter in mail.outbox:
            if letter.to == [email]:
                found = re.search(r"/c/\S+/join/\S+", str(letter.body))
                assert found
                return found[0]
        page.wait_for_timeout(100)
    raise AssertionError(f"No letter to {email}")


def serious(page: Any) -> list[str]:
    """Return what an accessibility check finds on the page."""
    found = Axe().run(page).response["violations"]
    return [f"{row['id']}: {row['nodes'][0]['html']}" for row in found]


def test_an_administrator_adds_a_learner_who_joins_by_letter(visitor: Any) -> None:
    centre = Centre.objects.get(slug="northgate")
    joan = make_member(centre, "Joan Mills", Role.ADMINISTRATOR)
    qualification = Qualification.objects.get(key=COACHING)
    with centre_scope(centre.pk):
        CentreApproval.objects.create(qualification=qualification, approved_on="2020-01-01")

    me = visitor()
    page = me.sign_in(joan.user.email, PASSWORD)
    me.go("/c/northgate/learners/")
    assert serious(page) == []
    page.get_by_role("link", name="Add a learner").click()
    page.get_by_label("Full name").fill("Amira Khan")
    page.get_by_label("E-mail address").fill("amira.khan@example.org")
    page.get_by_label("Date of birth").fill("31/02/1990")
    page.get_by_label("Qualification (optional)").select_option(label=qualification.title)
    page.get_by_label("Registration number").fill("ABC1234")
    page.get_by_label("Registered on").fill("01/09/2026")
    page.get_by_role("button", name="Add the learner").click()
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    summary.get_by_role("link", name=re.compile("This day does not exist")).click()
    assert page.evaluate("document.activeElement.name") == "born_on"
    assert page.get_by_label("Full name").input_value() == "Amira Khan"
    assert serious(page) == []
    page.get_by_label("Date of birth").fill("28/02/1990")
    page.get_by_role("button", name="Add the learner").click()
    page.locator("#content").get_by_text("Amira Khan is added and registered.").wait_for()
    assert serious(page) == []

    amira = visitor(320, 640)
    amira.go(link_in_letter(amira.page, "amira.khan@example.org"))
    for width in (1366, 320):
        amira.page.set_viewport_size({"width": width, "height": 640})
        for words in ("Amira Khan", "amira.khan@example.org"):
            box = amira.page.get_by_text(words, exact=True).bounding_box()
            assert box["height"] < 30, words
    assert serious(amira.page) == []
    amira.page.get_by_label("Password").fill(NEW_PASSWORD)
    amira.page.get_by_role("button", name="Join Northgate Training").click()
    amira.page.wait_for_url("**/c/northgate/home/")
    with centre_scope(centre.pk):
        assert Learner.objects.get().membership.name == "Amira Khan"


def test_a_session_that_ran_out_is_renewed_over_the_page(visitor: Any) -> None:
    centre = Centre.objects.get(slug="northgate")
    joan = make_member(centre, "Joan Mills", Role.ADMINISTRATOR)
    me = visitor()
    page = me.sign_in(joan.user.email, PASSWORD)
    me.go("/c/northgate/staff/")
    me.context.clear_cookies(name="sessionid")
    page.get_by_label("Name or e-mail address").fill("joan")
    dialog = page.get_by_role("dialog", name="You are signed out")
    dialog.get_by_label("Password").fill("not the password")
    dialog.get_by_role("button", name="Sign in and carry on").click()
    dialog.get_by_text("That password is not right. Try again.").wait_for()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in and carry on").click()
    dialog.wait_for(state="hidden")
    assert page.get_by_label("Name or e-mail address").input_value() == "joan"
    page.get_by_label("Role").select_option("administrator")
    page.wait_for_url("**role=administrator**")
    assert page.get_by_role("rowheader", name="Joan Mills").is_visible()
    # htmx reports the answers that said the session was over; nothing else went wrong.
