"""Asking for a result sheet: its record is fixed in the same transaction, its file is made by a task."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from centres.actions import record_event, wake
from centres.actions.draw import ask_again
from centres.models import Membership
from lib.canonical import canonical_json, fingerprint
from marking.models import ResultSheet
from marking.selectors.sheet import ReleaseFacts, sheet_record
from portfolios.models import Submission

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
RENDER = "marking.render_sheet"


@dataclass(frozen=True, slots=True)
class SheetCode:
    """A short code that a person can read out: two groups of four, without 0, O, 1, I, L or U."""

    value: str

    @classmethod
    def new(cls) -> "SheetCode":
        """Return a code nobody can guess the next of."""
        letters = [secrets.choice(ALPHABET) for _ in range(8)]
        return cls("".join(letters[:4]) + "-" + "".join(letters[4:]))


@transaction.atomic
def request_sheet(
    *, submission: Submission, release: ReleaseFacts, by: Membership, at: datetime
) -> ResultSheet:
    """Fix the record of a released attempt's sheet and ask for its PDF, so that nothing changes between."""
    revision = ResultSheet.objects.filter(submission=submission).count() + 1
    code = SheetCode.new().value
    record = canonical_json(sheet_record(submission, release, code=code, revision=revision))
    sheet: ResultSheet = ResultSheet.objects.create(
        submission=submission,
        revision=revision,
        record=record.decode(),
        record_sha256=fingerprint(record),
        code=code,
        requested_at=at,
    )
    record_event("marking.sheet.requested", target=sheet, by=by, at=at, sha256=sheet.record_sha256)
    wake(RENDER, sheet.pk, at=at)
    return sheet


@transaction.atomic
def retry_sheet(*, sheet: ResultSheet, by: Membership, at: datetime) -> ResultSheet:
    """Ask again for a sheet that could not be made; one that is made or being made stays as it is."""
    sheet = ResultSheet.locked(sheet.pk)
    if ask_again(document=sheet):
        record_event("marking.sheet.asked_again", target=sheet, by=by, at=at)
        wake(RENDER, sheet.pk, at=at)
    return sheet
