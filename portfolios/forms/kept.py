"""What proves who signs a page, checked; nothing is saved here."""

from django import forms


class PasswordForm(forms.Form):
    """The password again, and the version of the page that was read."""

    version = forms.IntegerField(required=False, min_value=0, max_value=10**9, widget=forms.HiddenInput)
    password = forms.CharField(
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput,
        error_messages={"required": "Enter your password to sign."},
    )


class LearnerFilter(forms.Form):
    """Which learners are listed."""

    q = forms.CharField(required=False, max_length=100)
