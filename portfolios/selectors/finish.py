"""What is still to be written about one session that is being finished."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portfolios.models import PracticeSession, Record
from portfolios.rules import Subject, written
from portfolios.selectors.forms import Form, Forms
from portfolios.selectors.practice import Book, practice_in, requirement_of
from qualifications.models import Unit

UNWRITTEN = "It is not written up yet."
WITHOUT_FEEDBACK = "Nothing is written of the feedback you received."
WITHOUT_REFLECTION = "There is no reflection on it yet."


@dataclass(frozen=True, slots=True)
class Left:
    """What is still to be written, in words, and whether a reflection may be begun."""

    texts: Sequence[str]
    may_reflect: bool = False


def left_of_session(session: PracticeSession, unit: Unit) -> Left:
    """Return what is still to be written about a practice session, by what its unit counts."""
    forms = Forms([unit.ref])
    records = list(Record.objects.filter(session=session, removed_at__isnull=True))
    book = Book(sessions=[session], records=records)
    practice = practice_in(book, forms, requirement_of(unit))
    counts = (
        (practice.unwritten, UNWRITTEN),
        (practice.without_feedback, WITHOUT_FEEDBACK),
        (practice.unreflected, WITHOUT_REFLECTION),
    )
    return Left(
        texts=[text for count, text in counts if count],
        may_reflect=may_reflect((forms.of_record(record) for record in records), forms, unit),
    )


def left_of_supervision(records: Iterable[Record], unit: Unit) -> Left:
    """Return what is still to be written about a supervision session: what came of it."""
    forms = Forms([unit.ref])
    pairs = [(record, forms.of_record(record)) for record in records]
    is_written = any(form and written(form.part, record.answers) for record, form in pairs)
    return Left(texts=[] if is_written else [UNWRITTEN])


def may_reflect(begun: Iterable[Form | None], forms: Forms, unit: Unit) -> bool:
    """Say whether the unit has a form for reflections that is not begun yet."""
    keys = {form.key for form in begun if form}
    return any(form.key not in keys for form in forms.about(unit.ref, Subject.REFLECTION))
