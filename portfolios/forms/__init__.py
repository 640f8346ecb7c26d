"""What learners type and choose: texts, the declaration and the refusal."""

from datetime import datetime, time
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.timezone import make_aware

from centres.forms import DayField
from lib.days import clock_in
from portfolios.models import Discussion
from portfolios.rules import DECLARATION, Fault
from portfolios.rules.guests import DAYS, LONGEST_DAYS, SHORTEST_DAYS, USUAL_DAYS
from portfolios.rules.locators import (
    MAX_QUOTE_CHARACTERS,
    Locator,
    LocatorKind,
    NotALocator,
    parse_clock,
    words_in_a_row,
)
from portfolios.rules.sessions import LENGTH

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
        if kind is LocatorKind.PAGES:
            for field in (self.fields["first"], self.fields["last"]):
                field.widget.attrs["inputmode"] = "numeric"
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


class NumberBox(forms.CharField):
    """A small number that may be left out, though its label does not say so."""

    def __init__(self, label: str) -> None:
        attrs = {"class": "w-mark", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(label=label, max_length=10, initial="0", widget=forms.TextInput(attrs=attrs))
        self.error_messages["max_length"] = LENGTH

    def validate(self, value: Any) -> None:
        """Take nothing for none."""


class ClockField(forms.TimeField):
    """A time of day, as it is typed on a keypad that has no colon too."""

    def to_python(self, value: Any) -> time | None:
        """Return the time that was written. Raises ValidationError."""
        found: time | None = super().to_python(clock_in(str(value or "")))
        return found


class LengthFields(forms.Form):
    """How long something took, in hours and minutes; anything that is no length is refused as one."""

    hours = NumberBox("Length, hours")
    minutes = NumberBox("Length, minutes")
    version = forms.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput, initial=1
    )

    def clean(self) -> dict[str, Any]:
        """Return the length in minutes as ``length``."""
        data = self.cleaned_data
        hours, minutes = data.get("hours") or "0", data.get("minutes") or "0"
        if _is_number(hours) and _is_number(minutes):
            data["length"] = int(hours) * 60 + int(minutes)
        else:
            self.add_error("hours", LENGTH)
        return data

    def write_over(self, version: int) -> None:
        """Show what was typed as written over the version that is stored now."""
        self.data = {**{name: self.data.get(name) for name in self.fields}, "version": str(version)}

    def refuse(self, faults: list[Fault]) -> None:
        """Put what the rules refuse beside the fields."""
        places = {"length": "hours"}
        for fault in faults:
            self.add_error(places.get(fault.field, fault.field), fault.text)


class SessionForm(LengthFields):
    """When a practice session was, how long it took, and with whom."""

    client = forms.ChoiceField(
        label="Client",
        help_text="Clients are numbers here, never names.",
        error_messages={
            "required": "Choose the client.",
            "invalid_choice": "Choose a client from the list.",
        },
    )
    date = DayField(
        label="Date",
        help_text="DD/MM/YYYY, the day on which it took place.",
        error_messages={"required": "Enter the day of the session."},
    )
    start = ClockField(
        label="Start",
        input_formats=["%H:%M"],
        help_text="24-hour time, for example 14:30 or 1430.",
        widget=forms.TextInput(attrs={"class": "w-mark", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Enter when it began, for example 14:30.",
            "invalid": "Enter when it began, for example 14:30.",
        },
    )
    field_order = ["client", "date", "start", "hours", "minutes"]

    def __init__(self, *args: Any, clients: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["client"]
        field.choices = clients

    def facts(self) -> dict[str, Any]:
        """Return what the action takes."""
        data = self.cleaned_data
        began = datetime.combine(data["date"], data["start"] or time())
        return {
            "client_number": int(data["client"]),
            "starts_at": make_aware(began),
            "minutes": data["length"],
        }


class SupervisionForm(LengthFields):
    """When a supervision session was, how long it took, and who supervised."""

    supervisor = forms.CharField(
        label="Supervisor or tutor",
        max_length=200,
        error_messages={"required": "Enter who supervised you."},
    )
    date = DayField(
        label="Date",
        help_text="DD/MM/YYYY, the day on which it took place.",
        error_messages={"required": "Enter the day of the supervision session."},
    )
    field_order = ["supervisor", "date", "hours", "minutes"]

    def facts(self) -> dict[str, Any]:
        """Return what the action takes."""
        data = self.cleaned_data
        return {
            "supervisor": data["supervisor"],
            "held_on": data["date"],
            "minutes": data["length"],
        }


class ExceptionForm(forms.Form):
    """Why one more client than the unit's limit, and what else was considered."""

    reason = WrittenField(
        label="The reason",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Give the reason."},
    )
    options_considered = WrittenField(
        label="What else you considered",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what else you considered."},
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5


class AskForm(forms.Form):
    """Who is asked to answer or sign a page, for which client, and how long their link works."""

    guest = forms.ChoiceField(
        label="Who signs",
        error_messages={"required": "Choose who signs.", "invalid_choice": "Choose who signs from the list."},
    )
    client = forms.ChoiceField(
        label="Which client",
        required=False,
        help_text="Clients are numbers here, never names.",
        error_messages={"invalid_choice": "Choose a client from the list."},
    )
    days = forms.IntegerField(
        label="Days that the link works",
        min_value=SHORTEST_DAYS,
        max_value=LONGEST_DAYS,
        initial=USUAL_DAYS,
        help_text=f"{SHORTEST_DAYS} to {LONGEST_DAYS}.",
        widget=forms.TextInput(attrs={"class": "w-mark", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), DAYS),
    )

    def __init__(
        self, *args: Any, guests: list[tuple[str, str]], clients: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["guest"]
        which: Any = self.fields["client"]
        who.choices = guests
        which.choices = [("", "Not for one client"), *clients]
        if not clients:
            del self.fields["client"]
