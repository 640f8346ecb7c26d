"""What people type on the pages of quality assurance, checked for its form only."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from centres.forms import WordsField
from marking.forms import NewlineText
from marking.rules import Outcome
from quality_assurance.actions.release import ReasonNeeded
from quality_assurance.actions.review import OVERTURN_NEEDS_REASON
from quality_assurance.rules import Side, is_reason
from quality_assurance.selectors.board import SORTS, BoardFilters, Tab


def filters_from(data: QueryDict) -> BoardFilters:
    """Read the board's filters from an address; what makes no sense there counts as not chosen."""
    sort, tab, outcome = data.get("sort", ""), data.get("tab", ""), data.get("outcome", "")
    return BoardFilters(
        tab=Tab(tab) if tab in set(Tab) else Tab.ASSESSED,
        unit=data.get("unit", "").replace("\0", ""),
        assessor=_key(data.get("assessor", "")),
        outcome=outcome if outcome in (Outcome.PASS, Outcome.REFERRAL) else "",
        cohort=_key(data.get("cohort", "")),
        sort=sort if sort.removeprefix("-") in SORTS else "signed",
    )


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class NoteForm(forms.Form):
    """An IQA's note of what they looked at."""

    version = forms.CharField(max_length=64, widget=forms.HiddenInput)
    text = NewlineText("note")
    resolve = forms.CharField(required=False)


class _SigningForm(forms.Form):
    """Somebody's reason, and their password, which is never shown again."""

    reason = WordsField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    password = forms.CharField(
        strip=False,
        max_length=1000,
        label="Your password",
        help_text="To sign, confirm that it is you.",
        error_messages={"required": "Enter your password to sign."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class DecisionForm(_SigningForm):
    """An IQA's decision, with the version of the sheet that the page showed."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    side = forms.ChoiceField(choices=[(side.value, side.value) for side in Side], widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why does the decision change?"
        self.fields["reason"].error_messages["required"] = OVERTURN_NEEDS_REASON
        self.fields["reason"].required = self.data.get("side") != Side.AGREE
        self.fields["reason"].help_text = "At least one sentence. Both decisions stay on record."

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        reason = given.get("reason")
        if given.get("side") == Side.OVERTURN and reason is not None and not is_reason(reason):
            self.add_error("reason", OVERTURN_NEEDS_REASON)
        return given


class ReleaseForm(_SigningForm):
    """A release without review: why, and who."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why is it not reviewed?"
        self.fields["reason"].error_messages["required"] = ReasonNeeded.default_message
        self.fields["reason"].help_text = "A few words. The result sheet prints them."

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        reason = given.get("reason")
        if reason is not None and not is_reason(reason):
            self.add_error("reason", ReasonNeeded.default_message)
        return given


class PutBackForm(forms.Form):
    """Giving up a review; the reason may be left out."""

    reason = WordsField(
        required=False,
        max_length=2000,
        label="Why do you put it back?",
        help_text="The next IQA sees it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
