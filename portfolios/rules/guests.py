"""What somebody without an account is asked of a record: who, which boxes, and what their name stands for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portfolios.rules.answers import Answers, clean_answers, text_in, written
from portfolios.rules.templates import Box, Kind, Known, Part, Signer, Subject

SHORTEST_DAYS = 1
LONGEST_DAYS = 60
USUAL_DAYS = 14
DAYS = f"Choose {SHORTEST_DAYS} to {LONGEST_DAYS} days."
NOTHING_SAID = "Write something first, then sign."


class Guest(StrEnum):
    """Who answers or signs a page besides the learner."""

    CLIENT = "CLIENT"
    SUPERVISOR = "SUPERVISOR"
    STAKEHOLDER = "STAKEHOLDER"
    WITNESS = "WITNESS"

    @property
    def label(self) -> str:
        """The guest as pages name them."""
        return _LABELS[self]


class Task(StrEnum):
    """What is asked of them: to fill the page in, to sign what it says, or to confirm a meeting."""

    ANSWER = "ANSWER"
    SIGN = "SIGN"
    CONFIRM = "CONFIRM"

    @property
    def meaning(self) -> str:
        """What their name stands for."""
        return _MEANINGS[self]


class Standing(StrEnum):
    """How a link stands."""

    OPEN = "open"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_LABELS = {
    Guest.CLIENT: "Client",
    Guest.SUPERVISOR: "Supervisor or tutor",
    Guest.STAKEHOLDER: "Stakeholder",
    Guest.WITNESS: "Witness",
}
_MEANINGS = {
    Task.ANSWER: "These are my own answers, and I agree that they are kept as evidence in this portfolio.",
    Task.SIGN: "I have read this page, and I agree that what it says is true.",
    Task.CONFIRM: "This session took place as it is stated here, and what I wrote about it is my own.",
}
_FACTS = (
    (Known.LEARNER, "Learner"),
    (Known.CLIENT, "Client"),
    (Known.NUMBER, "Session"),
    (Known.DATE, "Date"),
    (Known.LENGTH, "Length"),
)
# Whose signature the paper asks for, beside the learner's own.
_SIGNATURE = re.compile(r"^signature of (?P<whose>.+)$")
_WHOSE: tuple[tuple[str, Guest], ...] = (
    (r"mentee|client|coachee", Guest.CLIENT),
    (r"stakeholder", Guest.STAKEHOLDER),
    (r"supervisor|tutor", Guest.SUPERVISOR),
    (r"witness", Guest.WITNESS),
)
# What the link and the signature state, so that nobody types it.
_STATED = re.compile(r"^(client ref\b.*|date|name of (?!mentor$|coach$|learner$).*)$")


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that one guest may be asked of a page."""

    guest: Guest
    task: Task


def asks_of(part: Part) -> tuple[Ask, ...]:
    """Return what may be asked of others about a page, from what its template says.

    A page that is rated or that the paper gives to somebody else is theirs to answer; one with their
    signature is read and signed; that a session took place is confirmed by whom it was with.
    """
    if part.scale is not None:
        return (Ask(Guest.CLIENT, Task.ANSWER),)
    if part.signer not in (None, Signer.WITNESS):
        return ()
    if part.by:  # what the centre's own people write has its own door
        return tuple(Ask(guest, Task.ANSWER) for guest in _named(part.by)[:1])
    found = [guest for box in part.asked for guest in _signatory(box)]
    if part.subject is Subject.SUPERVISION:
        found.append(Guest.SUPERVISOR)
    asks = [Ask(guest, Task.SIGN) for guest in dict.fromkeys(found)]
    if part.subject is Subject.SESSION and not asks:
        asks.append(Ask(Guest.CLIENT, Task.CONFIRM))
    return tuple(asks)


def boxes_for(part: Part, task: Task) -> tuple[Box, ...]:
    """Return the boxes that are the guest's to fill in."""
    if task is Task.ANSWER:
        return tuple(box for box in part.asked if not _STATED.match(box.label.lower()))
    if task is Task.CONFIRM:
        return tuple(box for box in part.asked if re.search(r"\bfeedback from\b", box.label.lower()))
    return ()


def stated(part: Part, task: Task, *, name: str, day: date, client: str) -> dict[str, str]:
    """Return what the boxes say that the link and the signature answer by themselves."""
    if task is not Task.ANSWER:
        return {}
    found = {}
    for box in part.asked:
        label = box.label.lower()
        if label == "date":
            found[box.key] = f"{day:%d/%m/%Y}"
        elif label.startswith("client ref") and client:
            found[box.key] = client
        elif _STATED.match(label) and label.startswith("name of "):
            found[box.key] = name
    return found


def clean_guest(part: Part, task: Task, typed: Answers) -> tuple[dict[str, str], dict[str, str]]:
    """Return what may be kept of what a guest typed, and what is wrong with the rest, by box."""
    own = {box.key for box in boxes_for(part, task)}
    return clean_answers(part, {key: text for key, text in typed.items() if key in own})


def faults_before_signing(part: Part, task: Task, answers: Answers) -> dict[str, str]:
    """Return what is missing before a guest's answers can be signed, by box.

    Every line of a scale is rated, and whoever answers a page without one writes something on it.
    """
    own = boxes_for(part, task)
    low, high = part.scale or (0, 0)
    unrated = [box.key for box in own if box.kind is Kind.RATING and not answers.get(box.key)]
    if unrated:
        return dict.fromkeys(unrated, f"Choose a number from {low} to {high}.")
    if task is Task.ANSWER and not any(answers.get(box.key) for box in own):
        return {own[0].key: NOTHING_SAID} if own else {}
    return {}


def standing_of_link(*, is_signed: bool, is_withdrawn: bool, expires_at: datetime, at: datetime) -> Standing:
    """Return how a link stands; what was signed stays signed, whatever the time."""
    if is_signed:
        return Standing.SIGNED
    if is_withdrawn:
        return Standing.WITHDRAWN
    return Standing.EXPIRED if at >= expires_at else Standing.OPEN


def shown_to_guest(
    part: Part, task: Task, answers: Answers, facts: Mapping[Known, str]
) -> list[dict[str, str]]:
    """Return, line by line, what a guest is shown; the same lines are what they sign.

    Of a meeting that is confirmed, that is when and with whom it was and no more: what the learner wrote
    about it is the learner's.
    """
    known = {} if task is Task.CONFIRM else {box.known for box in part.boxes}
    lines = [
        {"label": label, "text": facts[fact]}
        for fact, label in _FACTS
        if fact not in known and facts.get(fact)
    ]
    if task is Task.CONFIRM:
        return lines
    for box in part.boxes:
        text = facts.get(box.known, "") if box.known else ""
        if task is Task.SIGN and not box.known and not _signature_line(box):
            text = text_in(box, answers)
        if text:
            lines.append({"label": box.label, "text": text})
    return lines


def is_ready_for(part: Part, task: Task, answers: Answers) -> bool:
    """Say whether a link may be made: a page to be answered is empty yet, one to be signed says something."""
    if task is Task.ANSWER:
        return not written(part, answers)
    return task is Task.CONFIRM or bool(written(part, answers))


def _signatory(box: Box) -> list[Guest]:
    found = _SIGNATURE.match(box.label.lower())
    return _named(found["whose"]) if found else []


def _named(words: str) -> list[Guest]:
    return [guest for pattern, guest in _WHOSE if re.search(pattern, words.lower())]


def _signature_line(box: Box) -> bool:
    """Say whether a box is where others sign on paper, or the day beside it."""
    label = box.label.lower().removeprefix("date of ")
    return label.startswith("signature of ") and bool(_named(label.removeprefix("signature of ")))
