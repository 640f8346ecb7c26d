"""Submitting an attempt, bound to the fingerprints of what it holds, and withdrawing it in time."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from centres.actions import record_event
from centres.models import Learner, Membership
from lib.canonical import canonical_json, fingerprint
from lib.refusals import Refusal, StaleVersion
from portfolios.actions.compiled import clear_later
from portfolios.actions.move import NotNow, move_submission
from portfolios.models import Evidence, Offer, Snapshot, Submission
from portfolios.rules import DECLARATION, Missing, State
from portfolios.selectors.frozen import Frozen, check_frozen, records_now
from portfolios.selectors.missing import missing_from, offered_lines
from qualifications.models import Registration

DECLARED = ("declaration", "manifest", "manifest_sha256", "submitted_at", "submitted_by")


class NotReady(Refusal):
    """Something is missing before submitting; ``missing`` says what, in the order that people mend it."""

    def __init__(self, missing: list[Missing]) -> None:
        self.missing = missing
        count = len(missing)
        super().__init__(f"{count} {'thing is' if count == 1 else 'things are'} missing.")


class EvidenceChanged(StaleVersion):
    default_message = (
        "Your evidence changed after this page was opened. Look at the list again, then declare."
    )


def manifest_of(submission: Submission) -> list[dict[str, Any]]:
    """List what an attempt holds, with fingerprints: pieces under their parts, then records by unit."""
    return manifest_with(submission, records_now(submission))


def manifest_with(submission: Submission, frozen: list[Frozen]) -> list[dict[str, Any]]:
    """Return the same for records that were read already."""
    return [*offered_lines(submission), *(records.line for records in frozen)]


def manifest_fingerprint(manifest: list[dict[str, Any]]) -> str:
    """Return the SHA-256 of a manifest: what a declaration is bound to."""
    return fingerprint(canonical_json(manifest))


@transaction.atomic
def submit_attempt(
    *,
    submission: Submission,
    has_declared: bool,
    seen_sha256: str,
    has_refused_standardisation: bool,
    by: Membership,
    at: datetime,
) -> Submission:
    """Submit and freeze an attempt, so that assessors mark exactly what the learner declared.

    ``seen_sha256`` is the manifest's fingerprint that the page showed.
    Raises NotReady, EvidenceChanged, NotNow.
    """
    submission = Submission.locked(submission.pk)
    if submission.state != State.DRAFT.value:
        raise NotNow
    Learner.locked(submission.registration.learner_id)
    submission.registration = Registration.locked(submission.registration_id)
    _hold_texts(submission)
    frozen = records_now(submission)
    manifest = manifest_with(submission, frozen)
    _check_ready(submission, manifest, frozen, has_declared=has_declared, at=at)
    if manifest_fingerprint(manifest) != seen_sha256:
        raise EvidenceChanged
    _freeze(submission, frozen, by=by, at=at)
    submission.declaration = DECLARATION
    submission.manifest = manifest
    submission.manifest_sha256 = seen_sha256
    submission.has_refused_standardisation = has_refused_standardisation
    submission.submitted_at, submission.submitted_by = at, by
    move_submission(
        submission=submission,
        to=State.SUBMITTED,
        at=at,
        update=(*DECLARED, "has_refused_standardisation"),
    )
    clear_later(submission.pk, at=at)
    record_event("portfolios.submission.submitted", target=submission, by=by, at=at, sha256=seen_sha256)
    return submission


def _hold_texts(submission: Submission) -> None:
    """Keep what was written as it is until the attempt is frozen; files never change."""
    offered = Offer.objects.filter(submission=submission).values("evidence")
    texts = Evidence.objects.filter(pk__in=offered, kind=Evidence.Kind.TEXT)
    list(texts.order_by("pk").select_for_update(of=("self",)))


def _freeze(submission: Submission, frozen: list[Frozen], *, by: Membership, at: datetime) -> None:
    """Keep the records as they are declared; after a withdrawal the same ones are not kept twice.

    Raises NotAsFrozen where others are kept under their fingerprint.
    """
    for records in frozen:
        snapshot, _ = Snapshot.objects.get_or_create(
            submission=submission,
            unit_ref=records.unit_ref,
            sha256=records.sha256,
            defaults={"content": records.content, "taken_at": at, "taken_by": by},
        )
        check_frozen(snapshot)


def _check_ready(
    submission: Submission,
    manifest: list[dict[str, Any]],
    frozen: list[Frozen],
    *,
    has_declared: bool,
    at: datetime,
) -> None:
    missing = missing_from(
        submission, manifest, has_declared=has_declared, today=localdate(at), frozen=frozen
    )
    if missing:
        raise NotReady(missing)


@transaction.atomic
def withdraw_submission(*, submission: Submission, by: Membership, at: datetime) -> None:
    """Take a submission back before an assessor has it, so that the learner can go on. Raises NotNow."""
    submission = Submission.locked(submission.pk)
    if submission.state != State.SUBMITTED.value:
        raise NotNow("An assessor has started, so this attempt can no longer be withdrawn.")
    submission.declaration = submission.manifest_sha256 = ""
    submission.manifest = []
    submission.submitted_at = submission.submitted_by = None
    move_submission(
        submission=submission,
        to=State.DRAFT,
        at=at,
        update=DECLARED,
    )
    record_event("portfolios.submission.withdrawn", target=submission, by=by, at=at)
