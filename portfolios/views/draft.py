"""Changes to a draft, one part at a time: files, a text, taking back and putting back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.timezone import localtime
from django.views.decorators.csrf import csrf_protect

from lib.bodies import announced_bytes, drain
from lib.inspection import FileRefused, check_size
from lib.refusals import Refusal, StaleVersion
from portfolios.actions import offer_file, restore_offer, save_text, withdraw_offer
from portfolios.forms import TextForm
from portfolios.models import Evidence, Offer, Submission
from portfolios.selectors.attempt import asked_parts, part_key
from portfolios.selectors.limits import upload_limits
from portfolios.selectors.missing import offered_lines
from portfolios.selectors.taken_back import taken_back
from portfolios.views.page import AttemptPage, Shown, Typed

MAX_FILES = 20
MAX_REQUEST_BYTES = 520 * 1024 * 1024
DRAINED_BYTES = 2 * MAX_REQUEST_BYTES
BLOCK = 1024 * 1024


class AddFilesView(AttemptPage):
    """Files chosen for a part: each is taken or refused by itself, and the good ones are kept.

    Whose attempt it is is looked up before anything is read. The whole request is bounded before it is read,
    and it is read before the transaction is opened; so the view stands outside of the site's own forgery
    check and makes it here.
    """

    takes_files = True
    too_much = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return super().dispatch(request, *args, **kwargs)
        with self.entered(request, kwargs["slug"]):
            self.own(kwargs["submission_id"])
        if announced_bytes(request) > MAX_REQUEST_BYTES + BLOCK:
            drain(request, DRAINED_BYTES)
            limit = MAX_REQUEST_BYTES // 2**20
            self.too_much = f"These files are more than {limit} MB together. Add them in smaller groups."
            return super().dispatch(request, *args, **kwargs)
        try:
            request.FILES  # noqa: B018  (reading it is what may be refused)
        except TooManyFilesSent:
            self.too_much = f"These are more than {MAX_FILES} files. Add {MAX_FILES} at a time at most."
            return super().dispatch(request, *args, **kwargs)
        return self._checked(request, *args, **kwargs)

    @method_decorator(csrf_protect)
    def _checked(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, submission_id: UUID, part_ref: str) -> HttpResponse:
        submission = self.own(submission_id)
        return self._answer_files(submission, part_ref, [], [], status=200)

    def post(self, request: HttpRequest, submission_id: UUID, part_ref: str) -> HttpResponse:
        submission = self.own(submission_id)
        self.shown(submission, part_ref)
        if self.too_much:
            return self._answer_files(submission, part_ref, [], [self.too_much], status=413)
        uploads = request.FILES.getlist("files")
        if not uploads:
            return self._answer_files(submission, part_ref, [], ["Choose a file first."], status=422)
        taken, refused = self._take(submission, part_ref, uploads)
        return self._answer_files(submission, part_ref, taken, refused, status=422 if refused else 200)

    def _take(self, submission: Submission, part_ref: str, uploads: list[Any]) -> tuple[list[str], list[str]]:
        taken, refused = [], []
        for upload in uploads:
            name = upload.name or ""
            try:
                check_size(name=name, size=upload.size or 0, limits=upload_limits())
                offer = offer_file(
                    submission=submission,
                    part_ref=part_ref,
                    name=name,
                    file=upload.file,
                    by=self.by,
                    at=self.at,
                )
                taken.append(offer.evidence.label)
            except FileRefused as refusal:
                refused.append(refusal.message)
            except Refusal as refusal:
                return taken, [refusal.message]
        return taken, refused

    def _answer_files(
        self, submission: Submission, part_ref: str, taken: list[str], refused: list[str], *, status: int
    ) -> HttpResponse:
        shown = self.shown(submission, part_ref, taken=tuple(taken), refused=tuple(refused))
        if self.request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(self.part_answer(submission, shown), status=422 if refused else 200)
        if refused:
            link = f"#files-{shown.part.key}"
            errors = [{"text": text, "url": link} for text in refused]
            return self.page(submission, over={part_ref: shown}, errors=errors, status=status)
        return redirect(f"{self.address('submission', submission)}#part-{shown.part.key}")


class FileStatesView(AttemptPage):
    """How the files under a part stand, asked for again and again while one of them waits."""

    def get(self, request: HttpRequest, submission_id: UUID, part_ref: str) -> HttpResponse:
        submission = self.own(submission_id)
        shown = self.shown(submission, part_ref)
        mend = self.mend(submission, asked_parts(submission.assessment), offered_lines(submission))
        context = {
            "submission": submission,
            "shown": shown,
            "mend": mend,
            "oob": True,
            "check": self.check([shown.part]),
        }
        return render(request, "portfolios/file_states.html", context)


class SaveTextView(AttemptPage):
    """The text written in place under a part, saved as it is typed or by its button."""

    def post(self, request: HttpRequest, submission_id: UUID, part_ref: str) -> HttpResponse:
        submission = self.own(submission_id)
        shown = self.shown(submission, part_ref)
        form = TextForm(request.POST)
        form.is_valid()
        text = form.cleaned_data.get("text", "")
        choice = request.POST.get("resolve", "")
        if choice == "theirs":
            return redirect(f"{self.address('submission', submission)}#part-{shown.part.key}")
        if choice == "together":
            shown.typed = Typed(f"{text}\n\n{shown.text}", shown.part.version)
            return self.page(submission, over={part_ref: shown})
        version = form.cleaned_data.get("version", -1)
        try:
            evidence = save_text(
                submission=submission,
                part_ref=part_ref,
                text=text,
                version=version,
                by=self.by,
                at=self.at,
            )
        except StaleVersion:
            return self._stale(submission, part_ref, text)
        except Refusal as refusal:
            shown.typed = Typed(text, version, error=refusal.message)
            return self._answer_text(self.own(submission_id), shown, refusal.message, status=422)
        if request.htmx:  # type: ignore[attr-defined]
            saved = self.shown(submission, part_ref)
            return HttpResponse(self.part_answer(submission, saved, slot=True))
        if evidence is not None:
            messages.success(request, f"Saved {localtime(self.at):%H:%M}")
        return redirect(f"{self.address('submission', submission)}#part-{shown.part.key}")

    def _stale(self, submission: Submission, part_ref: str, text: str) -> HttpResponse:
        shown = self.shown(submission, part_ref)
        saved = shown.part.text
        shown.typed = Typed(
            text,
            shown.part.version,
            theirs=saved.text if saved else "",
            saved_at=f"{localtime(saved.saved_at):%H:%M}" if saved else "",
        )
        return self._answer_text(submission, shown, "This text changed in another tab.", status=409)

    def _answer_text(
        self, submission: Submission, shown: Shown, message: str, *, status: int
    ) -> HttpResponse:
        if self.request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(self.part_answer(submission, shown, slot=True), status=status)
        errors = [{"text": message, "url": f"#text-{shown.part.key}"}]
        return self.page(submission, over={shown.part.ref: shown}, errors=errors, status=status)


class RemoveView(AttemptPage):
    """Taking a piece back from a part, which can be undone."""

    def post(self, request: HttpRequest, submission_id: UUID, offer_id: UUID) -> HttpResponse:
        submission = self.own(submission_id)
        rows = Offer.objects.filter(submission=submission).select_related("evidence", "submission")
        offer: Offer = self.get_or_404(rows, offer_id)
        part_ref, evidence = offer.part_ref, offer.evidence
        try:
            withdraw_offer(offer=offer, by=self.by, at=self.at)
        except Refusal as refusal:
            return self.refused_change(submission_id, refusal)
        undo = self.address("restore", submission, part_ref=part_ref, evidence_id=evidence.pk)
        text = f"{evidence.label} removed."
        if request.htmx and evidence.kind == Evidence.Kind.FILE:  # type: ignore[attr-defined]
            shown = self.shown(submission, part_ref)
            answer = HttpResponse(self.part_answer(submission, shown, toast={"text": text, "undo_url": undo}))
            answer["HX-Trigger-After-Settle"] = f'{{"focus-on": "#part-{shown.part.key}-title"}}'
            return answer
        messages.success(request, f"{text} It is under “Removed”, where you can put it back.")
        return self._back(submission, part_ref)

    def _back(self, submission: Submission, part_ref: str) -> HttpResponse:
        return redirect(f"{self.address('submission', submission)}#part-{part_key(part_ref)}")


class RestoreView(AttemptPage):
    """Putting back what was taken away from a part."""

    def post(
        self, request: HttpRequest, submission_id: UUID, part_ref: str, evidence_id: UUID
    ) -> HttpResponse:
        submission = self.own(submission_id)
        self.shown(submission, part_ref)
        evidence: Evidence = self.get_or_404(taken_back(submission, part_ref), evidence_id)
        try:
            restore_offer(submission=submission, evidence=evidence, part_ref=part_ref, by=self.by, at=self.at)
        except Refusal as refusal:
            return self.refused_change(submission_id, refusal)
        messages.success(request, f"{evidence.label} is back.")
        if request.htmx:  # type: ignore[attr-defined]
            # The toast that asked is gone by now, so there is nothing to swap from.
            return HttpResponse(headers={"HX-Refresh": "true"})
        return redirect(f"{self.address('submission', submission)}#part-{part_key(part_ref)}")
