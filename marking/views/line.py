"""Saving one line or comment of a draft: the answer is a badge, a message, and the verdict as it is now."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import trigger_client_event

from centres.permissions import Permission
from lib.refusals import Refusal
from marking.actions import save_line, save_outcome_comment
from marking.actions.mark import CommentChanged, LineChanged
from marking.forms import CommentForm, LineForm
from marking.models import JudgementLine, OutcomeComment
from marking.selectors import judgement_lines
from marking.selectors.bar import anchor_of, badge_for, bar_for, sentence_for, undecided_at
from marking.selectors.mine import own_comments, own_lines
from marking.selectors.workspace import Clash, Typed, clashes_of
from marking.views.workspace import WorkspacePage


class LineView(WorkspacePage):
    """Saves a mark or a decision with its feedback, or says beside it why not."""

    permission = Permission.MARK

    def post(self, request: HttpRequest, line_id: UUID) -> HttpResponse:
        line = self.get_or_404(own_lines(self.by), line_id)
        form = LineForm(request.POST, line=line)
        if not form.is_valid():
            return self._refused(line, form, errors=_first_errors(form), status=422)
        if form.cleaned_data["resolve"] == "theirs":
            return self._to_item(line)
        try:
            saved = self._save(line, form)
        except LineChanged as changed:
            return self._stale(changed.line, line, form)
        except Refusal as refusal:
            return self._refused(line, form, message=str(refusal), status=422)
        return self._saved(line, saved)

    def _save(self, line: JudgementLine, form: LineForm) -> JudgementLine:
        data = form.cleaned_data
        return save_line(
            line=line,
            version=data["version"],
            mark=data["mark"],
            decision=data["decision"],
            feedback=data["feedback"],
            feedback_more=data["feedback_more"],
            by=self.by,
            at=self.at,
        )

    def _to_item(self, line: JudgementLine) -> HttpResponse:
        answer = redirect("marking:workspace", slug=self.centre.slug, judgement_id=line.judgement_id)
        answer["Location"] += f"#{anchor_of(line)}"
        return answer

    def _saved(self, before: JudgementLine, saved: JudgementLine) -> HttpResponse:
        if not self.is_part:
            return self._to_item(saved)
        judgement = before.judgement
        rows = undecided_at(judgement_lines(judgement), self.request.POST.getlist("unsaved"))
        earlier = [before if row.pk == before.pk else row for row in rows]
        bar = bar_for(judgement, rows)
        answer = self._part(saved, {"bar": bar, "version": saved.version}, status=200)
        if sentence_for(judgement, earlier).text != bar.spoken:
            trigger_client_event(answer, "say", {"value": bar.spoken})
        return answer

    def _stale(self, stored: JudgementLine, line: JudgementLine, form: LineForm) -> HttpResponse:
        clashes = clashes_of(stored, form.typed())
        if not clashes:
            return self._saved(line, stored)
        if not self.is_part:
            typed = Typed(line.pk, form.typed(), clashes=clashes, version=stored.version)
            return self.page_again(line.judgement_id, typed, status=409)
        rows = self._without(line)
        context = {"clashes": clashes, "newest": stored, "bar": bar_for(line.judgement, rows)}
        return self._part(stored, context, status=409)

    def _without(self, line: JudgementLine) -> list[JudgementLine]:
        """Return the lines of the sheet as they are stored, this one and what else is unsaved undecided."""
        unsaved = [*self.request.POST.getlist("unsaved"), anchor_of(line)]
        return undecided_at(judgement_lines(line.judgement), unsaved)

    def _refused(
        self,
        line: JudgementLine,
        form: LineForm,
        *,
        status: int,
        errors: dict[str, str] | None = None,
        message: str = "",
    ) -> HttpResponse:
        errors = errors or {}
        if not self.is_part:
            typed = Typed(line.pk, form.typed(), errors=errors, message=message)
            return self.page_again(line.judgement_id, typed, status=status)
        rows = self._without(line)
        if "mark" in errors:
            line = next(row for row in rows if row.pk == line.pk)
        context = {"bar": bar_for(line.judgement, rows), "errors": errors, "message": message}
        return self._part(line, context, status=status)

    def _part(self, line: JudgementLine, context: dict[str, Any], *, status: int) -> HttpResponse:
        context = {"row": line, "anchor": anchor_of(line), "badge": badge_for(line), **context}
        return render(self.request, "marking/line_answer.html", context, status=status)


def _first_errors(form: Any) -> dict[str, str]:
    return {name: str(found[0]) for name, found in form.errors.items()}


class CommentView(WorkspacePage):
    """Saves a comment on one learning outcome."""

    permission = Permission.MARK

    def post(self, request: HttpRequest, comment_id: UUID) -> HttpResponse:
        comment = self.get_or_404(own_comments(self.by), comment_id)
        form = CommentForm(request.POST)
        if not form.is_valid():
            return self._refused(comment, {"errors": _first_errors(form)}, status=422)
        if form.cleaned_data["resolve"] == "theirs":
            return self._to_comment(comment)
        try:
            saved = save_outcome_comment(
                judgement=comment.judgement,
                number=comment.outcome_number,
                text=form.cleaned_data["text"],
                version=form.cleaned_data["version"],
                by=self.by,
                at=self.at,
            )
        except CommentChanged as changed:
            return self._stale(changed.comment, form.cleaned_data["text"])
        except Refusal as refusal:
            return self._refused(comment, {"message": str(refusal)}, status=422)
        if not self.is_part:
            return self._to_comment(comment)
        context = {"comment": saved, "version": saved.version, "anchor": _comment_anchor(saved)}
        return render(request, "marking/comment_answer.html", context)

    def _stale(self, stored: OutcomeComment, yours: str) -> HttpResponse:
        clash = Clash(f"{_comment_anchor(stored)}-text", "Comment", yours, stored.text)
        context = {"clashes": [clash], "newest": stored, "version": stored.version}
        return self._refused(stored, context, status=409)

    def _refused(self, comment: OutcomeComment, context: dict[str, Any], *, status: int) -> HttpResponse:
        context = {**context, "comment": comment, "anchor": _comment_anchor(comment)}
        if self.is_part:
            context = {**context, "version": None}
            return render(self.request, "marking/comment_answer.html", context, status=status)
        typed = self.request.POST.get("text", "").replace("\r\n", "\n")
        context = {"version": comment.version, **context, "typed": typed}
        return render(self.request, "marking/comment_refused.html", context, status=status)

    def _to_comment(self, comment: OutcomeComment) -> HttpResponse:
        answer = redirect("marking:workspace", slug=self.centre.slug, judgement_id=comment.judgement_id)
        answer["Location"] += f"#{_comment_anchor(comment)}"
        return answer


def _comment_anchor(comment: OutcomeComment) -> str:
    return f"lo-{comment.outcome_number}"
