"""Pages signed on paper: whoever marks what rests on one opens it, whether it is offered or not."""

from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from centres.models import Centre, Membership
from centres.scoping import centre_scope
from marking.models import Judgement
from portfolios.actions import offer_file, withdraw_offer, withdraw_submission
from portfolios.actions.ask import add_paper, remove_paper
from portfolios.models import Evidence, Offer, Record, SignedPaper, Submission
from tests.makers import start, submit, take
from tests.portfolios.practice import Practice
from tests.portfolios.samples import pdf, signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()


class Signed:
    """Practice of which one page was signed on a paper that is offered nowhere."""

    def __init__(self, centre: Centre) -> None:
        self.practice = Practice(centre)
        self.practice.fill()
        self.cast = self.practice.cast
        self.draft: Submission = start(self.cast, "portfolio-8586-302", at=NOW)
        by = self.cast.learner
        with centre_scope(centre.pk):
            offer: Offer = offer_file(
                submission=self.draft, part_ref="1.1", name="signed.pdf", file=BytesIO(pdf()), by=by, at=NOW
            )
            self.file: Evidence = offer.evidence
            withdraw_offer(offer=offer, by=by, at=NOW)
            record = Record.objects.earliest("added_at")
            self.paper: SignedPaper = add_paper(record=record, evidence=self.file, by=by, at=NOW)

    def submitted(self) -> Submission:
        """Submit the attempt with the paper."""
        return submit(self.cast, self.draft, at=NOW)

    def taken(self) -> Judgement:
        """Submit the attempt and let the assessor take it."""
        return take(self.cast, self.submitted(), at=NOW)

    def remove_paper(self) -> None:
        """Take the paper off its page."""
        with centre_scope(self.cast.centre.pk):
            remove_paper(paper=self.paper, by=self.cast.learner, at=NOW)

    def opens(self, by: Membership) -> int:
        """Open the file as somebody; returns the status."""
        where = reverse("portfolios:evidence", kwargs={"slug": "northgate", "evidence_id": self.file.pk})
        return int(signed_in(by).get(where).status_code)


@pytest.fixture
def signed(northgate: Centre) -> Signed:
    return Signed(northgate)


def test_whoever_marks_the_attempt_opens_the_paper_from_the_page(signed: Signed) -> None:
    assert signed.opens(signed.cast.assessor) == 404
    judgement = signed.taken()
    assert signed.opens(signed.cast.assessor) == 200
    assert signed.opens(signed.cast.other_assessor) == 404
    browser = signed_in(signed.cast.assessor)
    where = reverse("marking:workspace", kwargs={"slug": "northgate", "judgement_id": judgement.pk})
    tab = browser.get(where).content.decode().split('href="?evidence=')[1:]
    records = next(row.split('"')[0] for row in tab if "Records of 8586-302" in row.split("</a>")[0])
    shown = browser.get(where, {"evidence": records}).content.decode()
    assert f"evidence/{signed.file.pk}/" in shown


def test_a_paper_taken_off_its_page_stays_with_what_was_submitted(signed: Signed) -> None:
    signed.taken()
    signed.remove_paper()
    assert signed.opens(signed.cast.assessor) == 200


def test_a_paper_of_an_attempt_that_was_changed_before_it_was_marked_is_not_opened(signed: Signed) -> None:
    submission = signed.submitted()
    with centre_scope(signed.cast.centre.pk):
        withdraw_submission(submission=submission, by=signed.cast.learner, at=NOW)
    signed.remove_paper()
    signed.taken()
    assert signed.opens(signed.cast.assessor) == 404
    assert signed.opens(signed.cast.learner) == 200


@pytest.mark.parametrize("is_submitted", [False, True])
def test_the_database_keeps_a_paper_on_which_submitted_records_rest(
    signed: Signed, *, is_submitted: bool
) -> None:
    if is_submitted:
        signed.submitted()
    change: dict[str, Any] = {"removed_at": NOW, "removed_by": signed.cast.learner}
    with centre_scope(signed.cast.centre.pk):
        files = Evidence.objects.filter(pk=signed.file.pk)
        if not is_submitted:
            assert files.update(**change) == 1
            return
        with pytest.raises(DatabaseError, match="on which submitted records rest"), transaction.atomic():
            files.update(**change)
