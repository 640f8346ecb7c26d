"""Pages that are kept as pieces of evidence: who may write them, what signing means, and their words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from lib.visible import has_visible
from portfolios.rules.answers import Answers, written
from portfolios.rules.guests import NOTHING_SAID
from portfolios.rules.templates import Part, Signer

MAX_LABEL_CHARACTERS = 200
MEANINGS = {
    Signer.LEARNER: "This is my own work, and what I wrote here about it is true.",
    Signer.ASSESSOR: "I watched or questioned the learner myself, and this page says what was done and said.",
}
BY_PASSWORD = "Signed in, and confirmed with their password"
OWN_WORK = "This is your own portfolio. Somebody else observes you."
IN_CONFLICT = "You have a conflict of interest with this learner. Ask a colleague to observe them."
NOT_STAFF = "Assessors and tutors write this page."


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed a page, as what, when, what that means, and how it was done."""

    name: str
    role: str
    at: datetime
    meaning: str
    method: str

    @property
    def who(self) -> str:
        """The name with the role."""
        return f"{self.name}, {self.role}"

    @property
    def moment(self) -> str:
        """When it was signed."""
        return f"{self.at.astimezone(UTC):%-d %b %Y, %H:%M} UTC"


def label_of_piece(title: str, number: int, name: str) -> str:
    """Return what a piece is called, cut to its room.

    >>> label_of_piece("Witness testimony", 1, "Dana Reed")
    'Witness testimony 1, Dana Reed'
    """
    return f"{title} {number}, {name}"[:MAX_LABEL_CHARACTERS].rstrip()


def words_of_piece(
    title: str, facts: Iterable[tuple[str, str]], boxes: Iterable[tuple[str, str]], signed: Signed
) -> str:
    """Return a signed page in words: what it is, every box that says something, and who signed it."""
    head = "\n".join([title, *(f"{label}: {text}" for label, text in facts if text)])
    said = [f"{label}\n{text.strip()}" for label, text in boxes if has_visible(text)]
    foot = "\n".join([f"Signed by {signed.who}, {signed.moment}", signed.meaning, f"{signed.method}."])
    return "\n\n".join([head, *said, foot]) + "\n"


def what_forbids(*, is_staff: bool, is_own: bool, has_conflict: bool) -> str:
    """Say why somebody may not write about a learner; empty where nothing forbids it."""
    if is_own:
        return OWN_WORK
    if not is_staff:
        return NOT_STAFF
    return IN_CONFLICT if has_conflict else ""


def faults_before_keeping(part: Part, answers: Answers) -> dict[str, str]:
    """Return what keeps a page from being signed, by box: something has to be written on it."""
    asked = part.asked
    return {asked[0].key: NOTHING_SAID} if asked and not written(part, answers) else {}
