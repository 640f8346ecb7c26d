"""What learners type and choose: texts, the declaration and the refusal."""

from datetime import datetime, time
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.timezone import make_aware

from centres.forms import DayField
from portfolios.rules import DECLARATION, Fault
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


class NumberBox(forms.CharField):
    """A small number that may be left out, though its label does not say so."""

    def __init__(self, label: str) -> None:
        attrs = {"class": "w-mark", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(label=label, max_length=10, initial="0", widget=forms.TextInput(attrs=attrs))
        self.error_messages["max_length"] = LENGTH

    def validate(self, value: Any) -> None:
        """Take nothing for none."""


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
    start = forms.TimeField(
        label="Start",
        input_formats=["%H:%M", "%H.%M"],
        help_text="24-hour time, for example 14:30.",
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
