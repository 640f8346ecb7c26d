"""The three things of a review that save themselves: a line, a comment on an outcome, and the note."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import trigger_client_event

from lib.refusals import Refusal
from marking.actions import save_line, save_outcome_comment
from marking.actions.mark import CommentChanged, LineChanged
from marking.forms import CommentForm, LineForm
from marking.models import JudgementLine, OutcomeComment
from marking.selectors.bar import anchor_of
from marking.selectors.workspace import Clash, Typed, clashes_of
from quality_assurance.actions import note_looked_at
from quality_assurance.actions.review import NoteChanged, note_version
from quality_assurance.forms import NoteForm
from quality_assurance.models import Review
from quality_assurance.selectors.review import review_page
from quality_assurance.selectors.standpoint import Standpoint, standpoint_of
from quality_assurance.views.review import ReviewBase, page_context


class LineView(ReviewBase):
    """Saves the IQA's own mark or decision on one part, or says beside it why not."""

    def post(self, request: HttpRequest, review_id: UUID, line_id: UUID) -> HttpResponse:
        review = self.own_review(review_id)
        line = self.get_or_404(JudgementLine.objects.filter(judgement=review.judgement_id), line_id)
        form = LineForm(request.POST, line=line)
        if not form.is_valid():
            errors = {name: str(found[0]) for name, found in form.errors.items()}
            return self._respond(review, line, Typed(line.pk, form.typed(), errors=errors), status=422)
        data = form.cleaned_data
        before = standpoint_of(review)
        try:
            if data["resolve"] != "theirs":
                line = save_line(
                    line=line,
                    version=data["version"],
                    mark=data["mark"],
                    decision=data["decision"],
                    feedback=data["feedback"],
                    feedback_more=data["feedback_more"],
                    by=self.by,
                    at=self.at,
                )
        except LineChanged as changed:
            clashes = clashes_of(changed.line, form.typed())
            typed = Typed(line.pk, form.typed(), clashes=clashes, version=changed.line.version)
            return self._respond(review, changed.line, typed, status=409 if clashes else 200)
        except Refusal as refusal:
            typed = Typed(line.pk, form.typed(), message=str(refusal))
            return self._respond(review, line, typed, status=422)
        return self._respond(review, line, None, before=before)

    def _respond(
        self,
        review: Review,
        line: JudgementLine,
        typed: Typed | None,
        *,
        status: int = 200,
        before: Standpoint | None = None,
    ) -> HttpResponse:
        unsaved = [*self.request.POST.getlist("unsaved"), *([anchor_of(line)] if status != 200 else [])]
        page = review_page(review, typed=typed, unsaved=unsaved)
        part = page.part_of(line)
        if not self.is_part:
            if status == 200:
                return self.back(review, part.anchor)
            return self.whole_page(review, typed=typed, status=status, has_errors=True)
        context = {**page_context(page), "part": part, "typed": typed, "oob": True}
        answer = render(self.request, "quality_assurance/line_answer.html", context, status=status)
        if before and page.standpoint.words != before.words:
            trigger_client_event(answer, "say", {"value": page.standpoint.words})
        return answer


class _TextView(ReviewBase):
    """A text that saves itself: what both kinds answer."""

    def _respond(
        self, review: Review, form_id: str, field_id: str, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        if not self.is_part:
            if status == 200:
                return self.back(review, field_id)
            refused = {"form_id": form_id, "field_id": field_id, "typed": self.request.POST.get("text", "")}
            return self.whole_page(review, status=status, has_errors=True, refused={**refused, **context})
        page = page_context(review_page(review, unsaved=self.request.POST.getlist("unsaved")))
        context |= {"form_id": form_id, "field_id": field_id, "oob": True, **page}
        return render(self.request, "quality_assurance/text_answer.html", context, status=status)


class CommentView(_TextView):
    """Saves the IQA's comment on one learning outcome."""

    def post(self, request: HttpRequest, review_id: UUID, comment_id: UUID) -> HttpResponse:
        review = self.own_review(review_id)
        rows = OutcomeComment.objects.filter(judgement=review.judgement_id)
        comment: OutcomeComment = self.get_or_404(rows, comment_id)
        form_id = f"lo-{comment.outcome_number}"
        field_id = f"{form_id}-text"
        form = CommentForm(request.POST)
        if not form.is_valid():
            return self._respond(review, form_id, field_id, status=422, message=_first_error(form))
        data = form.cleaned_data
        try:
            if data["resolve"] != "theirs":
                comment = save_outcome_comment(
                    judgement=review.judgement,
                    number=comment.outcome_number,
                    text=data["text"],
                    version=data["version"],
                    by=self.by,
                    at=self.at,
                )
        except CommentChanged as changed:
            clash = Clash(field_id, "Comment", data["text"], changed.comment.text)
            version = changed.comment.version
            return self._respond(review, form_id, field_id, status=409, clash=clash, newest_version=version)
        except Refusal as refusal:
            return self._respond(review, form_id, field_id, status=422, message=str(refusal))
        return self._respond(review, form_id, field_id, version=comment.version)


class NoteView(_TextView):
    """Saves the note of what the IQA looked at."""

    def post(self, request: HttpRequest, review_id: UUID) -> HttpResponse:
        review = self.own_review(review_id)
        form_id, field_id = "note", "looked-at"
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self._respond(review, form_id, field_id, status=422, message=_first_error(form))
        data = form.cleaned_data
        try:
            if data["resolve"] != "theirs":
                note_looked_at(
                    review=review, text=data["text"], version=data["version"], by=self.by, at=self.at
                )
        except NoteChanged as changed:
            clash = Clash(field_id, "Note", data["text"], changed.text)
            version = note_version(changed.text)
            return self._respond(review, form_id, field_id, status=409, clash=clash, newest_version=version)
        except Refusal as refusal:
            return self._respond(review, form_id, field_id, status=422, message=str(refusal))
        review = self.own_review(review_id)
        return self._respond(review, form_id, field_id, version=note_version(review.looked_at))


def _first_error(form: Any) -> str:
    return str(next(iter(form.errors.values()))[0])
