"""What a link, a guest's signature and a signed paper leave in the trail, and who did each."""

from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone

from centres.models import Centre, Event
from centres.scoping import centre_scope
from portfolios.actions import offer_file
from portfolios.models import GuestLink, SignedPaper
from tests.makers import start
from tests.portfolios.practice import Practice
from tests.portfolios.samples import pdf
from tests.portfolios.test_guests import ask, feedback, link_of, ratings, rows, sign

pytestmark = pytest.mark.django_db


def trail() -> list[tuple[str, str]]:
    """Return who did what with links, signatures and papers, the first one first; a guest has no account."""
    wanted = ("portfolios.link.", "portfolios.paper.", "portfolios.record.signed")
    found = Event.objects.select_related("by").order_by("at", "id")
    return [(row.code, row.by.name if row.by else "") for row in found if row.code.startswith(wanted)]


def test_links_signatures_and_papers_leave_who_did_what(northgate: Centre) -> None:
    practice = Practice(northgate)
    record = feedback(practice)
    link_of(ask(practice, record))
    [link] = rows(practice, GuestLink)
    practice.client.post(practice.address("withdraw_link", link_id=link.pk))
    draft = start(practice.cast, "portfolio-8586-302")
    with centre_scope(northgate.pk):
        file = offer_file(
            submission=draft,
            part_ref="1.1",
            name="signed.pdf",
            file=BytesIO(pdf()),
            by=practice.cast.learner,
            at=timezone.now(),
        ).evidence
    practice.client.post(practice.address("paper", record_id=record.pk), {"evidence": str(file.pk)})
    [paper] = rows(practice, SignedPaper)
    practice.client.post(practice.address("remove_paper", paper_id=paper.pk))
    sign(Client(), link_of(ask(practice, record)), **ratings(), x1="It helped.")
    with centre_scope(northgate.pk):
        assert trail() == [
            ("portfolios.link.made", "Amira Khan"),
            ("portfolios.link.withdrawn", "Amira Khan"),
            ("portfolios.paper.added", "Amira Khan"),
            ("portfolios.paper.removed", "Amira Khan"),
            ("portfolios.link.made", "Amira Khan"),
            ("portfolios.record.signed", ""),
        ]
