"""What learners type and choose: texts, the declaration and the refusal."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from portfolios.rules import DECLARATION

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
