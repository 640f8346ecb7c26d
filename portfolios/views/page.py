"""The page of one attempt, in whatever state it is, that every change of a draft answers with."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localdate

from centres.access import NOT_YOURS, CentreView
from centres.permissions import Permission
from lib.device_policy import HEADER, MICROPHONE
from lib.refusals import Refusal
from portfolios.models import Submission, Upload
from portfolios.rules import State, is_check_late
from portfolios.selectors import evidence_pane, own_submissions, record_pieces
from portfolios.selectors.attempt import (
    Asked,
    AttemptPart,
    ToMend,
    asked_parts,
    attempt_parts,
    what_to_mend,
)
from portfolios.selectors.frozen import Frozen, records_now
from portfolios.selectors.limits import limits_in_words
from portfolios.selectors.missing import offered_lines
from portfolios.selectors.state import standing_of
from portfolios.selectors.unchanged import unchanged_since
from portfolios.selectors.uploads import uploads_by_part


@dataclass
class Typed:
    """What came back from a part's form: the words typed, and what is said about them."""

    text: str
    version: int
    error: str = ""
    theirs: str | None = None
    saved_at: str = ""


@dataclass
class Shown:
    """A part as the page shows it: what is saved, and over it what was just typed or chosen."""

    part: AttemptPart
    typed: Typed | None = None
    refused: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    coming: tuple[Upload, ...] = ()

    @property
    def text(self) -> str:
        """The words in the box: those typed where there are any, else those saved."""
        if self.typed is not None:
            return self.typed.text
        return self.part.text.text if self.part.text else ""

    @property
    def version(self) -> int:
        """The version that the words in the box were typed against."""
        return self.typed.version if self.typed is not None else self.part.version


class AttemptPage(CentreView):
    """A page of a learner's own attempt."""

    permission = Permission.MAKE_SUBMISSION
    _frozen: list[Frozen] | None = None

    def own(self, submission_id: UUID) -> Submission:
        """Return the learner's own attempt. Raises Http404 for everybody else's."""
        submission: Submission = self.get_or_404(own_submissions(self.by), submission_id)
        return submission

    def page(
        self,
        submission: Submission,
        *,
        over: dict[str, Shown] | None = None,
        errors: list[dict[str, str]] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Answer the whole page; ``over`` holds the parts with what was typed or refused there."""
        context = self._frame(submission, errors or [])
        if submission.state == State.DRAFT.value:
            template = "portfolios/draft.html"
            context |= self._draft(submission, over or {})
        else:
            template = "portfolios/submitted.html"
            context["panes"] = evidence_pane(submission)
            context["record_pieces"] = record_pieces(submission)
            context["unsaved"] = [row for row in (over or {}).values() if row.typed is not None]
        answer = render(self.request, template, context, status=status)
        if submission.state == State.DRAFT.value:
            answer[HEADER] = MICROPHONE
        return answer

    def part_answer(
        self, submission: Submission, shown: Shown, *, slot: bool = False, toast: dict[str, str] | None = None
    ) -> str:
        """Return the pieces of the page that a change of one part touches, to be swapped out of band."""
        asked, held = asked_parts(submission.assessment), offered_lines(submission)
        context = {
            "submission": submission,
            "shown": shown,
            "centre": self.centre,
            "mend": self.mend(submission, asked, held),
            "unchanged": self.unchanged(submission, held),
            "slot": slot,
            "toast": toast,
            "oob": True,
            "check": self.check([shown.part]),
        }
        return render_to_string("portfolios/part_answer.html", context, self.request)

    def shown(self, submission: Submission, part_ref: str, **extra: Any) -> Shown:
        """Return one open part as it stands now. Raises Http404 for a part that is not open."""
        asked = asked_parts(submission.assessment)
        for part in attempt_parts(submission, asked, self.frozen(submission)):
            if part.ref == part_ref and part.is_open:
                return Shown(part, **extra)
        raise Http404(NOT_YOURS)

    def frozen(self, submission: Submission) -> list[Frozen]:
        """Return the records of the attempt's units as they stand now, read once for an answer."""
        if self._frozen is None:
            self._frozen = records_now(submission)
        return self._frozen

    def unchanged(self, submission: Submission, held: list[dict[str, Any]]) -> str:
        """Say what is as it was in the attempt before, of the pieces held and of the records."""
        lines = [records.line for records in self.frozen(submission)]
        return unchanged_since(submission, [*held, *lines], self.frozen(submission))

    def mend(
        self,
        submission: Submission,
        asked: list[Asked],
        held: list[dict[str, Any]],
    ) -> list[dict[str, str]]:
        """Return what is missing from a draft that holds those lines, each with where it is mended."""
        rows = what_to_mend(
            submission,
            asked,
            held,
            has_declared=True,
            today=localdate(self.at),
            frozen=self.frozen(submission),
        )
        return [
            {
                "part": row.part,
                "kind": row.kind,
                "missing": row.text,
                "url": self.place(submission, row),
            }
            for row in rows
        ]

    def check(self, parts: list[AttemptPart]) -> str:
        """Say in one word how the safety check goes: left out, away, or nothing to be said."""
        if settings.UPLOAD_SCAN_IS_LEFT_OUT:
            return "left-out"
        since = min((part.waiting_since for part in parts if part.waiting_since), default=None)
        is_away = since and (not settings.CLAMD_ADDRESS or is_check_late(waited_since=since, now=self.at))
        return "away" if is_away else ""

    def place(self, submission: Submission, row: ToMend) -> str:
        """Return the address where a missing thing is mended, empty where the learner cannot mend it."""
        if row.unit:
            return self.unit_address(submission, row.unit)
        if row.astray:
            kwargs = {"slug": self.centre.slug, "evidence_id": row.astray.evidence}
            return f"{reverse('portfolios:claims', kwargs=kwargs)}#claims"
        if row.part:
            return f"{self.address('submission', submission)}#part-{row.part_key}"
        return ""

    def refused_change(self, submission_id: UUID, refusal: Refusal) -> HttpResponse:
        """Answer a change that the attempt no longer takes: the page as it stands now, with the reason."""
        if self.request.htmx:  # type: ignore[attr-defined]
            messages.error(self.request, refusal.message)
            return HttpResponse(headers={"HX-Refresh": "true"})
        errors = [{"text": refusal.message, "url": ""}]
        return self.page(self.own(submission_id), errors=errors, status=422)

    def address(self, name: str, submission: Submission, **more: Any) -> str:
        """Return the address of a page of this room about an attempt."""
        kwargs = {"slug": self.centre.slug, "submission_id": submission.pk, **more}
        return reverse(f"portfolios:{name}", kwargs=kwargs)

    def unit_address(self, submission: Submission, unit_ref: str) -> str:
        """Return the address of the unit's page, where practice is recorded."""
        kwargs = {
            "slug": self.centre.slug,
            "registration_id": submission.registration_id,
            "unit_ref": unit_ref,
        }
        return reverse("portfolios:unit", kwargs=kwargs)

    def _frame(self, submission: Submission, errors: list[dict[str, str]]) -> dict[str, Any]:
        return {
            "submission": submission,
            "assessment": submission.assessment,
            "registration": submission.registration,
            "standing": standing_of(submission),
            "errors": errors,
            "has_errors": bool(errors),
        }

    def _draft(self, submission: Submission, over: dict[str, Shown]) -> dict[str, Any]:
        asked = asked_parts(submission.assessment)
        frozen = self.frozen(submission)
        parts, held = attempt_parts(submission, asked, frozen), offered_lines(submission)
        coming = uploads_by_part(submission)
        open_parts = [over.get(part.ref) or Shown(part) for part in parts if part.is_open]
        for shown in open_parts:
            shown.coming = tuple(coming[shown.part.ref])
        return {
            "open_parts": open_parts,
            "carried": [part for part in parts if not part.is_open],
            "mend": self.mend(submission, asked, held),
            "unchanged": self.unchanged(submission, held),
            "practised": [records.unit_ref for records in frozen],
            "limits": limits_in_words(),
            "most_recorded": settings.UPLOAD_MEDIA_BYTES,
            "check": self.check(parts),
        }


class SubmissionView(AttemptPage):
    """An attempt: to be worked on while it is a draft, to be read afterwards."""

    def get(self, request: HttpRequest, submission_id: UUID) -> HttpResponse:
        return self.page(self.own(submission_id))
