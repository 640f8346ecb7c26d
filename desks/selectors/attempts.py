"""The attempts of one learner, as the office or a tutor reads them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from centres.models import Learner
from lib.words import counted
from marking.models import ResultSheet
from portfolios.models import Submission
from portfolios.rules import State
from portfolios.selectors.state import Standing, standing_of
from quality_assurance.models import Release

OFFICE_WORDS = {
    State.DRAFT: Standing("draft", "Draft", ""),
    State.IN_ASSESSMENT: Standing("assessing", "Being assessed", ""),
    State.AWAITING_COUNTERSIGN: Standing("waiting", "Waiting to be countersigned", ""),
    State.ASSESSED: Standing("provisional", "Assessed (provisional)", ""),
    State.IN_REVIEW: Standing("provisional", "In review (provisional)", ""),
}


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One attempt, how it stands, and its result sheet once there is one."""

    submission: Submission
    standing: Standing
    sheet_id: UUID | None


def attempts_of(learner: Learner, *, in_office_words: bool, at: datetime) -> list[AttemptLine]:
    """Return a learner's attempts, the latest registration first, in three queries.

    Only the office reads that something is in review; everybody else reads the learner's words.
    """
    rows = list(
        Submission.objects.filter(registration__learner=learner)
        .select_related("assessment", "registration__qualification")
        .order_by("-registration__registered_on", "assessment__title", "attempt", "pk")
    )
    outcomes = dict(Release.objects.filter(submission__in=rows).values_list("submission_id", "outcome"))
    sheets = dict(
        ResultSheet.objects.filter(submission__in=rows)
        .order_by("revision")
        .values_list("submission_id", "pk")
    )
    return [
        AttemptLine(
            row,
            _standing(row, outcomes.get(row.pk), at) if in_office_words else _told(row, outcomes.get(row.pk)),
            sheets.get(row.pk),
        )
        for row in rows
    ]


def _standing(submission: Submission, outcome: str | None, at: datetime) -> Standing:
    state = State(submission.state)
    if state is State.SUBMITTED and submission.submitted_at:
        days = (at - submission.submitted_at).days
        return Standing("waiting", f"Waiting, {counted(days, 'day')}", "")
    return OFFICE_WORDS.get(state) or _told(submission, outcome)


def _told(submission: Submission, outcome: str | None) -> Standing:
    if submission.state == State.RELEASED.value and outcome:
        label = "Pass" if outcome == "PASS" else "Referral"
        return Standing(label.lower(), f"Released: {label}", "")
    return standing_of(submission)
