"""What was written into the boxes of a record: checked, told apart from nothing, and counted."""

from collections.abc import Iterable, Mapping
from datetime import date

from lib.days import day_in
from lib.visible import has_visible
from portfolios.rules.lengths import whole_months
from portfolios.rules.sessions import before_registration
from portfolios.rules.templates import Box, Kind, Part, Subject

MAX_BOX_CHARACTERS = 20_000
TOO_LONG = f"This is longer than {MAX_BOX_CHARACTERS:,} characters. Split it, or add the rest as evidence."
NO_DATE = "Write the day as DD/MM/YYYY, for example 14/03/2026."


Answers = Mapping[str, str]


def clean_answers(part: Part, typed: Answers) -> tuple[dict[str, str], dict[str, str]]:
    """Return what may be kept of what was typed, by box, and what is wrong with the rest.

    What belongs to no box of the part is left out; an empty box keeps nothing, but for one that the paper
    fills: there, empty means struck out. A day is kept as it was written, so that half of one is not lost.
    """
    kept, faults = {}, {}
    for box in part.asked:
        text = typed.get(box.key, "")
        if not has_visible(text):
            text = ""
        fault = _fault(box, text, part)
        if fault:
            faults[box.key] = fault
        elif text or (box.default and box.key in typed):
            kept[box.key] = text
    return kept, faults


def written(part: Part, answers: Answers) -> list[Box]:
    """Return the boxes in which somebody wrote something of their own."""
    texts = [(box, answers.get(box.key, "")) for box in part.asked]
    return [box for box, text in texts if text != box.default and has_visible(text)]


def text_in(box: Box, answers: Answers) -> str:
    """Return what stands in a box: what was written, or the words that the paper brings."""
    return answers.get(box.key, box.default)


def word_count(texts: Iterable[str]) -> int:
    """Count the words of some texts, the way word processors do."""
    return sum(len(text.split()) for text in texts)


def speaks_of(part: Part, word: str) -> list[Box]:
    """Return the boxes that count as *feedback* received or as a *reflection*.

    The template says which they are; in one that says nothing they are those whose label has the word.
    """
    if part.says_what_counts:
        return [box for box in part.asked if box.counts_as == word]
    return [box for box in part.asked if word in box.label.lower()]


def plan_months(part: Part, answers: Answers, *, registered_on: date) -> int:
    """Return how many whole months a plan reaches: from its own day to the last day that it names.

    A plan dated before the registration reaches nowhere, and a day is named only beside what is to be
    reached by then and how that will show.
    """
    made = [day for day in _days(_own_days(part), answers) if day >= registered_on]
    named = _days((when for when, ends in _rows(part) if not _unfilled(ends, answers)), answers)
    return whole_months(min(made), max(named)) if made and named else 0


def parse_day(text: str) -> date | None:
    """Return the day that a date box holds, or None where it holds none.

    >>> parse_day("14/03/2026"), parse_day("next week")
    (datetime.date(2026, 3, 14), None)
    """
    found = day_in(text)
    if found is None:
        return None
    day, month, year = found
    try:
        return date(year, month, day)
    except ValueError:
        return None


def remarks(part: Part, answers: Answers, *, registered_on: date) -> dict[str, str]:
    """Return what to say beside boxes that are kept as they are: a day that no calendar has, and one in a
    plan that does not count."""
    filled = [box for box in part.asked if box.kind is Kind.DATE and answers.get(box.key)]
    said = {box.key: NO_DATE for box in filled if parse_day(answers[box.key]) is None}
    if part.subject is Subject.PLAN:
        said = _uncounted(part, answers, registered_on) | said
    return said


def _uncounted(part: Part, answers: Answers, registered_on: date) -> dict[str, str]:
    """Return why days of a plan do not count, by box."""
    early = before_registration(registered_on)
    own = [box for box in _own_days(part) if any(day < registered_on for day in _days([box], answers))]
    lacking = {
        when.key: [box.column for box in _unfilled(ends, answers)]
        for when, ends in _rows(part)
        if answers.get(when.key)
    }
    return {box.key: early for box in own} | {
        key: "Fill in “" + "” and “".join(columns) + "” in this row, so that its day counts."
        for key, columns in lacking.items()
        if columns
    }


def _own_days(part: Part) -> list[Box]:
    return [box for box in part.asked if box.kind is Kind.DATE and box.key.startswith("f")]


def _rows(part: Part) -> list[tuple[Box, list[Box]]]:
    """Return the days of a plan's table, each with the first and the last of the texts beside it."""
    found = []
    for row in (row for group in part.groups if group.columns for row in group.rows):
        texts = [box for box in row if box.kind is Kind.TEXT]
        ends = list(dict.fromkeys([*texts[:1], *texts[-1:]]))
        found += [(box, ends) for box in row if box.kind is Kind.DATE]
    return found


def _unfilled(boxes: Iterable[Box], answers: Answers) -> list[Box]:
    return [box for box in boxes if not has_visible(text_in(box, answers))]


def _days(boxes: Iterable[Box], answers: Answers) -> list[date]:
    return [day for box in boxes if (day := parse_day(answers.get(box.key, "")))]


def _fault(box: Box, text: str, part: Part) -> str:
    if len(text) > MAX_BOX_CHARACTERS:
        return TOO_LONG
    if box.kind is Kind.RATING and text and not _is_on_scale(text, part):
        low, high = part.scale or (0, 0)
        return f"Choose a number from {low} to {high}."
    return ""


def _is_on_scale(text: str, part: Part) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5 and int(text) in part.ratings
