"""What people type in this room, checked; nothing is saved here."""

import re
from typing import Any

from django import forms

from centres.forms import WordsField
from marking.models import JudgementLine
from marking.rules import Decision, InvalidMark, parse_mark
from marking.rules.bounds import why_too_long
from marking.selectors.queue_rows import SORTS, TABS, QueueFilter

LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
RELOAD = "This page is out of date. Copy what you typed, open the page again and paste it."


class NewlineText(forms.CharField):
    """A text kept as it was typed, but for the line ends that browsers add; ``what`` is its name."""

    def __init__(self, what: str) -> None:
        super().__init__(required=False, strip=False, widget=forms.Textarea)
        self.what = what

    def to_python(self, value: Any) -> Any:
        """Return the text with one sign at the end of a line."""
        return LINE_ENDS.sub("\n", super().to_python(value) or "")

    def validate(self, value: Any) -> None:
        """Refuse what no sheet could hold."""
        super().validate(value)
        reason = why_too_long(self.what, value)
        if reason:
            raise forms.ValidationError(reason)


class VersionField(forms.IntegerField):
    """The version of a row that the page showed."""

    def __init__(self) -> None:
        super().__init__(
            min_value=1,
            max_value=2_000_000_000,
            widget=forms.HiddenInput,
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), RELOAD),
        )


class LineForm(forms.Form):
    """A section's mark or a criterion's decision, with feedback."""

    version = VersionField()
    mark = forms.CharField(required=False)
    decision = forms.ChoiceField(
        choices=[("", "Undecided"), *((item.value, item.value.capitalize()) for item in Decision)],
        required=False,
        error_messages={"invalid_choice": "Choose Pass or Referral."},
    )
    feedback = NewlineText("feedback")
    feedback_more = NewlineText("feedback")
    resolve = forms.CharField(required=False)

    def __init__(self, *args: Any, line: JudgementLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line

    def clean_mark(self) -> int | None:
        """Return the mark as a number, or refuse it in the words of the page."""
        if self.line.maximum is None:
            return None
        try:
            return parse_mark(self.cleaned_data["mark"], maximum=self.line.maximum)
        except InvalidMark as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_decision(self) -> Decision | None:
        """Return the decision as a value of the rules."""
        typed = self.cleaned_data["decision"]
        return Decision(typed) if typed else None

    def typed(self) -> dict[str, str]:
        """Return the fields as they were typed, to be shown again."""
        return {
            name: self.data.get(name, "").replace("\r\n", "\n")
            for name in ("mark", "decision", "feedback", "feedback_more")
        }


class CommentForm(forms.Form):
    """A comment on one learning outcome."""

    version = VersionField()
    text = NewlineText("comment")
    resolve = forms.CharField(required=False)


class SignForm(forms.Form):
    """What proves who signs, and which state of the sheet they saw."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    password = forms.CharField(
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput,
        error_messages={"required": "Enter your password to sign."},
    )


class HandBackForm(forms.Form):
    """Why a submission goes back to the queue."""

    reason = WordsField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why. The next assessor sees it."},
    )


class QueueForm(forms.Form):
    """The filters of the queue; what is not among the choices asks for nothing."""

    state = forms.ChoiceField(choices=list(TABS.items()), required=False)
    unit = forms.CharField(required=False, max_length=20)
    cohort = forms.CharField(required=False, max_length=100)
    learner = forms.CharField(required=False, max_length=100)
    over = forms.BooleanField(required=False)
    sort = forms.ChoiceField(
        choices=[(sign + key, key) for key in SORTS for sign in ("", "-")], required=False
    )
    size = forms.ChoiceField(choices=[("25", "25"), ("50", "50"), ("100", "100")], required=False)

    def wanted(self) -> QueueFilter:
        """Return the filters that can be used."""
        self.is_valid()
        data = self.cleaned_data
        return QueueFilter(
            state=data.get("state") or "waiting",
            unit=data.get("unit") or "",
            cohort=data.get("cohort") or "",
            learner=data.get("learner") or "",
            is_over=bool(data.get("over")),
            sort=data.get("sort") or "-age",
        )

    def page_size(self) -> int:
        """Return how many rows a page has."""
        return int(self.cleaned_data.get("size") or 25)
