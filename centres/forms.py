"""Forms of the ground floor: who you are, who is invited, and days as people write them."""

from datetime import date
from typing import Any

from django import forms

from centres.permissions import Role
from lib.addresses import NotAnAddress, canonical_email
from lib.days import day_in
from lib.names import NotAName, plain_name
from lib.visible import has_visible

OFFERED_ROLES = [
    (role.value, role.label)
    for role in (Role.TUTOR, Role.ASSESSOR, Role.IQA, Role.LEAD_IQA, Role.ADMINISTRATOR)
]


class DayField(forms.Field):
    """A day written as DD/MM/YYYY, or in its eight digits alone; what was typed stays in the field."""

    default_error_messages = {
        "form": "Write the day as DD/MM/YYYY, for example 14/03/2008.",
        "day": "This day does not exist. Use DD/MM/YYYY.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "DD/MM/YYYY, for example 14/03/2008.")
        attrs = {"class": "w-date", "inputmode": "numeric", "autocomplete": "off", "maxlength": 10}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """Return the day that was written. Raises ValidationError."""
        text = str(value or "").strip()
        if not text:
            return None
        written = day_in(text)
        if written is None:
            raise forms.ValidationError(self.error_messages["form"], code="form")
        day, month, year = written
        try:
            return date(year, month, day)
        except ValueError:
            raise forms.ValidationError(self.error_messages["day"], code="day") from None

    def prepare_value(self, value: Any) -> Any:
        """Show a day as people write it, and everything else as it was typed."""
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def password_field(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    """Return a field for a password: taken as typed, spaces too."""
    return forms.CharField(
        label=label,
        max_length=256,
        strip=False,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": "Enter your password."},
    )


class WordsField(forms.CharField):
    """Words for others to read; what shows nothing to a reader counts as left out."""

    def to_python(self, value: Any) -> Any:
        """Return the words, or nothing where nobody sees any."""
        text = super().to_python(value) or ""
        return text if has_visible(text) else ""


class AddressField(forms.EmailField):
    """An e-mail address, cleaned to its one spelling."""

    def to_python(self, value: Any) -> Any:
        """Return the address as it is stored. Raises ValidationError."""
        text = super().to_python(value)
        try:
            return canonical_email(text) if text else ""
        except NotAnAddress as refusal:
            raise forms.ValidationError(refusal.message, code="invalid") from refusal


def email_field(label: str, **attrs: str) -> AddressField:
    """Return a field for an e-mail address, with words of ours."""
    words = NotAnAddress.default_message
    return AddressField(
        label=label,
        max_length=254,
        widget=forms.EmailInput(attrs={"spellcheck": "false", "autocapitalize": "none", **attrs}),
        error_messages={"required": words, "invalid": words},
    )


class NameField(forms.CharField):
    """A person's name, cleaned to one plain line."""

    def to_python(self, value: Any) -> Any:
        """Return the name as it is stored. Raises ValidationError."""
        text = super().to_python(value)
        try:
            return plain_name(text) if text else ""
        except NotAName as refusal:
            raise forms.ValidationError(refusal.message, code="invalid") from refusal


def name_field(label: str = "Full name") -> NameField:
    """Return a field for the name of a person, as it is printed on sheets."""
    return NameField(
        label=label,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the name."},
    )


class SignInForm(forms.Form):
    """Who you are."""

    email = email_field("E-mail address", autocomplete="username", autofocus="autofocus")
    password = password_field("Password", "current-password")


class SignInAgainForm(forms.Form):
    """The same person, over the page that they were on."""

    person = forms.UUIDField()
    password = password_field("Password", "current-password")


class JoinForm(forms.Form):
    """The password of the account that an invitation leads to, old or new."""

    password = password_field(
        "Password",
        "new-password",
        "If you already have an account for this address, use its password; "
        "otherwise choose one of at least 12 characters.",
    )


class RolesForm(forms.Form):
    """What a member of staff is there to do."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=OFFERED_ROLES,
        widget=forms.CheckboxSelectMultiple,
        help_text="One person may hold several. Nobody judges their own work, whatever their roles.",
        error_messages={"required": "Choose at least one role."},
    )

    def clean_roles(self) -> list[Role]:
        """Return the roles as values of Role."""
        return [Role(code) for code in self.cleaned_data["roles"]]


class InviteForm(RolesForm):
    """Who is invited to work in the centre."""

    name = name_field()
    email = email_field("E-mail address", autocomplete="off")
    field_order = ["name", "email", "roles"]


class StaffFilter(forms.Form):
    """What a list of staff is filtered by; a value that is none of ours filters nothing."""

    q = forms.CharField(required=False, max_length=100)
    role = forms.ChoiceField(required=False, choices=OFFERED_ROLES)
    sort = forms.ChoiceField(
        required=False, choices=[(key, key) for key in ("name", "-name", "joined", "-joined")]
    )
    size = forms.ChoiceField(required=False, choices=[(key, key) for key in ("25", "50", "100")])
