"""What learners type and choose: texts, the declaration and the refusal."""

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from portfolios.models import Discussion
from portfolios.rules import DECLARATION
from portfolios.rules.locators import (
    MAX_QUOTE_CHARACTERS,
    Locator,
    LocatorKind,
    NotALocator,
    parse_clock,
    words_in_a_row,
)

REFUSAL = "Do not use my work, even without my name, for standardisation"


class WrittenField(forms.CharField):
    """A text as it was written: line ends made one kind, nothing else trimmed."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "") if text else ""


class TextForm(forms.Form):
    """A text written under a part, with the version that the page showed."""

    text = WrittenField(required=False, strip=False)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class SubmitForm(forms.Form):
    """The declaration, and the choice to keep the work out of standardisation."""

    has_declared = forms.BooleanField(label="I declare this", required=False)
    has_refused_standardisation = forms.BooleanField(label=REFUSAL, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    declaration = DECLARATION

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout("has_declared", "has_refused_standardisation", "seen")
        return helper


PLACES = {
    LocatorKind.PAGES: ("From page", "To page"),
    LocatorKind.TIME: ("From", "To"),
}


class ClaimForm(forms.Form):
    """Criteria, one place in a piece of evidence, and why it shows them.

    ``criteria`` are written as unit and ref, "8586-302 2.4"; which of them exist is the action's to say.
    """

    criteria = forms.Field(label="Criteria", required=False, widget=forms.CheckboxSelectMultiple)
    first = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"class": "w-short"}))
    last = forms.CharField(max_length=20, required=False, widget=forms.TextInput(attrs={"class": "w-short"}))
    quote = forms.CharField(
        label="Words",
        max_length=2 * MAX_QUOTE_CHARACTERS,
        help_text="Copy the words that show it from the text; the first of them are enough.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Enter the words that show it, copied from the text."},
    )
    why = forms.CharField(
        label="Why it shows this",
        max_length=1000,
        widget=forms.TextInput,
        error_messages={"required": "Say in a line why it shows this."},
    )

    def __init__(self, *args: Any, kind: LocatorKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind is LocatorKind.WORDS:
            del self.fields["first"], self.fields["last"]
            return
        del self.fields["quote"]
        self.fields["first"].label, self.fields["last"].label = PLACES[kind]
        wanted = "a page number" if kind is LocatorKind.PAGES else "a time like 1:55"
        self.fields["first"].error_messages["required"] = f"Enter {wanted}."

    def clean_criteria(self) -> list[tuple[str, str]]:
        """Return the chosen criteria as pairs of unit and ref."""
        chosen = self.cleaned_data["criteria"] or []
        return [(unit, ref) for unit, _, ref in (value[:40].partition(" ") for value in chosen)]

    def clean_first(self) -> int:
        """Return a page or the seconds of a time."""
        return self._number(self.cleaned_data["first"])

    def clean_last(self) -> int | None:
        """Return a page or the seconds of a time, or nothing where only one was given."""
        typed = self.cleaned_data["last"]
        return self._number(typed) if typed else None

    def clean_quote(self) -> str:
        """Return the words with one space between them."""
        return words_in_a_row(self.cleaned_data["quote"])

    @property
    def locator(self) -> Locator:
        """The place that was typed into a valid form."""
        if self.kind is LocatorKind.WORDS:
            return Locator(self.kind, quote=self.cleaned_data["quote"])
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        return Locator(self.kind, first, first if last is None else last)

    @property
    def place(self) -> str:
        """The name of the field that says where."""
        return "quote" if self.kind is LocatorKind.WORDS else "first"

    def _number(self, typed: str) -> int:
        if self.kind is LocatorKind.TIME:
            try:
                return parse_clock(typed)
            except NotALocator as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 5):
            raise forms.ValidationError("Enter a page number in digits, like 4.")
        return int(typed)


class DiscussionForm(forms.Form):
    """What was agreed for a professional discussion; once it is recorded, also its recording or notes."""

    unit = forms.ChoiceField(label="Unit", error_messages={"invalid_choice": "Choose a unit from the list."})
    agreed_for = forms.DateTimeField(
        label="Date and time agreed",
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "w-medium"}, format="%Y-%m-%dT%H:%M"
        ),
        error_messages={"invalid": "Enter a date and a time, like 12 Nov 2026, 10:00."},
    )
    mode = forms.ChoiceField(label="How", choices=Discussion.Mode.choices, widget=forms.RadioSelect)
    assessor = forms.ChoiceField(
        label="Assessor", error_messages={"invalid_choice": "Choose an assessor from the list."}
    )
    others = forms.CharField(
        label="Who else was there",
        required=False,
        max_length=300,
        help_text="Only observers: a discussion is with one learner at a time.",
    )
    questions = forms.CharField(
        label="Questions agreed", max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    has_live_iqa = forms.BooleanField(label="An IQA listened live", required=False)
    evidence = forms.ChoiceField(
        label="Recording or notes",
        required=False,
        help_text="Add the file in an attempt first; then it can be chosen here.",
        error_messages={"invalid_choice": "Choose a piece from the list."},
    )
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        assessors: list[tuple[str, str]],
        units: list[tuple[str, str]] | None = None,
        pieces: list[tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assessor"].choices = [("", "Choose"), *assessors]  # type: ignore[attr-defined]
        if units is None:
            del self.fields["unit"]
        else:
            self.fields["unit"].choices = [("", "Choose"), *units]  # type: ignore[attr-defined]
        if pieces is None:
            del self.fields["evidence"]
        else:
            self.fields["evidence"].choices = [("", "None yet"), *pieces]  # type: ignore[attr-defined]

    def clean_agreed_for(self) -> datetime:
        """Return the date and time, in a century that a calendar of ours may hold."""
        agreed: datetime = self.cleaned_data["agreed_for"]
        if not 2000 <= agreed.year < 2200:
            raise forms.ValidationError("Enter a year from 2000 to 2199.")
        return agreed

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(*(name for name in self.fields))
        return helper


class EvidenceFilter(forms.Form):
    """What the evidence list is narrowed to; what cannot be meant asks for nothing."""

    q = forms.CharField(required=False, max_length=100)
    claimed = forms.ChoiceField(
        required=False, choices=[("", "All"), ("yes", "With claims"), ("no", "Without claims")]
    )
    sort = forms.ChoiceField(
        required=False,
        choices=[(name, name) for key in ("label", "added", "claims") for name in (key, f"-{key}")],
    )
