"""The one place where a submission changes its state."""

from datetime import datetime

from lib.refusals import Refusal
from portfolios.models import Submission
from portfolios.rules import State, may_move


class NotNow(Refusal):
    default_message = "This attempt has moved on since the page was opened. Open it again to see where it is."


def move_submission(*, submission: Submission, to: State, at: datetime, update: tuple[str, ...] = ()) -> None:
    """Write a locked submission's next state, with the other fields named. Raises NotNow."""
    if not may_move(State(submission.state), to):
        raise NotNow
    submission.state = to.value
    submission.state_at = at
    submission.save(update_fields=["state", "state_at", *update])
