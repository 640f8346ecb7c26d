"""Practice of one's own: the database ties its rows together, and frozen records are what was declared."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from centres.scoping import centre_scope
from portfolios import actions
from portfolios.models import PracticeClient, PracticeSession, Record, Snapshot, Submission
from portfolios.selectors import record_pieces
from portfolios.selectors.frozen import NotAsFrozen, records_now
from qualifications.models import Registration
from tests.house.refusals.statements import copied
from tests.makers import AT
from tests.portfolios.practice import Practice
from tests.portfolios.test_practice_submit import draft, practice, seen

pytestmark = pytest.mark.django_db
__all__ = ["draft", "practice"]


def refusal(statement: Callable[[], Any]) -> str:
    """Return why the database refuses a statement, with everything checked that waits for the commit."""

    @transaction.atomic
    def checked() -> None:
        statement()
        connection.check_constraints()

    with pytest.raises(DatabaseError) as error:
        checked()
    return str(error.value)


@pytest.fixture
def another(practice: Practice) -> PracticeClient:
    """A client of the same unit in another registration."""
    practice.fill()
    with centre_scope(practice.cast.centre.pk):
        again = copied(
            Registration.objects.filter(pk=practice.registration.pk),
            number="P-2",
            registered_on=practice.registered_on.replace(year=2025),
        )
        client: PracticeClient = copied(PracticeClient.objects.all(), registration=again)
        return client


def test_a_session_is_with_a_client_of_the_same_unit_and_registration(
    practice: Practice, another: PracticeClient
) -> None:
    with centre_scope(practice.cast.centre.pk):
        one = PracticeSession.objects.filter(registration=practice.registration, number=1)
        assert "practicesession_own_client" in refusal(lambda: one.update(client=another))
        assert "practicesession_own_client" in refusal(
            lambda: copied(one, number=99, starts_at=AT, client=another)
        )


def test_a_record_is_about_a_session_of_the_same_unit_and_registration(
    practice: Practice, another: PracticeClient
) -> None:
    with centre_scope(practice.cast.centre.pk):
        sessions = PracticeSession.objects.filter(registration=practice.registration)
        theirs = copied(sessions, registration=another.registration, client=another)
        assert "record_own_session" in refusal(lambda: copied(Record.objects.all(), session=theirs))


def submit(practice: Practice, draft: Submission) -> Submission:
    """Declare what an attempt holds, as its page does."""
    digest = seen(practice, draft)
    with centre_scope(practice.cast.centre.pk):
        return actions.submit_attempt(
            submission=Submission.objects.select_related("registration").get(pk=draft.pk),
            has_declared=True,
            seen_sha256=digest,
            has_refused_standardisation=False,
            by=practice.cast.learner,
            at=timezone.now(),
        )


def test_other_records_kept_under_the_same_fingerprint_are_not_frozen(
    practice: Practice, draft: Submission
) -> None:
    practice.fill()
    with centre_scope(practice.cast.centre.pk):
        [records] = records_now(draft)
        Snapshot.objects.create(
            submission=draft,
            unit_ref=records.unit_ref,
            sha256=records.sha256,
            content={**records.content, "sessions": []},
            taken_at=AT,
            taken_by=practice.cast.learner,
        )
    with pytest.raises(NotAsFrozen):
        submit(practice, draft)


@pytest.mark.parametrize("is_there", [True, False])
def test_records_that_are_not_what_was_declared_are_not_shown(
    practice: Practice, draft: Submission, is_there: bool
) -> None:
    line = {"part": "", "unit": "8586-302", "label": "x", "kind": "RECORDS", "size": 1, "sha256": "f" * 64}
    with centre_scope(practice.cast.centre.pk):
        if is_there:
            Snapshot.objects.create(
                submission=draft,
                unit_ref="8586-302",
                sha256="f" * 64,
                content={},
                taken_at=AT,
                taken_by=practice.cast.learner,
            )
        draft.manifest = [line]
        with pytest.raises(NotAsFrozen):
            record_pieces(draft)


def test_the_records_that_were_declared_are_shown(practice: Practice, draft: Submission) -> None:
    practice.fill()
    submitted = submit(practice, draft)
    with centre_scope(practice.cast.centre.pk):
        [piece] = record_pieces(submitted)
        assert piece.records is not None
        assert len(piece.records["sessions"]) == 8
