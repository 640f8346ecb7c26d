"""Keeping a signed page as evidence: by a guest's link, by the learner, by an assessor or a tutor."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from centres.actions import record_event
from centres.models import Membership
from lib.canonical import fingerprint
from lib.ids import new_id
from lib.refusals import Refusal, StaleVersion
from portfolios.actions.record import BoxRefused, RecordGone
from portfolios.models import Evidence, Record
from portfolios.querysets import last_number
from portfolios.rules import clean_answers
from portfolios.rules.kept import (
    BY_PASSWORD,
    MEANINGS,
    Signed,
    faults_before_keeping,
    label_of_piece,
    words_of_piece,
)
from portfolios.rules.templates import Signer
from portfolios.selectors.forms import Form
from portfolios.selectors.frozen import lines_of
from portfolios.selectors.observed import role_of, why_not
from qualifications.models import Registration


class NotToSign(Refusal):
    default_message = "This page is not one for you to sign."


class NotForYou(Refusal):
    """An assessor or tutor who may not write about this learner; the message says why."""


class PageRewritten(StaleVersion):
    default_message = "This page changed in another tab. Read it again, then sign."


class SeenByOthers(Refusal):
    default_message = "There is nothing on this page for you to confirm."


@transaction.atomic
def sign_page(*, record: Record, form: Form, version: int, by: Membership, at: datetime) -> Record:
    """Sign a page of the learner's own, and keep it as evidence. Twice is the same as once.

    Raises NotToSign, RecordGone, PageRewritten, BoxRefused.
    """
    record = Record.locked(record.pk)
    if form.part.signer is not Signer.LEARNER:
        raise NotToSign
    if record.evidence_id is not None:
        return record
    if record.removed_at is not None:
        raise RecordGone
    if record.version != version:
        raise PageRewritten
    faults = faults_before_keeping(form.part, record.answers)
    if faults:
        raise BoxRefused(faults)
    signed = Signed(by.name, "learner", at, MEANINGS[Signer.LEARNER], BY_PASSWORD)
    record.evidence = keep_piece(record=record, form=form, answers=record.answers, signed=signed, by=by)
    record.signed_as = Record.SignedAs.LEARNER
    record.signed_name, record.meaning = signed.name, signed.meaning
    record.signed_at, record.signed_by = at, by
    record.save(update_fields=["evidence", "signed_as", "signed_name", "meaning", "signed_at", "signed_by"])
    _record_signing(record, signed_as=record.signed_as, by=by, at=at)
    return record


@transaction.atomic
def write_observation(
    *,
    registration: Registration,
    unit_ref: str,
    form: Form,
    typed: Mapping[str, str],
    by: Membership,
    at: datetime,
) -> Record:
    """Write and sign a page about a learner as their assessor or tutor, and keep it as evidence.

    The same words twice are one page, so that pressing twice signs once.

    Raises NotToSign, NotForYou, BoxRefused.
    """
    registration = Registration.locked(registration.pk)
    _check_may_observe(registration, form, by)
    answers = _complete(form, typed)
    facts = {"unit_ref": unit_ref, "template_key": form.key, "part": form.part.key}
    place = {"registration": registration, **facts}
    same = Record.objects.filter(**place, signed_by=by, answers=answers).select_related("evidence").first()
    if same is not None:
        known: Record = same
        return known
    number = last_number(Record.objects.filter(**place)) + 1
    record = Record(**place, template_version=form.version, number=number, answers=answers)
    record.added_at, record.added_by, record.saved_at = at, by, at
    return _signed_by_staff(record, form, by=by, at=at)


def _signed_by_staff(record: Record, form: Form, *, by: Membership, at: datetime) -> Record:
    """Sign a new page as its assessor or tutor and keep it with its piece of evidence."""
    role, meaning = role_of(by), MEANINGS[Signer.ASSESSOR]
    signed = Signed(by.name, role.label.lower(), at, meaning, BY_PASSWORD)
    record.signed_as, record.signed_name, record.meaning = role.name, by.name, meaning
    record.signed_at, record.signed_by = at, by
    record.evidence = keep_piece(record=record, form=form, answers=record.answers, signed=signed, by=by)
    record.save(force_insert=True)
    _record_signing(record, signed_as=record.signed_as, by=by, at=at)
    return record


def _complete(form: Form, typed: Mapping[str, str]) -> dict[str, str]:
    answers, faults = clean_answers(form.part, typed)
    faults = faults or faults_before_keeping(form.part, answers)
    if faults:
        raise BoxRefused(faults)
    return answers


def _check_may_observe(registration: Registration, form: Form, by: Membership) -> None:
    if form.part.signer is not Signer.ASSESSOR:
        raise NotToSign
    reason = why_not(registration, by)
    if reason:
        raise NotForYou(reason)


@transaction.atomic
def see_observation(*, record: Record, by: Membership, at: datetime) -> None:
    """Let the learner say that they have read what was written about them; twice is once.

    Raises SeenByOthers.
    """
    record = Record.locked(record.pk)
    if not record.is_by_staff:
        raise SeenByOthers
    if record.seen_at is None:
        record.seen_at, record.seen_by = at, by
        record.save(update_fields=["seen_at", "seen_by"])
        record_event("portfolios.observation.seen", target=record, by=by, at=at)


def keep_piece(
    *, record: Record, form: Form, answers: Mapping[str, str], signed: Signed, by: Membership
) -> Evidence:
    """Keep a signed page as a piece of evidence that never changes; the caller ties its record to it.

    It is a file, because it may stand under several parts and go along to later attempts.
    """
    number = Record.objects.filter(
        registration=record.registration_id, template_key=form.key, evidence__isnull=False
    ).count()
    facts = [("Learner", record.registration.learner.name), ("Unit", record.unit_ref)]
    data = words_of_piece(form.part.title, facts, lines_of(form, answers), signed).encode()
    key: str = default_storage.save(f"{record.registration.centre_id}/{new_id()}", ContentFile(data))
    evidence: Evidence = Evidence.objects.create(
        registration_id=record.registration_id,
        kind=Evidence.Kind.FILE,
        label=label_of_piece(form.part.title, number + 1, signed.name),
        content_type="text/plain",
        size=len(data),
        sha256=fingerprint(data),
        storage_key=key,
        state=Evidence.State.CLEAN,
        added_at=signed.at,
        added_by=by,
        saved_at=signed.at,
    )
    return evidence


def _record_signing(record: Record, *, by: Membership, at: datetime, **facts: Any) -> None:
    sha256 = record.evidence.sha256
    record_event("portfolios.page.kept", target=record, by=by, at=at, sha256=sha256, **facts)
