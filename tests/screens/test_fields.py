"""A form field reads in the order label, hint, control, error, and says how the four belong together."""

from crispy_forms.utils import render_crispy_form
from django import forms


class Sample(forms.Form):
    name = forms.CharField(label="Full name", help_text="As on the registration.")
    note = forms.CharField(label="Note", required=False)
    decision = forms.ChoiceField(
        label="Decision", choices=[("PASS", "Pass"), ("REFERRAL", "Referral")], widget=forms.RadioSelect
    )


def test_hint_stands_between_label_and_control() -> None:
    page = render_crispy_form(Sample())
    assert page.index("Full name") < page.index("As on the registration.") < page.index('name="name"')
    assert 'aria-describedby="id_name_helptext"' in page


def test_optional_is_a_word_and_required_is_not_starred() -> None:
    page = render_crispy_form(Sample())
    assert page.count("(optional)") == 1
    assert "asterisk" not in page


def test_an_error_names_the_field_and_is_linked_from_the_summary() -> None:
    page = render_crispy_form(Sample({"note": "kept"}))
    assert 'href="#id_name"' in page
    assert 'href="#id_decision_0"' in page
    assert page.count("Full name is missing.") == 2
    assert page.count("Decision is not chosen.") == 2
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_error"' in page
    assert 'value="kept"' in page
