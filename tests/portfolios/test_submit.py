"""Declaring, submitting and withdrawing: what is missing, what changed meanwhile, and pressing twice."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from centres.models import Event
from centres.scoping import centre_scope
from portfolios.actions import manifest_fingerprint, manifest_of
from portfolios.models import Evidence, Offer, Submission
from portfolios.rules import State
from qualifications.models import Registration
from tests.makers import Cast, submit, take
from tests.portfolios.samples import at, upload

pytestmark = pytest.mark.django_db


def fill(cast: Cast, draft: Submission, learner: Client, refs: str = "1234") -> None:
    for ref in refs:
        learner.post(at(cast, "save_text", draft, part_ref=ref), {"text": f"About {ref}.", "version": 0})


def seen(cast: Cast, draft: Submission) -> str:
    with centre_scope(cast.centre.pk):
        return manifest_fingerprint(manifest_of(draft))


def fresh(cast: Cast, draft: Submission) -> Submission:
    with centre_scope(cast.centre.pk):
        row: Submission = Submission.objects.get(pk=draft.pk)
        return row


def events(cast: Cast) -> int:
    with centre_scope(cast.centre.pk):
        return int(Event.objects.count())


def test_a_whole_attempt_is_submitted_once(cast: Cast, draft: Submission, learner: Client) -> None:
    fill(cast, draft, learner)
    url = at(cast, "submit", draft)
    page = learner.get(url).content.decode()
    assert "5 of 6 done" in page
    digest = seen(cast, draft)
    assert f'name="seen" value="{digest}"' in page
    body = {"has_declared": "on", "has_refused_standardisation": "on", "seen": digest}
    first = learner.post(url, body)
    events_after = events(cast)
    second = learner.post(url, body)
    assert first["Location"] == second["Location"] == at(cast, "submission", draft)
    assert events(cast) == events_after
    row = fresh(cast, draft)
    assert (row.state, row.manifest_sha256) == (State.SUBMITTED.value, digest)
    assert row.has_refused_standardisation
    receipt = learner.get(first["Location"]).content.decode()
    assert "You can withdraw until someone starts assessing." in receipt
    assert digest in receipt
    assert "Submitted: waiting for an assessor" in receipt
    assert "You asked us not to use this work" in receipt


def test_submitting_without_the_declaration(cast: Cast, draft: Submission, learner: Client) -> None:
    fill(cast, draft, learner)
    before = events(cast)
    body = {"has_refused_standardisation": "on", "seen": seen(cast, draft)}
    answer = learner.post(at(cast, "submit", draft), body)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tick the declaration. We cannot assess work without it." in page
    assert 'href="#id_has_declared"' in page
    assert "1 thing is missing." in page
    assert page.count("checked") == 1
    assert fresh(cast, draft).state == State.DRAFT.value
    assert events(cast) == before


def test_submitting_with_nothing_under_a_heading(cast: Cast, draft: Submission, learner: Client) -> None:
    fill(cast, draft, learner, "13")
    learner.post(at(cast, "save_text", draft, part_ref="3"), {"text": "  \n ", "version": 1})
    before = events(cast)
    body = {"has_declared": "on", "seen": seen(cast, draft)}
    answer = learner.post(at(cast, "submit", draft), body)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "3 things are missing." in page
    for ref in "234":
        assert f"Section {ref} has no evidence yet." in page
        assert f'href="{at(cast, "submission", draft)}#part-{ref}"' in page
    assert "checked" in page
    assert events(cast) == before


def test_submitting_on_a_lapsed_registration(cast: Cast, draft: Submission, learner: Client) -> None:
    fill(cast, draft, learner)
    with centre_scope(cast.centre.pk):
        Registration.objects.filter(pk=cast.registration.pk).update(expires_on=date(2026, 9, 30))
    before = events(cast)
    body = {"has_declared": "on", "seen": seen(cast, draft)}
    answer = learner.post(at(cast, "submit", draft), body)
    assert answer.status_code == 422
    message = "Your registration ended on 30 September 2026. Ask your centre for an extension."
    assert message in answer.content.decode()
    assert message in learner.get(at(cast, "submission", draft)).content.decode()
    assert events(cast) == before


def test_evidence_that_changed_meanwhile_is_shown_again(
    cast: Cast, draft: Submission, learner: Client
) -> None:
    fill(cast, draft, learner)
    old = seen(cast, draft)
    opened = learner.get(at(cast, "submit", draft)).content.decode()
    rows = re.findall('name="row" value="([^"]+)"', opened)
    assert "since you looked" not in opened
    learner.post(at(cast, "add_files", draft, part_ref="1"), {"files": [upload("late.txt", b"words")]})
    learner.post(at(cast, "save_text", draft, part_ref="2"), {"text": "Anew.", "version": 1})
    with centre_scope(cast.centre.pk):
        Offer.objects.filter(submission=draft, part_ref="1", evidence__kind=Evidence.Kind.TEXT).delete()
    answer = learner.post(at(cast, "submit", draft), {"has_declared": "on", "seen": old, "row": rows})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Your evidence changed after this page was opened." in page
    assert "late.txt" in page
    assert page.count("New since you looked") == 1
    assert page.count("Changed since you looked") == 1
    assert "1 piece is no longer here." in page
    assert "checked" not in page
    assert f'value="{seen(cast, draft)}"' in page
    assert fresh(cast, draft).state == State.DRAFT.value


def test_withdrawing_until_an_assessor_has_it(cast: Cast, draft: Submission, learner: Client) -> None:
    submit(cast, draft)
    url = at(cast, "withdraw", draft)
    assert "Withdraw this attempt?" in learner.get(url).content.decode()
    assert learner.post(url).status_code == 302
    assert fresh(cast, draft).state == State.DRAFT.value
    take(cast, submit(cast, draft))
    before = events(cast)
    answer = learner.post(url)
    assert answer.status_code == 422
    assert "An assessor has started" in answer.content.decode()
    assert fresh(cast, draft).state == State.IN_ASSESSMENT.value
    assert events(cast) == before
    page = learner.get(at(cast, "submission", draft)).content.decode()
    assert "Being assessed" in page
    assert "Withdraw" not in page


def test_the_database_itself_keeps_what_was_submitted(cast: Cast, draft: Submission, learner: Client) -> None:
    submitted = submit(cast, draft)
    attempts: list[Callable[[], Any]] = [
        lambda: Submission.objects.filter(pk=submitted.pk).update(manifest=[]),
        lambda: Submission.objects.filter(pk=submitted.pk).update(declaration="Another"),
        lambda: Offer.objects.filter(submission=submitted).delete(),
        lambda: Evidence.objects.filter(offers__submission=submitted).update(text="changed"),
    ]
    with centre_scope(cast.centre.pk):
        for change in attempts:
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_a_submitted_page_is_read_only(cast: Cast, draft: Submission, learner: Client) -> None:
    submit(cast, draft)
    page = learner.get(at(cast, "submission", draft)).content.decode()
    assert "<textarea" not in page
    assert 'type="file"' not in page
    assert "What I did for 1." in page
    assert learner.get(at(cast, "submit", draft)).status_code == 302
