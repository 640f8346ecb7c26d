"""Where an attempt stands, in the learner's words, as far as this room knows."""

from dataclasses import dataclass

from portfolios.models import Submission
from portfolios.rules import State


@dataclass(frozen=True, slots=True)
class Standing:
    """A badge: its kind and its words; and one sentence that says what happens next."""

    kind: str
    label: str
    next: str


STANDINGS = {
    State.SUBMITTED: Standing(
        "waiting",
        "Submitted: waiting for an assessor",
        "An assessor takes it next. You can withdraw it until then.",
    ),
    State.IN_ASSESSMENT: Standing(
        "assessing", "Being assessed", "Your work is with an assessor. The result comes to your home page."
    ),
    State.ASSESSED: Standing(
        "provisional",
        "Assessed, being checked",
        "There is a provisional result. It may change until our quality checks are finished.",
    ),
    State.RELEASED: Standing("released", "Result released", "Your centre has confirmed the result."),
}
STANDINGS[State.AWAITING_COUNTERSIGN] = STANDINGS[State.IN_ASSESSMENT]
STANDINGS[State.IN_REVIEW] = STANDINGS[State.ASSESSED]


def standing_of(submission: Submission) -> Standing:
    """Return the badge of an attempt."""
    if submission.state == State.DRAFT.value:
        label = "Not submitted yet" if submission.attempt == 1 else f"Attempt {submission.attempt}: your turn"
        return Standing("draft", label, "Add something under each heading, then declare and submit.")
    return STANDINGS[State(submission.state)]
