"""Offering evidence under a part of a draft, and taking it back."""

from datetime import datetime
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from centres.actions import record_event, wake
from centres.models import Membership
from lib.canonical import fingerprint, fingerprint_of
from lib.ids import new_id
from lib.inspection import Accepted, FileRefused, inspect
from lib.inspection.decision import Unfit
from lib.office_pages import ENDINGS
from lib.pdf_pages import PicturesBusy, examine, keep_page_count
from lib.refusals import Refusal, StaleVersion
from lib.visible import has_visible
from portfolios.actions.discuss import confirm_anew, discussion_of
from portfolios.models import Evidence, Offer, Submission
from portfolios.rules import MAX_FILES_A_PART, MAX_PDF_PAGES, MAX_TEXT_CHARACTERS, State
from portfolios.selectors.limits import upload_limits
from portfolios.selectors.taken_back import taken_back
from portfolios.selectors.uploads import room_used
from qualifications.models import Registration

MEGABYTE = 2**20
BUSY = "busy"
CHECK = "portfolios.check_evidence"
DRAW = "portfolios.draw_document"


class NotADraft(Refusal):
    default_message = "This attempt has been submitted, so what it holds no longer changes."


class NoSuchPart(Refusal):
    default_message = "This part is not open in this attempt."


class RewrittenSince(Refusal):
    default_message = "You wrote something new here since. Take that away first, then put this back."


class NotFromHere(Refusal):
    default_message = "This text was not taken away here. Copy its words into this part instead."


class NoRoom(Refusal):
    """A registration whose room for files is used up; the message says how much is left."""

    def __init__(self, left: int) -> None:
        super().__init__(f"You have room for {left // MEGABYTE} MB more. Ask your centre for more room.")


class PartFull(Refusal):
    default_message = (
        f"This part holds {MAX_FILES_A_PART} files, which is the limit. "
        "Take one away, or put several into one file."
    )


class TextTooLong(Refusal):
    default_message = f"Your text is longer than {MAX_TEXT_CHARACTERS:,} characters. Add the rest as a file."


@transaction.atomic
def offer_file(
    *,
    submission: Submission,
    part_ref: str,
    name: str,
    file: IO[bytes],
    by: Membership,
    at: datetime,
    announced: int = 0,
) -> Offer:
    """Keep a file and offer it under a part, in quarantine until it is checked.

    What its structure shows is refused at once. ``announced`` are the bytes that room was made for already.
    Raises FileRefused, NotADraft, NoSuchPart, PartFull, NoRoom.
    """
    # Before anything is locked, since a large file takes its time.
    accepted = inspect(file, name=name, limits=upload_limits())
    pages = pages_of(accepted, file)
    size, sha256 = file.seek(0, 2), fingerprint_of(file)
    submission = open_draft(submission, part_ref)
    check_files(submission, part_ref)
    check_room(submission.registration_id, size - announced)
    state = Evidence.State.CLEAN if settings.UPLOAD_SCAN_IS_LEFT_OUT else Evidence.State.QUARANTINED
    evidence: Evidence = Evidence.objects.create(
        registration_id=submission.registration_id,
        kind=Evidence.Kind.FILE,
        label=accepted.label,
        content_type=accepted.content_type,
        size=size,
        sha256=sha256,
        storage_key=_kept(submission.centre_id, file, pages),
        state=state,
        added_at=at,
        added_by=by,
        saved_at=at,
    )
    _look_at(evidence, at=at)
    return _offer(submission, evidence, part_ref, by=by, at=at)


def _look_at(evidence: Evidence, *, at: datetime) -> None:
    if evidence.state == Evidence.State.QUARANTINED:
        wake(CHECK, evidence.pk, at=at)
    else:
        draw_later(evidence, at=at)


def draw_later(evidence: Evidence, *, at: datetime) -> None:
    """Ask for the pages of a clean document, which are drawn where LibreOffice is present."""
    if evidence.content_type in ENDINGS:
        wake(DRAW, evidence.pk, at=at)


def _kept(centre_id: UUID | None, file: IO[bytes], pages: int | None) -> str:
    """Store a file, and of a PDF how many pages it has; returns its key."""
    file.seek(0)
    key: str = default_storage.save(f"{centre_id}/{new_id()}", File(file))
    if pages is not None:
        keep_page_count(key, pages)
    return key


@transaction.atomic
def save_text(
    *, submission: Submission, part_ref: str, text: str, version: int, by: Membership, at: datetime
) -> Evidence | None:
    """Save what a learner writes in place under a part; a text that shows nothing is kept as an empty one.

    ``version`` is the version that the page showed, 0 for none yet. A text that is there already is left as
    it is, so that a save whose answer was lost can be sent again. Notes of a discussion that were confirmed
    are to be confirmed anew. Raises StaleVersion, TextTooLong, NotADraft, NoSuchPart.
    """
    submission = open_draft(submission, part_ref)
    if len(text) > MAX_TEXT_CHARACTERS:
        raise TextTooLong
    text = text if has_visible(text) else ""
    offer = Offer.objects.filter(
        submission=submission, part_ref=part_ref, evidence__kind=Evidence.Kind.TEXT
    ).first()
    discussion = discussion_of(offer.evidence_id) if offer else None
    evidence = Evidence.locked(offer.evidence_id) if offer else None
    if evidence is not None and evidence.text == text:
        return evidence
    if (evidence.version if evidence else 0) != version:
        raise StaleVersion
    if evidence is None:
        return _new_text(submission, part_ref, text, by=by, at=at) if text else None
    data = text.encode()
    evidence.text, evidence.size, evidence.sha256 = text, len(data), fingerprint(data)
    evidence.version += 1
    evidence.saved_at = at
    evidence.save(update_fields=["text", "size", "sha256", "version", "saved_at"])
    if discussion is not None:
        confirm_anew(discussion, by=by, at=at)
    return evidence


@transaction.atomic
def withdraw_offer(*, offer: Offer, by: Membership, at: datetime) -> None:
    """Take a piece of evidence back from a part; the evidence itself is kept. Raises NotADraft."""
    submission = open_draft(offer.submission, offer.part_ref)
    record_event(
        "portfolios.offer.withdrawn",
        target=submission,
        by=by,
        at=at,
        part=offer.part_ref,
        evidence=str(offer.evidence_id),
    )
    offer.delete()


@transaction.atomic
def restore_offer(
    *, submission: Submission, evidence: Evidence, part_ref: str, by: Membership, at: datetime
) -> None:
    """Offer again what was taken back from a part; twice is the same as once.

    A text comes back only to where it was taken away, so that no text is changed in one attempt after it
    was declared in another. Raises NotADraft, NoSuchPart, PartFull, NotFromHere, RewrittenSince.
    """
    submission = open_draft(submission, part_ref)
    offers = Offer.objects.filter(submission=submission, part_ref=part_ref)
    if offers.filter(evidence=evidence).exists():
        return
    if evidence.kind == Evidence.Kind.TEXT:
        if not taken_back(submission, part_ref).filter(pk=evidence.pk).exists():
            raise NotFromHere
        if offers.filter(evidence__kind=Evidence.Kind.TEXT).exists():
            raise RewrittenSince
    else:
        check_files(submission, part_ref)
    _offer(submission, evidence, part_ref, by=by, at=at)


def pages_of(accepted: Accepted, file: IO[bytes]) -> int | None:
    """Return the pages of a PDF, 0 where it cannot be read; None of another file. Raises FileRefused."""
    if accepted.content_type != "application/pdf":
        return None
    file.seek(0)
    try:
        pages = examine(file.read()).pages
    except PicturesBusy as error:
        reason = "we are busy with other files. Choose it again in a minute."
        raise FileRefused(accepted.label, Unfit(BUSY, reason)) from error
    if pages > MAX_PDF_PAGES:
        reason = (
            f"this PDF has {pages:,} pages; the limit is {MAX_PDF_PAGES}. "
            "Split it into parts and choose them again."
        )
        raise FileRefused(accepted.label, Unfit("pages", reason))
    return pages


def check_room(registration_id: UUID, more: int) -> None:
    """Refuse more bytes than a registration has room for, one draft after the other. Raises NoRoom."""
    Registration.locked(registration_id)
    left = settings.UPLOAD_QUOTA_BYTES - room_used(registration_id)
    if more > left:
        raise NoRoom(max(left, 0))


def check_files(submission: Submission, part_ref: str) -> None:
    """Refuse one more file under a part of a locked draft that holds as many as it may. Raises PartFull."""
    files = Offer.objects.filter(submission=submission, part_ref=part_ref, evidence__kind=Evidence.Kind.FILE)
    if files.count() >= MAX_FILES_A_PART:
        raise PartFull


def open_draft(submission: Submission, part_ref: str) -> Submission:
    """Return a draft, locked, in which a part is open. Raises NotADraft, NoSuchPart."""
    submission = Submission.locked(submission.pk)
    if submission.state != State.DRAFT.value:
        raise NotADraft
    if part_ref not in submission.open_parts:
        raise NoSuchPart
    return submission


def _new_text(submission: Submission, part_ref: str, text: str, *, by: Membership, at: datetime) -> Evidence:
    data = text.encode()
    evidence: Evidence = Evidence.objects.create(
        registration_id=submission.registration_id,
        kind=Evidence.Kind.TEXT,
        label=f"Written answer {part_ref}",
        content_type="text/plain",
        size=len(data),
        sha256=fingerprint(data),
        text=text,
        state=Evidence.State.CLEAN,
        added_at=at,
        added_by=by,
        saved_at=at,
    )
    _offer(submission, evidence, part_ref, by=by, at=at)
    return evidence


def _offer(
    submission: Submission, evidence: Evidence, part_ref: str, *, by: Membership, at: datetime
) -> Offer:
    offer: Offer = Offer.objects.create(
        submission=submission, evidence=evidence, part_ref=part_ref, offered_at=at, offered_by=by
    )
    record_event(
        "portfolios.offer.made",
        target=submission,
        by=by,
        at=at,
        part=part_ref,
        evidence=str(evidence.pk),
        sha256=evidence.sha256,
    )
    return offer
