"""A tutor keeps a programme, its learner confirms the induction, and both pages pass the checks."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from django.utils.timezone import localdate

from centres.models import Centre
from centres.permissions import Role
from tests.makers import PASSWORD, make_member
from tests.portfolios.practice import Practice
from tests.portfolios.samples import pdf

TODAY = localdate(timezone.now())


def serious(page: Any) -> list[str]:
    """Return what an accessibility check finds on the page."""
    found = Axe().run(page).response["violations"]
    return [f"{row['id']}: {row['nodes'][0]['html']}" for row in found]


def test_a_tutor_keeps_a_programme_and_its_learner_confirms_it(visitor: Any, tmp_path: Path) -> None:
    centre = Centre.objects.get(slug="northgate")
    practice = Practice(centre)
    tutor = make_member(centre, "Sam Ito", Role.TUTOR)
    me = visitor()
    page = me.sign_in(tutor.user.email, PASSWORD)
    me.go("/c/northgate/programme/")
    assert serious(page) == []
    page.get_by_role("searchbox").fill("P-1")
    page.get_by_text("1 programme", exact=True).wait_for()
    page.get_by_role("rowheader").get_by_role("link").click()

    page.get_by_role("link", name="Record an initial assessment").first.click()
    page.get_by_label("Date").fill(f"{TODAY - timedelta(days=60):%d/%m/%Y}")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("What it showed").fill("Writes well; wants dates early.")
    page.get_by_role("button", name="Record initial assessment").click()

    page.get_by_role("link", name="Add an induction").first.click()
    page.get_by_label("Date").fill(f"{TODAY + timedelta(days=1):%d/%m/%Y}")
    page.get_by_label("Length, hours").fill("30")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Record induction").click()
    page.get_by_role("alert").get_by_role("link", name=re.compile("This is in the future")).click()
    assert serious(page) == []
    page.get_by_label("Date").fill(f"{TODAY - timedelta(days=50):%d/%m/%Y}")
    page.get_by_label("Length, hours").fill("1")
    page.get_by_role("button", name="Record induction").click()

    page.get_by_role("link", name="Add a tutorial").first.click()
    page.get_by_label("Date").fill(f"{TODAY - timedelta(days=40):%d/%m/%Y}")
    page.get_by_label("Length, hours").fill("2")
    page.get_by_label("What it was about").fill("Agreed the dates.")
    page.get_by_role("button", name="Record tutorial").click()
    page.get_by_role("progressbar", name="Tutorial").get_by_text("2 h of 2 h").wait_for(state="attached")

    page.get_by_role("link", name="Add an approval").click()
    page.get_by_label("For which assessment").select_option(index=1)
    page.get_by_label("Another method of assessment").check()
    page.get_by_label("What is approved").fill("A presentation.")
    page.get_by_label("Approved on").fill(f"{TODAY:%d/%m/%Y}")
    letter = tmp_path / "approval.pdf"
    letter.write_bytes(pdf())
    page.get_by_label("The approval").set_input_files(letter)
    page.get_by_role("button", name="Record the approval").click()
    page.get_by_role("link", name="approval.pdf").wait_for()
    assert serious(page) == []

    amira = visitor(320, 640)
    theirs = amira.sign_in(practice.cast.learner.user.email, PASSWORD)
    amira.go("/c/northgate/home/")
    theirs.get_by_role("link", name="Your programme").last.click()
    theirs.get_by_role("button", name="Confirm the induction").click()
    theirs.get_by_text("Nothing is missing.").wait_for()
    assert serious(theirs) == []
    assert theirs.evaluate("document.documentElement.scrollWidth") == 320
