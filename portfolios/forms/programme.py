"""What tutors write into a programme."""

import re
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms

from assessments.models import ApprovedDeviation
from centres.forms import DayField
from portfolios.forms import LengthFields, WrittenField
from portfolios.models import ProgrammeEntry
from portfolios.rules import ProgrammeKind

WHEN = {
    ProgrammeKind.INITIAL: "DD/MM/YYYY, before the programme starts.",
    ProgrammeKind.ACCESS: "DD/MM/YYYY, the day on which it was agreed: before the assessment.",
    ProgrammeKind.SPECIAL: "DD/MM/YYYY, the day on which it was decided: after the assessment.",
    ProgrammeKind.PRIOR: "DD/MM/YYYY, the day on which it was decided.",
}
NOTES = {
    ProgrammeKind.INITIAL: ("What it showed", "Needs, support, and what follows from them."),
    ProgrammeKind.INDUCTION: ("Anything else", "What was handed out, and where it is kept."),
    ProgrammeKind.TUTORIAL: ("What it was about", "A sentence or two, and what was agreed."),
    ProgrammeKind.PRIOR: (
        "What is recognised, and on what evidence",
        "Certificates, experience, who checked.",
    ),
    ProgrammeKind.ACCESS: (
        "What is arranged",
        "For example a reader, a scribe or more time. What the assessment demands stays the same.",
    ),
    ProgrammeKind.SPECIAL: (
        "What happened, and what is considered",
        "Something unforeseen, during or near it.",
    ),
}


class EntryForm(LengthFields):
    """One event of a programme; it has the fields of its kind and no others."""

    date = DayField(label="Date", error_messages={"required": "Enter the day."})
    covered = forms.MultipleChoiceField(
        label="What it covered",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list."},
    )
    assessment = forms.ChoiceField(
        label="For which assessment",
        required=False,
        error_messages={"invalid_choice": "Choose an assessment from the list."},
    )
    submission = forms.ChoiceField(
        label="For which attempt",
        error_messages={
            "required": "Choose the attempt. Special consideration comes after one was submitted.",
            "invalid_choice": "Choose an attempt from the list.",
        },
    )
    unit = forms.ChoiceField(
        label="For which unit",
        required=False,
        error_messages={"invalid_choice": "Choose a unit of the list."},
    )
    criteria = forms.CharField(
        label="For which criteria",
        required=False,
        max_length=200,
        help_text="For example 1.1, 1.3. Leave it empty for all of the unit.",
        widget=forms.TextInput(attrs={"class": "w-medium", "autocomplete": "off"}),
    )
    note = WrittenField(
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write it down in a sentence or two."},
    )
    reason = WrittenField(
        label="Why you correct it",
        max_length=1000,
        help_text="What it said before stays readable beside it.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why. It stays on record."},
    )
    field_order = [
        "date",
        "hours",
        "minutes",
        "covered",
        "assessment",
        "submission",
        "unit",
        "criteria",
        "note",
    ]

    def __init__(
        self,
        *args: Any,
        kind: ProgrammeKind,
        points: tuple[str, ...] = (),
        assessments: list[tuple[str, str]] | None = None,
        attempts: list[tuple[str, str]] | None = None,
        units: dict[str, list[str]] | None = None,
        is_correction: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.units = units or {}
        fields: Any = self.fields
        fields["date"].help_text = WHEN.get(kind, "DD/MM/YYYY, the day on which it took place.")
        fields["note"].label, fields["note"].help_text = NOTES[kind]
        fields["note"].required = kind is not ProgrammeKind.INDUCTION
        if kind is ProgrammeKind.INITIAL:
            fields["covered"].label = "What it looked at"
        fields["covered"].choices = [(point, point) for point in points]
        fields["assessment"].choices = [("", "Every assessment from that day on"), *(assessments or [])]
        fields["submission"].choices = [("", "Choose"), *(attempts or [])]
        fields["unit"].choices = [("", "The qualification in general"), *((ref, ref) for ref in self.units)]
        for name in self._left_out(kind, has_points=bool(points), is_correction=is_correction):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Return the length in minutes as ``length`` where the kind has one."""
        if "hours" in self.fields:
            return super().clean()
        return self.cleaned_data

    def clean_criteria(self) -> list[str]:
        """Return the references of the criteria. Raises ValidationError for one that the unit has not."""
        refs = [ref for ref in re.split(r"[\s,;]+", self.cleaned_data["criteria"]) if ref]
        unit = self.cleaned_data.get("unit", "")
        if refs and not unit:
            raise forms.ValidationError("Choose the unit that these criteria belong to.")
        for ref in refs:
            if ref not in self.units[unit]:
                raise forms.ValidationError(f"AC {ref[:20]} is not in {unit}. Enter criteria of this unit.")
        return list(dict.fromkeys(refs))

    def facts(self) -> dict[str, Any]:
        """Return what the action takes."""
        data = self.cleaned_data
        return {
            "held_on": data["date"],
            "minutes": data.get("length"),
            "covered": data.get("covered", []),
            "note": data.get("note", ""),
            "assessment_id": data.get("assessment") or None,
            "submission_id": data.get("submission") or None,
            "unit_ref": data.get("unit", ""),
            "criteria": data.get("criteria", []),
        }

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        length = [name for name in ("date", "hours", "minutes") if name in self.fields]
        rest = [name for name in self.fields if name not in length]
        helper.layout = Layout(Div(*length, css_class="facts-fields"), *rest)
        return helper

    def _left_out(self, kind: ProgrammeKind, *, has_points: bool, is_correction: bool) -> list[str]:
        wanted = {
            "hours": kind.is_timed,
            "minutes": kind.is_timed,
            "covered": has_points,
            "assessment": kind is ProgrammeKind.ACCESS,
            "submission": kind is ProgrammeKind.SPECIAL,
            "unit": kind is ProgrammeKind.PRIOR,
            "criteria": kind is ProgrammeKind.PRIOR,
            "reason": is_correction,
            "version": False,
        }
        return [name for name, is_wanted in wanted.items() if not is_wanted]


class CohortFilter(forms.Form):
    """What the list of programmes is narrowed to; a value that is none of ours narrows nothing."""

    q = forms.CharField(required=False, max_length=100)
    cohort = forms.UUIDField(required=False)
    qualification = forms.SlugField(required=False, max_length=80)
    state = forms.ChoiceField(required=False, choices=[(name, name) for name in ("stuck", "missing", "done")])
    sort = forms.ChoiceField(
        required=False,
        choices=[(name, name) for key in ("name", "registered", "cohort") for name in (key, f"-{key}")],
    )


class WithdrawForm(forms.Form):
    """Why something recorded does not count."""

    reason = WrittenField(
        label="Why it does not count",
        max_length=1000,
        help_text="It stays readable, with your reason.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why. It stays on record."},
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout("reason")
        return helper


class DeviationForm(forms.Form):
    """What the awarding body approved to differ from an assessment, when, and its letter."""

    assessment = forms.ChoiceField(
        label="For which assessment",
        error_messages={
            "required": "Choose the assessment.",
            "invalid_choice": "Choose an assessment from the list.",
        },
    )
    kind = forms.ChoiceField(
        label="What differs",
        choices=ApprovedDeviation.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what differs.", "invalid_choice": "Choose from the list."},
    )
    text = WrittenField(
        label="What is approved",
        max_length=4000,
        help_text="In the words of the approval: what the learner does instead, and why.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write down what is approved."},
    )
    approved_on = DayField(
        label="Approved on",
        help_text="DD/MM/YYYY, the date of the approval: before the work is submitted.",
        error_messages={"required": "Enter the date of the approval."},
    )
    letter = forms.FileField(
        label="The approval",
        help_text="The letter or e-mail as a file: PDF, Word or a picture, up to 10 MB.",
        error_messages={
            "required": "Choose the file with the approval.",
            "empty": "This file is empty. Open it, check it, and choose it again.",
        },
    )

    def __init__(self, *args: Any, assessments: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["assessment"]
        field.choices = [("", "Choose"), *assessments]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout("assessment", "kind", "text", "approved_on", "letter")
        return helper


def values_of(entry: ProgrammeEntry) -> dict[str, Any]:
    """Return what the form of a correction shows first: what the row says."""
    hours, minutes = divmod(entry.minutes or 0, 60)
    day: date = entry.held_on
    return {
        "date": day,
        "hours": str(hours),
        "minutes": str(minutes),
        "covered": entry.covered,
        "assessment": str(entry.assessment_id or ""),
        "submission": str(entry.submission_id or ""),
        "unit": entry.unit_ref,
        "criteria": ", ".join(entry.criteria),
        "note": entry.note,
    }
