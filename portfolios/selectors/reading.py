"""What the page before submitting says of an attempt's own words: how many, and whom they may name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assessments.models import Assessment
from lib.words import counted
from portfolios.models import Evidence, Offer, Record, Submission, SupervisionSession
from portfolios.rules import text_in, word_count
from portfolios.rules.privacy import Found, possible_people
from portfolios.selectors.forms import Forms
from portfolios.selectors.practice import units_with_practice

# These boxes ask for a name, of the learner or of somebody who observed them.
ASK_FOR_A_NAME = "name"
MOST_NOTED = 20


@dataclass(frozen=True, slots=True)
class Written:
    """One text of a learner: where it stands, and the words."""

    place: str
    text: str
    part: str = ""
    record: Any = None


@dataclass(frozen=True, slots=True)
class Noted:
    """One passage that may name somebody, with where it stands."""

    found: Found
    written: Written


@dataclass(frozen=True, slots=True)
class Reading:
    """What is said of an attempt's words, none of which keeps it from being submitted."""

    words: str
    noted: list[Noted]


def reading_of(submission: Submission) -> Reading:
    """Return what to say of an attempt's words, in five queries at most."""
    answers, records = list(_answers(submission)), list(_records(submission))
    known = {submission.registration.learner.name, *_supervisors(submission)}
    noted = [
        Noted(found, written)
        for written in [*answers, *records]
        for found in possible_people(written.text, known=known)
    ]
    count = word_count(written.text for written in answers)
    return Reading(words=guide_in_words(count, submission.assessment), noted=noted[:MOST_NOTED])


def guide_in_words(count: int, assessment: Assessment) -> str:
    """Say how long the written answers are beside the guide; files are not counted."""
    low, high = assessment.word_count_min, assessment.word_count_max
    words = f"{counted(count, 'word')} in your written answers."
    if not high:
        return words
    guide = f"{low:,} to {high:,}" if low and low != high else f"{high:,}"
    if (low or 0) <= count <= high:
        return f"{words} That is within the guide of {guide}."
    beside = "longer" if count > high else "shorter"
    return f"{words} The guide is {guide}; {beside} work is still marked."


def _answers(submission: Submission) -> Iterator[Written]:
    offers = Offer.objects.filter(
        submission=submission, part_ref__in=submission.open_parts, evidence__kind=Evidence.Kind.TEXT
    )
    for offer in offers.select_related("evidence").order_by("part_ref", "id"):
        yield Written(offer.evidence.label, offer.evidence.text, part=offer.part_ref)


def _records(submission: Submission) -> Iterator[Written]:
    refs = [unit.ref for unit in units_with_practice(submission.assessment_id)]
    if not refs:
        return
    rows = Record.objects.filter(
        registration=submission.registration_id, unit_ref__in=refs, removed_at__isnull=True
    )
    # What assessors and tutors wrote is theirs.
    rows = rows.filter(signed_as__in=["", Record.SignedAs.LEARNER]).select_related("session", "supervision")
    forms = Forms(refs)
    for record in rows.order_by("added_at", "id"):
        form = forms.of_record(record)
        if form is not None and not _is_gone(record):
            texts = [
                text_in(box, record.answers)
                for box in form.part.asked
                if not box.label.lower().startswith(ASK_FOR_A_NAME)
            ]
            yield Written(_place(record, form.part.title), "\n".join(texts), record=record)


def _is_gone(record: Record) -> bool:
    about = record.session or record.supervision
    return about is not None and about.removed_at is not None


def _place(record: Record, title: str) -> str:
    about = record.session or record.supervision
    return f"{about}, {title}" if about else title


def _supervisors(submission: Submission) -> list[str]:
    rows = SupervisionSession.objects.filter(registration=submission.registration_id)
    return list(rows.values_list("supervisor", flat=True).distinct())
