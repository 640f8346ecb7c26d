"""Forms of the register and of the staff's competence; they only validate."""

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from centres.forms import DayField, WordsField, email_field, name_field
from centres.models import Membership
from qualifications.models import Qualification
from qualifications.rules import EXPIRES_SOON_DAYS

EXPIRES = [("90", f"Within {EXPIRES_SOON_DAYS} days"), ("lapsed", "Lapsed")]
SORTS = [
    (f"{sign}{key}",) * 2
    for key in ("name", "number", "qualification", "cohort", "expires")
    for sign in ("", "-")
]
SIZES = [(size, size) for size in ("25", "50", "100")]


def reason_field(label: str, help_text: str) -> WordsField:
    """Return a field for a reason that stays on record."""
    return WordsField(
        label=label,
        max_length=2000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why. It stays on record."},
    )


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic to the checker only
    """A choice among rows; a key that is no key is a wrong choice like any other."""

    def to_python(self, value: Any) -> Any:
        """Return the row of that key. Raises ValidationError."""
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            ) from None


def offer_rows(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Let a field of a form choose among rows, which are known only inside a centre."""
    cast(RowField, form.fields[name]).queryset = rows


class RegisterFilter(forms.Form):
    """What the register is narrowed to; a value that is none of ours narrows nothing."""

    q = forms.CharField(required=False, max_length=100)
    cohort = forms.UUIDField(required=False)
    qualification = forms.SlugField(required=False, max_length=80)
    expires = forms.ChoiceField(required=False, choices=EXPIRES)
    sort = forms.ChoiceField(required=False, choices=SORTS)
    size = forms.ChoiceField(required=False, choices=SIZES)


class RegistrationForm(forms.Form):
    """A learner is put on a qualification."""

    qualification = RowField(
        queryset=Qualification.objects.none(),
        empty_label="Choose one",
        help_text="Those that your centre is approved for today.",
        error_messages={
            "required": "Choose the qualification.",
            "invalid_choice": "Choose a qualification from the list.",
        },
    )
    number = forms.CharField(
        label="Registration number",
        max_length=40,
        help_text="As the awarding body gave it.",
        widget=forms.TextInput(attrs={"class": "w-medium", "autocomplete": "off"}),
        error_messages={"required": "Enter the registration number."},
    )
    registered_on = DayField(
        label="Registered on", error_messages={"required": "Enter the day of registration."}
    )
    cohort = forms.CharField(
        max_length=100,
        required=False,
        help_text="The group that learns together, for example Spring 2026. A new name makes a new cohort.",
        widget=forms.TextInput(attrs={"class": "w-medium", "list": "cohorts", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, deliverable: QuerySet[Qualification], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        offer_rows(self, "qualification", deliverable)

    def clean_registered_on(self) -> date | None:
        """Return the day of registration. Raises ValidationError for a day to come."""
        day: date | None = self.cleaned_data["registered_on"]
        if day is not None and day > self.today:
            raise forms.ValidationError("This is in the future. Register the learner when it has happened.")
        return day


class LearnerForm(RegistrationForm):
    """A learner is added and, in the same step, may be put on a qualification."""

    name = name_field()
    email = email_field("E-mail address", autocomplete="off")
    born_on = DayField(label="Date of birth", error_messages={"required": "Enter the date of birth."})
    field_order = ["name", "email", "born_on", "qualification", "number", "registered_on", "cohort"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("qualification", "number", "registered_on"):
            self.fields[name].required = False
        for name in ("number", "registered_on"):
            cast(Any, self.fields[name]).needed = "needed when a qualification is chosen"
        self.fields["email"].help_text = "An invitation to sign in goes to this address."

    def clean_born_on(self) -> date:
        """Return the date of birth. Raises ValidationError for one that nobody alive has."""
        day: date = self.cleaned_data["born_on"]
        if day >= self.today:
            raise forms.ValidationError("This is in the future. Check the year.")
        if day.year < self.today.year - 120:
            raise forms.ValidationError("This is more than 120 years ago. Check the year.")
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for everything that a registration needs once any part of it is given."""
        data = self.cleaned_data
        told = [name for name in ("qualification", "number", "registered_on", "cohort") if data.get(name)]
        if told:
            for name in ("qualification", "number", "registered_on"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return data


class ExtensionForm(forms.Form):
    """A registration counts for longer."""

    expires_on = DayField(label="New last day", error_messages={"required": "Enter the new last day."})
    reason = reason_field("Reason", "What the awarding body agreed, and when.")


class ApprovalForm(forms.Form):
    """The awarding body lets the centre deliver a qualification."""

    qualification = RowField(
        queryset=Qualification.objects.none(),
        empty_label="Choose one",
        error_messages={
            "required": "Choose the qualification.",
            "invalid_choice": "Choose a qualification from the list.",
        },
    )
    approved_on = DayField(
        label="Approved from", error_messages={"required": "Enter the first day of the approval."}
    )
    ends_on = DayField(
        label="Last day",
        required=False,
        help_text="DD/MM/YYYY. Leave it empty while the approval has no end.",
    )

    def __init__(self, *args: Any, qualifications: QuerySet[Qualification], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "qualification", qualifications)

    def clean(self) -> dict[str, Any]:
        """Refuse an approval that ends before it begins."""
        data = self.cleaned_data
        if data.get("ends_on") and data.get("approved_on") and data["ends_on"] < data["approved_on"]:
            self.add_error("ends_on", "The last day comes before the first. Change one of them.")
        return data


class CompetenceForm(forms.Form):
    """A person may assess units until a day."""

    membership = RowField(
        label="Person",
        queryset=Membership._base_manager.none(),
        empty_label="Choose one",
        error_messages={"required": "Choose the person.", "invalid_choice": "Choose a person from the list."},
    )
    unit_refs = forms.MultipleChoiceField(
        label="Units",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one unit."},
    )
    valid_until = DayField(
        label="Until",
        help_text="DD/MM/YYYY, the last day on which new work may be taken. Three years at most.",
        error_messages={"required": "Enter the last day."},
    )
    reason = reason_field("Evidence seen", "What shows it: qualification, practice, CPD.")

    def __init__(
        self, *args: Any, people: QuerySet[Membership], units: list[Any], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        offer_rows(self, "membership", people)
        cast(forms.MultipleChoiceField, self.fields["unit_refs"]).choices = units

    def clean_valid_until(self) -> date:
        """Return the last day. Raises ValidationError for one that has passed."""
        day: date = self.cleaned_data["valid_until"]
        if day < self.today:
            raise forms.ValidationError("This day has passed. Competence is decided from today on.")
        return day


class ConflictForm(forms.Form):
    """A person may not judge a learner."""

    membership = RowField(
        label="Person",
        queryset=Membership._base_manager.none(),
        empty_label="Choose one",
        error_messages={"required": "Choose the person.", "invalid_choice": "Choose a person from the list."},
    )
    learner = forms.CharField(
        max_length=254,
        help_text="Their e-mail address or registration number.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the learner's e-mail address or registration number."},
    )
    reason = reason_field("Reason", "What connects them, in a sentence.")

    def __init__(self, *args: Any, people: QuerySet[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "membership", people)
