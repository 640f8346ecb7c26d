"""What looks like a person in a text: pointed at as a question before submitting, never a refusal."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(r"(?<![\w/.-])(?:\+\d{1,3}[ -]?|\(?0)(?:[\d][ ()-]{0,2}){8,11}\d(?![\w/])")
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Rev)\b\.? [A-ZÀ-ÞĀ-ŽŴŶ][\w'’-]+(?: [A-ZÀ-ÞĀ-Ž][\w'’-]+)?"
)
_PAIR = re.compile(r"(?<=[\w,;] )[A-ZÀ-Þ][a-zà-ÿ'’-]{2,20} (?:Mc|Mac|O['’])?[A-ZÀ-Þ][a-zà-ÿ'’-]{2,20}\b")
# Two capitals in a row that are no person: days, months, and what these qualifications talk about.
_COMMON = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|client|session|unit|level|section|grow|swot|smart|human|resources"
    r"|kolb|honey|mumford|johari|window|learning|outcome|coaching|mentoring|emotional|intelligence|active"
    r"|listening|action|plan|the|this|that)\b",
    re.IGNORECASE,
)


class Hand(StrEnum):
    """In whose hand a passage is, which decides what can be done about it."""

    OWN = "OWN"
    SIGNED = "SIGNED"
    FILE = "FILE"
    STAFF = "STAFF"


_MENDS = {
    Hand.SIGNED: "What is signed stays as it is: if so, ask for a new page, or leave this one out.",
    Hand.FILE: "If so, put a copy that says “Client 1” in its place, or leave it out.",
    Hand.STAFF: "If so, ask them to record it anew.",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One passage that may say who somebody is: what kind it seems to be, and the words themselves."""

    kind: str
    words: str

    def question(self, *, writer: str = "", hand: Hand = Hand.OWN) -> str:
        """Return the question to the learner, who wrote it unless a ``writer`` did, with what can be done."""
        said = f"{writer or 'You'} wrote “{self.words}”"
        if hand is Hand.FILE:
            said = f"The file says “{self.words}”"
        if self.kind == "name":
            whose = "somebody's" if writer else "your client's"
            return f"{said}. Is that {whose} real name? {_MENDS.get(hand, 'Use “Client 1” if it is.')}"
        thing = "an e-mail address" if self.kind == "email" else "a phone number"
        if hand is Hand.OWN:
            return f"{said}, which looks like {thing}. Take it out if it is somebody's."
        return f"{said}, which looks like {thing}. Is it somebody's? {_MENDS[hand]}"


def possible_people(text: str, *, known: Iterable[str] = ()) -> list[Found]:
    """Return what in a text looks like a name, an e-mail address or a phone number, each once.

    ``known`` are names that belong there, such as the learner's own and the supervisor's.

    >>> [found.words for found in possible_people("I met Mr Jones; write to jo@example.org.")]
    ['jo@example.org', 'Mr Jones']
    """
    passed = frozenset(word for name in known for word in name.lower().split())
    return list(dict.fromkeys(found for found in _all(text) if not _belongs(found, passed)))


def _all(text: str) -> Iterator[Found]:
    yield from (Found("email", match.rstrip(".")) for match in _EMAIL.findall(text))
    yield from (Found("phone", match.strip()) for match in _PHONE.findall(text))
    yield from (Found("name", match) for match in _TITLED.findall(text))
    titled = _TITLED.sub(" ", text)
    yield from (Found("name", match) for match in _PAIR.findall(titled) if not _COMMON.search(match))


def _belongs(found: Found, passed: frozenset[str]) -> bool:
    """Say whether a name is one of those known: its last word is theirs."""
    return found.kind == "name" and found.words.lower().split()[-1] in passed
