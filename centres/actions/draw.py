"""Making the file of a document from its record: once, whoever asks and however often."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from centres.actions.trail import put_off, record_event, rest
from centres.models import DrawnDocument
from lib.canonical import fingerprint
from lib.ids import new_id

# A drawing that ends its process tells nobody, so it is counted before it begins.
MOST_TRIES = 3

Drawn = TypeVar("Drawn", bound=DrawnDocument)

logger = logging.getLogger(__name__)


class Draw(Protocol):
    """Returns the PDF of a stored record."""

    def __call__(self, record: str, /, *, record_sha256: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Press:
    """What is said of one kind of document: its task, its name to people, and the trail's code once made."""

    task: str
    noun: str
    made: str

    @property
    def not_yet(self) -> str:
        """What is said while the sweep tries again by itself."""
        return (
            f"We could not make this {self.noun} just now. Nothing is lost: we try again by ourselves "
            "in a few minutes. Look again then."
        )

    @property
    def not_made(self) -> str:
        """What is said when it was tried too often."""
        return (
            f"We could not make this {self.noun} in {MOST_TRIES} tries. Nothing is lost. Try again; if it "
            "fails again, tell whoever looks after Countersign for your centre."
        )


@transaction.atomic
def begin_drawing(*, document: DrawnDocument, press: Press, at: datetime) -> bool:
    """Count one try before the drawing, in a transaction of its own; returns whether to draw.

    After too many the page says so and the work rests until somebody asks again.
    """
    document = document.locked(document.pk)
    if document.state == document.State.READY:
        rest(press.task, document.pk)
        return False
    if document.tries >= MOST_TRIES:
        _fail(document, press)
        return False
    document.tries += 1
    document.save(update_fields=["tries"])
    put_off(press.task, document.pk, at=at)
    return True


def finish_drawing(*, document: Drawn, press: Press, draw: Draw, at: datetime) -> Drawn:
    """Draw a document and keep its file, so that it can be downloaded; one that exists is never made again.

    Of two who make it at once the first to write the row wins and the other's file goes. What cannot be made
    says so on its row, and its wake-up stays until it was tried too often.
    """
    if document.state == document.State.READY:
        rest(press.task, document.pk)
        return document
    try:
        content = draw(document.record, record_sha256=document.record_sha256)
        key = default_storage.save(f"{document.centre_id}/{new_id()}", ContentFile(content))
    except Exception:
        logger.exception("%s %s could not be made", press.noun.capitalize(), document.pk)
        return _fail(document, press)
    is_first = False
    try:
        document, is_first = _keep(document, press, key=key, sha256=fingerprint(content), at=at)
    finally:
        if not is_first:
            default_storage.delete(key)
    return document


@transaction.atomic
def ask_again(*, document: DrawnDocument) -> bool:
    """Let a locked document that could not be made be tried anew; False where nothing had failed."""
    if document.state != document.State.FAILED:
        return False
    document.state, document.problem, document.tries = document.State.PENDING, "", 0
    document.save(update_fields=["state", "problem", "tries"])
    return True


@transaction.atomic
def _keep(document: Drawn, press: Press, *, key: str, sha256: str, at: datetime) -> tuple[Drawn, bool]:
    document = document.locked(document.pk)
    rest(press.task, document.pk)
    if document.state == document.State.READY:
        return document, False
    document.state, document.problem = document.State.READY, ""
    document.storage_key, document.pdf_sha256, document.rendered_at = key, sha256, at
    document.save(update_fields=["state", "problem", "storage_key", "pdf_sha256", "rendered_at"])
    record_event(press.made, target=document, by=None, at=at, sha256=sha256)
    return document, True


@transaction.atomic
def _fail(document: Drawn, press: Press) -> Drawn:
    document = document.locked(document.pk)
    is_given_up = document.tries >= MOST_TRIES
    if document.state != document.State.READY:
        document.state = document.State.FAILED
        document.problem = press.not_made if is_given_up else press.not_yet
        document.save(update_fields=["state", "problem"])
    if is_given_up:
        rest(press.task, document.pk)
    return document
