"""Filled copies of record templates: begun, written, taken away and brought back."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from centres.actions import record_event
from centres.models import Membership
from lib.refusals import Refusal, StaleVersion
from portfolios.models import (
    GuestLink,
    GuestSignature,
    PracticeSession,
    Record,
    RecordRevision,
    SignedPaper,
    SupervisionSession,
)
from portfolios.querysets import last_number
from portfolios.rules import Part, Subject, clean_answers
from portfolios.rules.guests import Task
from portfolios.selectors.forms import Form, Forms
from qualifications.models import Registration

PAUSE = timedelta(minutes=10)


class RecordChanged(StaleVersion):
    """Another tab changed the record; ``record`` is how it stands now."""

    def __init__(self, record: Record) -> None:
        self.record = record
        super().__init__()


class BoxRefused(Refusal):
    """Something typed into a box cannot be kept; ``faults`` says what, by the key of the box."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


class RecordGone(Refusal):
    default_message = "This record was deleted in another tab. Bring it back first, then write."


class SessionGone(Refusal):
    default_message = "This session was deleted in another tab. Bring it back first, then change it."


class OneIsEnough(Refusal):
    default_message = "There is another copy of this form, and one is enough. Delete that one first."


class RecordSigned(Refusal):
    default_message = "This page was signed, so it stays as it is."


class RecordAwaited(Refusal):
    default_message = "This page is with somebody who fills it in. Withdraw their link first, then write."


@transaction.atomic
def begin_record(
    *,
    registration: Registration,
    unit_ref: str,
    form: Form,
    by: Membership,
    at: datetime,
    session: PracticeSession | None = None,
    supervision: SupervisionSession | None = None,
) -> Record:
    """Return a copy of a form to write on: the one there is, where one is enough, or else a new one.

    A copy on which nothing was written yet is used before another is made.
    """
    registration = Registration.locked(registration.pk)
    place = {
        "registration": registration,
        "unit_ref": unit_ref,
        "template_key": form.key,
        "part": form.part.key,
        "session": session,
        "supervision": supervision,
    }
    rows = Record.objects.filter(**place)
    is_single = session is not None or supervision is not None or not form.part.is_repeatable
    known = _usable(rows, is_single=is_single)
    if known is not None:
        return known
    record: Record = Record.objects.create(
        **place,
        template_version=form.version,
        number=last_number(rows) + 1,
        added_at=at,
        added_by=by,
        saved_at=at,
    )
    record_event("portfolios.record.begun", target=record, by=by, at=at, template=form.key)
    return record


def _usable(rows: QuerySet[Record], *, is_single: bool) -> Record | None:
    live = rows.filter(removed_at__isnull=True).order_by("-number")
    if is_single:
        return live.first()
    # What somebody else was asked to fill in is not blank, though the learner wrote nothing on it.
    asked = GuestLink.objects.filter(withdrawn_at__isnull=True).values("record")
    papers = SignedPaper.objects.filter(removed_at__isnull=True).values("record")
    return live.filter(answers={}).exclude(pk__in=asked).exclude(pk__in=papers).first()


@transaction.atomic
def begin_pages(
    *,
    about: PracticeSession | SupervisionSession,
    subject: Subject,
    by: Membership,
    at: datetime,
) -> list[Record]:
    """Return the copies of the unit's forms on which one session is written up, begun where they were not."""
    session = about if isinstance(about, PracticeSession) else None
    supervision = about if isinstance(about, SupervisionSession) else None
    return [
        begin_record(
            registration=about.registration,
            unit_ref=about.unit_ref,
            form=form,
            session=session,
            supervision=supervision,
            by=by,
            at=at,
        )
        for form in Forms([about.unit_ref]).about(about.unit_ref, subject)
    ]


@transaction.atomic
def save_record(
    *, record: Record, part: Part, typed: Mapping[str, str], version: int, by: Membership, at: datetime
) -> Record:
    """Keep what is written on a record, and what it said before writing was taken up again.

    What is there already is left as it is, so that a save whose answer was lost can be sent again.
    Raises BoxRefused, RecordChanged, RecordGone, RecordSigned, RecordAwaited, SessionGone.
    """
    record = Record.locked(record.pk)
    if record.removed_at is not None:
        raise RecordGone
    about = record.session or record.supervision
    if about is not None and about.removed_at is not None:
        raise SessionGone
    answers, faults = clean_answers(part, typed)
    if faults:
        raise BoxRefused(faults)
    if answers == record.answers:
        return record
    _check_is_own(record, at=at)
    if record.version != version:
        raise RecordChanged(record)
    if record.answers and at - record.saved_at >= PAUSE:
        RecordRevision.objects.create(
            record=record,
            version=record.version,
            answers=record.answers,
            written_at=record.saved_at,
            written_by=by,
        )
    record.answers, record.saved_at = answers, at
    record.version += 1
    record.save(update_fields=["answers", "version", "saved_at"])
    return record


def _check_is_own(record: Record, *, at: datetime) -> None:
    """Raise RecordSigned or RecordAwaited where the page is not the learner's to write on."""
    if record.evidence_id is not None:
        raise RecordSigned
    if GuestSignature.objects.filter(record=record).exclude(task=Task.CONFIRM.value).exists():
        raise RecordSigned
    waiting = GuestLink.objects.filter(record=record, task=Task.ANSWER.value, withdrawn_at__isnull=True)
    if waiting.filter(expires_at__gt=at).exists():
        raise RecordAwaited


@transaction.atomic
def remove_record(*, record: Record, by: Membership, at: datetime) -> None:
    """Take a record away; it is kept and can come back. Twice is the same as once. Raises RecordSigned."""
    record = Record.locked(record.pk)
    if record.evidence_id is not None:
        raise RecordSigned
    if record.removed_at is None:
        record.removed_at, record.removed_by = at, by
        record.save(update_fields=["removed_at", "removed_by"])
        record_event("portfolios.record.removed", target=record, by=by, at=at)


@transaction.atomic
def restore_record(*, record: Record, by: Membership, at: datetime) -> None:
    """Bring a deleted record back. Raises OneIsEnough."""
    Registration.locked(record.registration_id)
    record = Record.locked(record.pk)
    if record.removed_at is not None:
        _check_only_one(record)
        record.removed_at = record.removed_by = None
        record.save(update_fields=["removed_at", "removed_by"])
        record_event("portfolios.record.restored", target=record, by=by, at=at)


def _check_only_one(record: Record) -> None:
    form = Forms([record.unit_ref]).of_record(record)
    is_about_one = record.session_id is not None or record.supervision_id is not None
    if form is None or (form.part.is_repeatable and not is_about_one):
        return
    others = Record.objects.filter(
        registration=record.registration_id,
        unit_ref=record.unit_ref,
        template_key=record.template_key,
        part=record.part,
        session=record.session_id,
        supervision=record.supervision_id,
        removed_at__isnull=True,
    )
    if others.exists():
        raise OneIsEnough
