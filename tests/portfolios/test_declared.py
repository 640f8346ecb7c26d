"""What a learner declared stays what it was, whatever happens in another draft or in the same moment."""

from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from assessments.models import Assessment
from centres.models import Centre
from centres.scoping import centre_scope
from lib.canonical import fingerprint
from portfolios import actions
from portfolios.actions.offer import NotFromHere
from portfolios.actions.submit import EvidenceChanged, manifest_fingerprint
from portfolios.models import Evidence, Offer, Submission
from tests.makers import AT, MENTORING, Cast, make_registration, start
from tests.portfolios.samples import at

KEY, OTHER = "wba-d3-01-02", "diary-d3-03"


def write(cast: Cast, submission: Submission, text: str, *, ref: str = "1", version: int = 0) -> Evidence:
    """Save a text under a part, inside the centre."""
    evidence = actions.save_text(
        submission=submission, part_ref=ref, text=text, version=version, by=cast.learner, at=AT
    )
    assert evidence is not None
    return evidence


def offer(cast: Cast, submission: Submission, evidence: Evidence) -> Offer:
    """Offer a piece under the first part with no action in between."""
    row: Offer = Offer.objects.create(
        submission=submission, evidence=evidence, part_ref="1", offered_at=AT, offered_by=cast.learner
    )
    return row


def declare(cast: Cast, submission: Submission, seen: str) -> Submission:
    """Submit with the manifest's fingerprint that the page showed."""
    return actions.submit_attempt(
        submission=submission,
        has_declared=True,
        seen_sha256=seen,
        has_refused_standardisation=False,
        by=cast.learner,
        at=AT,
    )


@pytest.mark.django_db
class TestOneAttempt:
    """A text belongs to the attempt that it was written in."""

    def test_a_text_does_not_come_back_elsewhere(
        self, cast: Cast, draft: Submission, learner: Client
    ) -> None:
        other = start(cast, OTHER)
        with centre_scope(cast.centre.pk):
            evidence = write(cast, draft, "Mine.")
            row = Offer.objects.get(evidence=evidence)
            actions.withdraw_offer(offer=row, by=cast.learner, at=AT)
        for submission, ref in ((other, "1"), (draft, "2")):
            where = at(cast, "restore", submission, part_ref=ref, evidence_id=evidence.pk)
            assert learner.post(where).status_code == 404
            with centre_scope(cast.centre.pk), pytest.raises(NotFromHere, match="not taken away here"):
                actions.restore_offer(
                    submission=submission, evidence=evidence, part_ref=ref, by=cast.learner, at=AT
                )
        with centre_scope(cast.centre.pk):
            assert not Offer.objects.exists()
        home = at(cast, "restore", draft, part_ref="1", evidence_id=evidence.pk)
        assert learner.post(home).status_code == 302
        with centre_scope(cast.centre.pk):
            assert Offer.objects.get().evidence_id == evidence.pk

    def test_the_database_refuses_a_text_in_two_attempts(self, cast: Cast, draft: Submission) -> None:
        other = start(cast, OTHER)
        with centre_scope(cast.centre.pk):
            evidence = write(cast, draft, "Mine.")
        with (
            pytest.raises(DatabaseError, match="a text belongs to one attempt"),
            centre_scope(cast.centre.pk),
            transaction.atomic(),
        ):
            offer(cast, other, evidence)

    def test_the_database_refuses_evidence_of_another_registration(
        self, cast: Cast, draft: Submission
    ) -> None:
        with centre_scope(cast.centre.pk):
            learner = cast.registration.learner
        elsewhere = make_registration(
            cast.centre, learner, by=cast.administrator, qualification=MENTORING, number="R-2"
        )
        with centre_scope(cast.centre.pk):
            assessment = Assessment.objects.get(key="assignment-8586-300")
            theirs = actions.start_attempt(
                registration=elsewhere, assessment=assessment, by=cast.learner, at=AT
            )
            evidence = write(cast, theirs, "Other work.", ref="1.1")
        with (
            pytest.raises(DatabaseError, match="evidence of its own registration"),
            centre_scope(cast.centre.pk),
            transaction.atomic(),
        ):
            offer(cast, draft, evidence)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_text_changed_in_the_moment_of_declaring_is_declared_as_it_is(walled: None) -> None:
    cast = Cast(Centre.objects.get(slug="northgate"))
    declared, other = start(cast, KEY), start(cast, OTHER)
    with centre_scope(cast.centre.pk):
        evidence, *_ = [write(cast, declared, f"Honest {ref}.", ref=ref) for ref in declared.open_parts]
        seen = manifest_fingerprint(actions.manifest_of(declared))
    # The worst case that a refusal could let slip: the same text under both drafts.
    with connections["owner"].cursor() as owner:
        owner.execute("ALTER TABLE portfolios_offer DISABLE TRIGGER portfolios_offer_own_evidence")
        try:
            with centre_scope(cast.centre.pk):
                offer(cast, other, evidence)
        finally:
            owner.execute("ALTER TABLE portfolios_offer ENABLE TRIGGER portfolios_offer_own_evidence")
    written, answered = Event(), Event()

    def change() -> None:
        with centre_scope(cast.centre.pk):
            write(cast, other, "Replaced after declaring.", version=1)
            written.set()
            # The page is still being rendered while the other tab declares.
            answered.wait(timeout=1)
        connection.close()

    thread = Thread(target=change)
    thread.start()
    assert written.wait(timeout=20)
    with pytest.raises(EvidenceChanged), centre_scope(cast.centre.pk):
        declare(cast, declared, seen)
    answered.set()
    thread.join()
    with centre_scope(cast.centre.pk):
        seen = manifest_fingerprint(actions.manifest_of(declared))
        manifest = declare(cast, declared, seen).manifest
        line = next(line for line in manifest if line["evidence"] == str(evidence.pk))
        stored = Evidence.objects.get(pk=evidence.pk)
        assert line["sha256"] == stored.sha256 == fingerprint(stored.text.encode())
    with pytest.raises(DatabaseError, match="never change"), centre_scope(cast.centre.pk):
        write(cast, other, "Too late.", version=2)
