"""Reviews in a named state, and pages as a signed-in person gets them."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from centres.models import Membership
from centres.scoping import centre_scope
from marking import actions as marking
from marking.models import Judgement, JudgementLine
from marking.rules import Decision
from marking.selectors import judgement_lines
from portfolios.models import Submission
from quality_assurance import actions as quality
from quality_assurance.models import Release, Review
from quality_assurance.selectors.standpoint import review_version
from tests.makers import AT, PASSWORD, Cast

SECTIONS = "wba-d3-01-02"
CRITERIA = "portfolio-8586-301"


def signed_in(member: Membership) -> Client:
    """Return a browser in which a member is signed in."""
    client = Client()
    with centre_scope(member.centre_id):
        client.force_login(member.user)
    return client


def url(name: str, **kwargs: Any) -> str:
    """Return an address of this room in the first centre."""
    return reverse(f"quality_assurance:{name}", kwargs={"slug": "northgate", **kwargs})


def text_of(client: Client, address: str) -> str:
    """Return a page as text."""
    return client.get(address).content.decode()


def opened(cast: Cast, judgement: Judgement, *, by: Membership | None = None) -> Review:
    """Return an IQA's open review of an assessor's signed judgement."""
    with centre_scope(cast.centre.pk):
        return quality.open_review(submission=judgement.submission, by=by or cast.iqa, at=AT)


def enter(review: Review, values: dict[str, Any], *, feedback: str = "") -> None:
    """Enter an IQA's own marks or decisions by ref."""
    with centre_scope(review.centre_id):
        for line in judgement_lines(review.judgement):
            if line.part_ref in values:
                value = values[line.part_ref]
                marking.save_line(
                    line=line,
                    version=line.version,
                    mark=None if isinstance(value, Decision) else value,
                    decision=value if isinstance(value, Decision) else None,
                    feedback=feedback,
                    feedback_more=feedback if line.maximum else "",
                    by=review.judgement.judge,
                    at=AT,
                )


def note(review: Review, text: str = "All of section 1 and its feedback.") -> None:
    """Note what the IQA looked at."""
    with centre_scope(review.centre_id):
        quality.note_looked_at(review=review, text=text, by=review.iqa, at=AT)


def seen(review: Review) -> str:
    """Return the version of the IQA's sheet that a page would show now."""
    with centre_scope(review.centre_id):
        return review_version(review)


def agree(review: Review, *, shown: str = "") -> Release:
    """Agree and release as the IQA of a review."""
    with centre_scope(review.centre_id):
        return quality.agree_and_release(
            review=review,
            seen=shown or seen(review),
            confirmed_at=AT - timedelta(seconds=5),
            by=review.iqa,
            at=AT,
        )


def overturn(review: Review, *, reason: str = "The bar was met in every part.") -> Release:
    """Overturn and release as the IQA of a review."""
    with centre_scope(review.centre_id):
        return quality.overturn_and_release(
            review=review,
            reason=reason,
            seen=seen(review),
            confirmed_at=AT - timedelta(seconds=5),
            by=review.iqa,
            at=AT,
        )


def release(
    submission: Submission, by: Membership, *, reason: str = "Low risk this month.", at: datetime = AT
) -> Release:
    """Release an assessor's result without review."""
    with centre_scope(submission.centre_id):
        return quality.release_unreviewed(submission=submission, reason=reason, confirmed_at=at, by=by, at=at)


def own_line(review: Review, ref: str) -> JudgementLine:
    """Return the IQA's own line of a part as it is stored."""
    with centre_scope(review.centre_id):
        line: JudgementLine = JudgementLine.objects.get(judgement=review.judgement_id, part_ref=ref)
        return line


def signing(review: Review, side: str, **more: str) -> dict[str, str]:
    """Return what the decision page posts."""
    return {"seen": seen(review), "side": side, "password": PASSWORD, "reason": "", **more}
