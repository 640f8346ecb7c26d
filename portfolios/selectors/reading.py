"""What the page before submitting says of an attempt's own words: how many, and whom they may name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from assessments.models import Assessment
from lib.words import counted
from portfolios.models import Evidence, GuestSignature, Offer, Record, Submission, SupervisionSession
from portfolios.rules import text_in, word_count
from portfolios.rules.guests import Guest
from portfolios.rules.privacy import Found, Hand, possible_people
from portfolios.selectors.extent import words_of_file
from portfolios.selectors.forms import Form, Forms
from portfolios.selectors.guests import NOTHING, Heard, heard_of, signatory
from portfolios.selectors.practice import units_with_practice
from portfolios.selectors.programme import deviations_for

# These boxes ask for a name, of the learner or of somebody who observed them.
ASK_FOR_A_NAME = "name"
MOST_NOTED = 20


@dataclass(frozen=True, slots=True)
class Written:
    """One text of a portfolio: where it stands, the words, and who wrote them unless the learner did."""

    place: str
    text: str
    part: str = ""
    record: Any = None
    writer: str = ""
    hand: Hand = Hand.OWN


@dataclass(frozen=True, slots=True)
class Noted:
    """One passage that may name somebody, with where it stands."""

    found: Found
    written: Written

    @property
    def question(self) -> str:
        """The question to the learner."""
        return self.found.question(writer=self.written.writer, hand=self.written.hand)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is said of an attempt's words, none of which keeps it from being submitted."""

    words: str
    noted: list[Noted]


@dataclass(frozen=True, slots=True)
class _Page:
    record: Record
    form: Form
    heard: Heard


def reading_of(submission: Submission) -> Reading:
    """Return what to say of an attempt's words, in eight queries at most."""
    offers, pages = _offers(submission), _pages(submission)
    answers = list(_answers(offers))
    known = {submission.registration.learner.name, *_supervisors(submission), *_signatories(pages)}
    records = [written for page in pages for written in _on_page(page)]
    noted = [
        Noted(found, written)
        for written in [
            *answers,
            *records,
            *_approved(submission),
            *_in_files(offers, kept={page.record.evidence_id for page in pages}),
        ]
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


def _offers(submission: Submission) -> list[Any]:
    offers = Offer.objects.filter(
        submission=submission,
        part_ref__in=submission.open_parts,
        evidence__state=Evidence.State.CLEAN,
        evidence__removed_at__isnull=True,
    )
    return list(offers.select_related("evidence").order_by("part_ref", "id"))


def _answers(offers: Iterable[Any]) -> Iterator[Written]:
    for offer in offers:
        if offer.evidence.kind == Evidence.Kind.TEXT:
            yield Written(offer.evidence.label, offer.evidence.text, part=offer.part_ref)


def _in_files(offers: Iterable[Any], *, kept: set[Any]) -> Iterator[Written]:
    """Yield the words of each document once; ``kept`` pages are read as the records that they are."""
    files = {row.evidence_id: row for row in offers if row.evidence.storage_key}
    files = {pk: row for pk, row in files.items() if pk not in kept}
    for offer in files.values():
        yield Written(
            offer.evidence.label, words_of_file(offer.evidence), part=offer.part_ref, hand=Hand.FILE
        )


def _pages(submission: Submission) -> list[_Page]:
    """Return the pages that go with an attempt: records of its units, and those kept as what it offers."""
    refs = [unit.ref for unit in units_with_practice(submission.assessment_id)]
    offered = Offer.objects.filter(submission=submission).values("evidence")
    rows = Record.objects.filter(
        Q(unit_ref__in=refs) | Q(evidence__in=offered),
        registration=submission.registration_id,
        removed_at__isnull=True,
    )
    # What assessors and tutors wrote is theirs.
    rows = rows.filter(signed_as__in=["", Record.SignedAs.LEARNER]).select_related("session", "supervision")
    records = [row for row in rows.order_by("added_at", "id") if not _is_gone(row)]
    forms = Forms({*refs, *(row.unit_ref for row in records)})
    heard = heard_of(record__registration=submission.registration_id)
    found = ((row, forms.of_record(row)) for row in records)
    return [_Page(row, form, heard.get(row.pk, NOTHING)) for row, form in found if form is not None]


def _on_page(page: _Page) -> Iterator[Written]:
    """Yield what the learner wrote on a page, and what everyone else who filled it in wrote."""
    place = _place(page.record, page.form.part.title)
    theirs = page.heard.author_of
    own = {key: text for key, text in page.record.answers.items() if key not in theirs}
    stays = page.heard.is_locked or page.record.evidence_id is not None
    yield Written(place, _words(page.form, own), record=page.record, hand=Hand.SIGNED if stays else Hand.OWN)
    for row in page.heard.signatures:
        text = _words(page.form, row.answers)
        yield Written(place, text, record=page.record, writer=_writer(row), hand=Hand.SIGNED)


def _writer(row: GuestSignature) -> str:
    """Return who signed as a sentence about them begins: a client is a number, or nobody named."""
    name = signatory(row)
    if name == Guest.CLIENT.label:
        return "Your client"
    return f"{name}," if "," in name else name


def _words(form: Form, answers: dict[str, str]) -> str:
    boxes = [box for box in form.part.asked if not box.label.lower().startswith(ASK_FOR_A_NAME)]
    return "\n".join(text_in(box, answers) for box in boxes)


def _approved(submission: Submission) -> Iterator[Written]:
    """Yield what was approved to differ, which goes on the result sheet."""
    for row in deviations_for(submission):
        place = f"Approved {row.approved_on:%-d %b %Y}"
        yield Written(place, row.text, writer=row.recorded_by.name, hand=Hand.STAFF)


def _is_gone(record: Record) -> bool:
    about = record.session or record.supervision
    return about is not None and about.removed_at is not None


def _place(record: Record, title: str) -> str:
    about = record.session or record.supervision
    return f"{about}, {title}" if about else title


def _supervisors(submission: Submission) -> list[str]:
    rows = SupervisionSession.objects.filter(registration=submission.registration_id)
    return list(rows.values_list("supervisor", flat=True).distinct())


def _signatories(pages: Iterable[_Page]) -> list[str]:
    """Return who signed pages in their own name; a client has none in a portfolio."""
    rows = (row for page in pages for row in page.heard.signatures)
    return [row.name for row in rows if row.link.guest != Guest.CLIENT.value]
