"""Approved deviations from an assessment: recorded with the letter that approved them, and withdrawn."""

from datetime import date, datetime
from typing import IO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.timezone import localdate

from assessments.models import ApprovedDeviation, QualificationAssessment
from centres.actions import record_event
from centres.models import Membership
from lib.canonical import fingerprint_of
from lib.ids import new_id
from lib.inspection import FileRefused
from lib.inspection.decision import Accepted, Family
from lib.refusals import Refusal
from lib.scan import ScannerAway
from lib.visible import has_visible
from portfolios.actions.check import judge_file
from portfolios.actions.practise import SessionRefused
from portfolios.actions.programme import NoReason, locked_to_keep
from portfolios.rules import Fault
from portfolios.rules.programme import deviation_fault
from portfolios.selectors.programme import submitted_on
from qualifications.models import Registration

MAX_LETTER_BYTES = 10 * 2**20


class AlreadyWithdrawn(Refusal):
    default_message = "This approval was withdrawn in another tab."


@transaction.atomic
def record_deviation(
    *,
    registration: Registration,
    assessment_id: UUID,
    kind: str,
    text: str,
    approved_on: date,
    name: str,
    letter: IO[bytes],
    by: Membership,
    at: datetime,
) -> ApprovedDeviation:
    """Record an approval with its checked letter, before the work. Raises OwnProgramme, SessionRefused."""
    kept = _checked(letter, name)
    registration = locked_to_keep(registration.pk, by)
    _check(registration, assessment_id, approved_on, at=at)
    sha256 = fingerprint_of(letter)
    deviation: ApprovedDeviation
    deviation, is_new = ApprovedDeviation.objects.get_or_create(
        registration=registration,
        assessment_id=assessment_id,
        kind=kind,
        text=text.strip(),
        approved_on=approved_on,
        sha256=sha256,
        withdrawn_at=None,
        defaults={
            "label": kept.label,
            "content_type": kept.content_type,
            "size": letter.seek(0, 2),
            "storage_key": lambda: _keep(letter, registration),
            "recorded_at": at,
            "recorded_by": by,
        },
    )
    if is_new:
        said = {"kind": kind, "sha256": sha256}
        record_event("assessments.deviation.recorded", target=deviation, by=by, at=at, **said)
    return deviation


def _keep(letter: IO[bytes], registration: Registration) -> str:
    """Put a letter among its centre's files and return where."""
    letter.seek(0)
    return str(default_storage.save(f"{registration.centre_id}/{new_id()}", File(letter)))


@transaction.atomic
def withdraw_deviation(*, deviation: ApprovedDeviation, reason: str, by: Membership, at: datetime) -> None:
    """Take back an approval that does not count; it stays readable.

    Raises OwnProgramme, NoReason, AlreadyWithdrawn.
    """
    locked_to_keep(deviation.registration_id, by)
    deviation = ApprovedDeviation.objects.get(pk=deviation.pk)
    if not has_visible(reason):
        raise NoReason
    if deviation.withdrawn_at is not None:
        raise AlreadyWithdrawn
    deviation.withdrawn_at, deviation.withdrawn_by, deviation.reason = at, by, reason.strip()
    deviation.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
    record_event("assessments.deviation.withdrawn", target=deviation, by=by, at=at, reason=reason.strip())


def _check(registration: Registration, assessment_id: UUID, approved_on: date, *, at: datetime) -> None:
    links = QualificationAssessment.objects.filter(qualification=registration.qualification_id)
    faults = []
    if not links.filter(assessment=assessment_id).exists():
        faults.append(Fault("assessment", "Choose an assessment from the list."))
    text = deviation_fault(
        approved_on,
        today=localdate(at),
        registered_on=registration.registered_on,
        submitted_on=submitted_on(registration, assessment_id),
    )
    if text:
        faults.append(Fault("approved_on", text))
    if faults:
        raise SessionRefused(faults)


def _checked(letter: IO[bytes], name: str) -> Accepted:
    try:
        if letter.seek(0, 2) > MAX_LETTER_BYTES:
            raise SessionRefused([Fault("letter", "This file is more than 10 MB. Save it smaller.")])
        letter.seek(0)
        accepted = judge_file(letter, name=name)
    except FileRefused as refused:
        raise SessionRefused([Fault("letter", refused.reason)]) from refused
    except ScannerAway as away:
        words = "The safety check for files is not running. Ask whoever runs this site, then try again."
        raise SessionRefused([Fault("letter", words)]) from away
    if accepted.family not in (Family.DOCUMENT, Family.PICTURE):
        raise SessionRefused([Fault("letter", "Choose a document or a picture of the approval.")])
    return accepted
