"""A later attempt says which of its work is still that of the attempt before."""

from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from django.test import Client

from centres.models import Centre
from centres.scoping import centre_scope
from marking.rules import Decision
from portfolios.actions import (
    add_session,
    manifest_fingerprint,
    manifest_of,
    offer_file,
    save_record,
    save_text,
    submit_attempt,
)
from portfolios.models import Evidence, Offer, Record, Submission
from portfolios.rules import State
from qualifications.models import Unit
from quality_assurance.actions import release_unreviewed
from tests.makers import AT, MENTORING, Cast, decide, passing, practise, sign, start, submit, take
from tests.portfolios.practice import Practice
from tests.portfolios.samples import at, pdf, signed_in, upload

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=5)
NOTE = "Section 1 is unchanged since attempt 1."


def referred(cast: Cast, draft: Submission, **values: object) -> Submission:
    """Let an attempt be referred and released; returns the attempt that follows."""
    judgement = take(cast, draft if draft.state == State.SUBMITTED else submit(cast, draft))
    decide(judgement, {**passing(judgement), **values})
    sign(judgement)
    with centre_scope(cast.centre.pk):
        release_unreviewed(
            submission=draft,
            reason="Small cohort, seen in class.",
            confirmed_at=LATER,
            by=cast.lead,
            at=LATER,
        )
        following: Submission = Submission.objects.select_related("registration", "assessment").get(
            previous=draft
        )
        return following


def pages(cast: Cast, learner: Client, attempt: Submission) -> list[str]:
    """Return the page of an attempt and the page before it is submitted."""
    return [
        unescape(learner.get(at(cast, name, attempt)).content.decode()) for name in ("submission", "submit")
    ]


def test_unchanged_work_is_named_before_it_is_submitted_again_but_not_held_back(
    cast: Cast, draft: Submission, learner: Client
) -> None:
    assert all("unchanged since" not in page for page in pages(cast, learner, draft))
    second = referred(cast, draft, **{"1": 11})
    for page in pages(cast, learner, second):
        assert NOTE in page
        assert "Nothing is missing." not in page
    assert submit(cast, second).state == "SUBMITTED"


def test_the_note_goes_when_a_text_or_a_file_changes(cast: Cast, draft: Submission, learner: Client) -> None:
    second = referred(cast, draft, **{"1": 11})
    where = at(cast, "add_files", second, part_ref="1")
    answer = learner.post(where, {"files": upload("more.pdf", pdf())}, headers={"HX-Request": "true"})
    assert "unchanged since" not in unescape(answer.content.decode())
    assert all("unchanged since" not in page for page in pages(cast, learner, second))
    with centre_scope(cast.centre.pk):
        Offer.objects.filter(submission=second, evidence__kind=Evidence.Kind.FILE).delete()
    assert all(NOTE in page for page in pages(cast, learner, second))
    with centre_scope(cast.centre.pk):
        save_text(submission=second, part_ref="1", text="Anew.", version=1, by=cast.learner, at=LATER)
    assert all("unchanged since" not in page for page in pages(cast, learner, second))


def test_several_criteria_are_named_together(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    referrals = {"1.3": Decision.REFERRAL, "2.1": Decision.REFERRAL}
    second = referred(cast, start(cast, "portfolio-8586-301"), **referrals)
    for page in pages(cast, signed_in(cast.learner), second):
        assert "AC 1.3 and 2.1 are unchanged since attempt 1.</strong>" in page


def test_records_that_changed_are_said_beside_what_did_not(northgate: Centre) -> None:
    cast = Cast(northgate, qualification=MENTORING)
    second = referred(cast, start(cast, "portfolio-8586-301"), **{"2.1": Decision.REFERRAL})
    with centre_scope(cast.centre.pk):
        add_session(
            registration=second.registration,
            unit=Unit.objects.filter(ref="8586-301").latest("version"),
            client_number=1,
            starts_at=AT + timedelta(days=1),
            minutes=60,
            by=cast.learner,
            at=LATER,
        )
    note = "AC 2.1 is unchanged since attempt 1. Your records changed since attempt 1."
    assert all(note in page for page in pages(cast, signed_in(cast.learner), second))


def goals(practice: Practice, record: Record, version: int, words: str) -> None:
    """Write on the page of the client's goals, which names AC 1.2."""
    part = practice.form_of(record).part
    with centre_scope(practice.cast.centre.pk):
        save_record(
            record=record,
            part=part,
            typed={part.asked[0].key: words},
            version=version,
            by=practice.cast.learner,
            at=LATER,
        )


def submit_without(cast: Cast, draft: Submission, part_ref: str) -> Submission:
    """Submit an attempt with a text under every part but one."""
    with centre_scope(cast.centre.pk):
        for ref in draft.open_parts:
            if ref != part_ref:
                save_text(
                    submission=draft, part_ref=ref, text=f"For {ref}.", version=0, by=cast.learner, at=AT
                )
        return submit_attempt(
            submission=draft,
            has_declared=True,
            seen_sha256=manifest_fingerprint(manifest_of(draft)),
            has_refused_standardisation=False,
            by=cast.learner,
            at=AT,
        )


def test_a_criterion_that_rests_on_records_alone_is_named_until_its_page_changes(northgate: Centre) -> None:
    practice = Practice(northgate)
    cast = practice.cast
    record = practice.record("mentoring-diary", "goals")
    goals(practice, record, 1, "As they were.")
    draft = start(cast, "portfolio-8586-302")
    practise(cast, draft)
    second = referred(
        cast, submit_without(cast, draft, "1.2"), **{"1.2": Decision.REFERRAL, "2.1": Decision.REFERRAL}
    )
    note = "AC 1.2 and 2.1 are unchanged since attempt 1."
    assert all(note in page for page in pages(cast, practice.client, second))
    goals(practice, record, 2, "As they are now.")
    rest = "AC 2.1 is unchanged since attempt 1. Your records changed since attempt 1."
    assert all(rest in page for page in pages(cast, practice.client, second))


def test_what_comes_along_keeps_the_day_it_was_uploaded_and_written(
    cast: Cast, draft: Submission, learner: Client
) -> None:
    with centre_scope(cast.centre.pk):
        offer_file(submission=draft, part_ref="1", name="a.pdf", file=BytesIO(pdf()), by=cast.learner, at=AT)
        save_text(submission=draft, part_ref="1", text="Mine.", version=0, by=cast.learner, at=AT)
    page, _ = pages(cast, learner, referred(cast, draft, **{"1": 11}))
    assert "2 Nov 2026, 09:30" in page
    assert "Saved 2 Nov, 09:30" in page
    assert "7 Nov" not in page
