"""Submitting with practice: refused below a minimum, bound by the declaration, and frozen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localtime

from assessments.models import Assessment
from centres.models import Centre
from centres.scoping import centre_scope
from portfolios import actions
from portfolios.actions import manifest_fingerprint, manifest_of
from portfolios.models import (
    ClientException,
    PracticeClient,
    PracticeSession,
    Record,
    RecordRevision,
    Snapshot,
    Submission,
    SupervisionSession,
)
from portfolios.rules import State
from tests.makers import take
from tests.portfolios.practice import Practice
from tests.portfolios.samples import at, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice(northgate: Centre) -> Practice:
    return Practice(northgate)


@pytest.fixture
def draft(practice: Practice) -> Submission:
    """An attempt at the portfolio of 302 with something written under every criterion."""
    now = timezone.now()
    with centre_scope(practice.cast.centre.pk):
        submission = actions.start_attempt(
            registration=practice.registration,
            assessment=Assessment.objects.get(key="portfolio-8586-302"),
            by=practice.cast.learner,
            at=now,
        )
        for ref in submission.open_parts:
            actions.save_text(
                submission=submission,
                part_ref=ref,
                text=f"What I did for {ref}.",
                version=0,
                by=practice.cast.learner,
                at=now,
            )
        return submission


def seen(practice: Practice, draft: Submission) -> str:
    with centre_scope(practice.cast.centre.pk):
        return manifest_fingerprint(manifest_of(draft))


def declare(practice: Practice, draft: Submission, digest: str = "") -> Any:
    body = {"has_declared": "on", "seen": digest or seen(practice, draft)}
    return practice.client.post(at(practice.cast, "submit", draft), body)


def fresh(practice: Practice, draft: Submission) -> Submission:
    with centre_scope(practice.cast.centre.pk):
        row: Submission = Submission.objects.select_related("registration__learner").get(pk=draft.pk)
        return row


def test_submitting_below_a_minimum_says_which_and_where(practice: Practice, draft: Submission) -> None:
    answer = declare(practice, draft)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "3 things are missing." in page
    for text in (
        "12 more hours of mentoring are needed (0 of 12).",
        "2 more hours of supervision are needed (0 of 2).",
        "2 more supervision sessions are needed (0 of 2).",
    ):
        assert text in page
        assert text in practice.page()
        assert text in practice.client.get(at(practice.cast, "submission", draft)).content.decode()
    assert f'href="{practice.address("unit")}"' in page
    assert fresh(practice, draft).state == State.DRAFT.value


def test_a_client_beyond_the_limit_without_a_reason_keeps_it_back(
    practice: Practice, draft: Submission
) -> None:
    practice.fill()
    with centre_scope(practice.cast.centre.pk):
        third = PracticeClient.objects.create(
            registration=practice.registration,
            unit_ref=practice.unit.ref,
            number=3,
            added_at=timezone.now(),
            added_by=practice.cast.learner,
        )
        PracticeSession.objects.filter(number=8).update(client=third)
    answer = declare(practice, draft)
    assert answer.status_code == 422
    assert "Client 3 is more than the 2 that this unit allows" in answer.content.decode()


def test_records_are_declared_and_frozen(practice: Practice, draft: Submission) -> None:
    practice.fill()
    page = practice.client.get(at(practice.cast, "submit", draft)).content.decode()
    assert "Hours of mentoring: 12 h of 12 h" in page
    assert "Records of 8586-302" in page
    assert declare(practice, draft).status_code == 302
    row = fresh(practice, draft)
    line = next(line for line in row.manifest if line["kind"] == "RECORDS")
    with centre_scope(practice.cast.centre.pk):
        snapshot = Snapshot.objects.get(submission=row)
        assert (snapshot.unit_ref, snapshot.sha256) == (line["unit"], line["sha256"])
        assert len(snapshot.content["sessions"]) == 8
    record = practice.rows(Record)[0]
    url = practice.address("record", record_id=record.pk)
    practice.client.post(url, {"f6": "Another goal altogether", "version": 2})
    practice.client.post(practice.address("remove_session", session_id=practice.rows(PracticeSession)[3].pk))
    receipt = practice.client.get(at(practice.cast, "submission", draft)).content.decode()
    assert "Goal 0 of Client 1" in receipt
    assert "Goal 3 of Client 2" in receipt
    assert "Another goal altogether" not in receipt


def test_a_record_that_changed_after_the_page_was_opened(practice: Practice, draft: Submission) -> None:
    practice.fill()
    old = seen(practice, draft)
    record = practice.rows(Record)[0]
    practice.client.post(practice.address("record", record_id=record.pk), {"f6": "New", "version": 2})
    answer = declare(practice, draft, old)
    assert answer.status_code == 409
    assert "Your evidence changed after this page was opened." in answer.content.decode()
    with centre_scope(practice.cast.centre.pk):
        assert Snapshot.objects.count() == 0


def test_withdrawn_and_submitted_again_is_what_it_is_then(practice: Practice, draft: Submission) -> None:
    practice.fill()
    for text in ("First", "First", "Second"):
        record = practice.rows(Record)[0]
        body = {"f6": text, "version": record.version}
        practice.client.post(practice.address("record", record_id=record.pk), body)
        assert declare(practice, draft).status_code == 302
        receipt = practice.client.get(at(practice.cast, "submission", draft)).content.decode()
        assert text in receipt
        practice.client.post(at(practice.cast, "withdraw", draft))
    with centre_scope(practice.cast.centre.pk):
        assert Snapshot.objects.count() == 2


def test_the_assessor_reads_the_records_as_submitted(practice: Practice, draft: Submission) -> None:
    practice.fill()
    declare(practice, draft)
    judgement = take(practice.cast, fresh(practice, draft), at=timezone.now())
    with centre_scope(practice.cast.centre.pk):
        snapshot = Snapshot.objects.get()
    assessor = signed_in(practice.cast.assessor)
    url = f"/c/northgate/marking/{judgement.pk}/"
    page = assessor.get(url).content.decode()
    assert f"?evidence={snapshot.pk}" in page
    page = assessor.get(url, {"evidence": str(snapshot.pk)}).content.decode()
    assert "Goal 0 of Client 1" in page
    assert "Session 8 with Client 2" in page
    assert "12 h of 12 h" in page
    unmet = [counter["name"] for counter in snapshot.content["counters"] if not counter["is_met"]]
    assert unmet
    assert page.count("Not met") == len(unmet)


def test_every_page_of_practice_says_what_is_no_longer_part_of_an_attempt(
    practice: Practice, draft: Submission
) -> None:
    practice.fill()
    record = practice.record("mentoring-diary", "plan")
    with centre_scope(practice.cast.centre.pk):
        session, supervision = PracticeSession.objects.first(), SupervisionSession.objects.first()
    pages = [
        ("unit", {}),
        ("session", {"session_id": session.pk}),
        ("supervision", {"supervision_id": supervision.pk}),
        ("record", {"record_id": record.pk}),
    ]
    words = "What you change now is not part of it."
    for name, kwargs in pages:
        assert words not in practice.page(name, **kwargs)
    declare(practice, draft)
    at_this = localtime(fresh(practice, draft).submitted_at)
    for name, kwargs in pages:
        page = practice.page(name, **kwargs)
        assert f"was submitted {at_this:%-d %b %Y, %H:%M}. {words}" in page


def test_the_judges_find_a_record_at_the_criterion_that_its_form_names(
    practice: Practice, draft: Submission
) -> None:
    practice.fill()
    declare(practice, draft)
    judgement = take(practice.cast, fresh(practice, draft), at=timezone.now())
    with centre_scope(practice.cast.centre.pk):
        snapshot = Snapshot.objects.get()
    assessor = signed_in(practice.cast.assessor)
    page = assessor.get(f"/c/northgate/marking/{judgement.pk}/").content.decode()
    place = f"record-{snapshot.pk}-1"
    assert page.count(f'data-open-at="{place}"') == 3  # the session record is for AC 2.2, 2.3 and 2.4
    assert f'href="?evidence={snapshot.pk}#{place}"' in page
    page = assessor.get(f"/c/northgate/marking/{judgement.pk}/?evidence={snapshot.pk}").content.decode()
    assert f'id="{place}"' in page


def test_submitting_asks_the_same_number_of_questions_however_much_was_practised(
    practice: Practice, draft: Submission
) -> None:
    def asked(client: Client) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(at(practice.cast, "submit", draft))
        return len(queries)

    asked(practice.client)
    empty = asked(practice.client)
    practice.fill()
    assert asked(practice.client) == empty <= 58


def broken(change: Callable[[], Any]) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        change()
    return str(error.value)


def test_the_database_refuses_what_must_never_be(practice: Practice, draft: Submission) -> None:
    practice.fill()
    declare(practice, draft)
    with centre_scope(practice.cast.centre.pk):
        first, second = PracticeSession.objects.order_by("number")[:2]
        one = PracticeSession.objects.filter(pk=first.pk)
        assert "one_at_a_time" in broken(
            lambda: one.update(starts_at=second.starts_at + timedelta(minutes=89))
        )
        one.update(starts_at=second.starts_at + timedelta(minutes=90))
        assert "length_fits" in broken(lambda: one.update(minutes=4))
        assert "length_fits" in broken(lambda: one.update(minutes=721))
        assert "removal_is_signed" in broken(lambda: one.update(removed_at=timezone.now()))
        supervision = SupervisionSession.objects.all()
        assert "length_fits" in broken(lambda: supervision.update(minutes=0))
        assert "names_somebody" in broken(lambda: supervision.update(supervisor=""))
        assert "permission denied" in broken(lambda: one.update(number=9))
        assert "permission denied" in broken(lambda: Snapshot.objects.all().delete())
        assert "permission denied" in broken(lambda: Snapshot.objects.update(content={}))
        assert "permission denied" in broken(lambda: RecordRevision.objects.update(answers={}))
        record = Record.objects.filter(session=first).get()
        again = {name: getattr(record, name) for name in ("unit_ref", "template_key", "part", "number")}
        assert "once_a_session" in broken(
            lambda: Record.objects.create(
                registration=practice.registration,
                template_version=1,
                session=first,
                added_at=timezone.now(),
                added_by=practice.cast.learner,
                saved_at=timezone.now(),
                **again,
            )
        )
        client = PracticeClient.objects.earliest("number")
        empty = {"recorded_at": timezone.now(), "recorded_by": practice.cast.learner}
        assert "says_why" in broken(
            lambda: ClientException.objects.create(client=client, reason="", options_considered="x", **empty)
        )
