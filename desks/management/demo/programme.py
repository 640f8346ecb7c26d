"""The demonstration's programmes: initial assessments, inductions, tutorials, and what was agreed beside."""

from datetime import datetime
from io import BytesIO
from typing import Any

from assessments.models import Assessment
from assessments.selectors.programme import programme_of
from centres.models import Membership
from portfolios import actions
from portfolios.actions.deviate import record_deviation
from portfolios.models import ProgrammeEntry
from portfolios.rules import ProgrammeKind
from qualifications.models import Registration

LETTER = (
    "To the centre\n\nWe approve that the learner presents the work for unit 300 to the assessor, with "
    "notes, instead of handing in a written report. The criteria stay as they are.\n\nQuality Team\n"
)


class Programme:
    """Keeps the programme of one registration for a tutor."""

    def __init__(self, registration: Registration, *, tutor: Membership) -> None:
        self.registration = registration
        self.tutor = tutor
        self.needs = programme_of(registration.qualification)

    def assess(self, at: datetime, note: str) -> None:
        """Record the initial assessment, with every point of it."""
        covered = list(self.needs.initial_assessment)
        self.enter(ProgrammeKind.INITIAL, at, note, covered=covered)

    def induct(self, at: datetime, *, minutes: int = 60, uncovered: int = 0) -> ProgrammeEntry:
        """Record the induction; the last points of its list are left for another day."""
        covered = list(self.needs.induction)
        covered = covered[: len(covered) - uncovered]
        note = "Handbook and written information given out."
        return self.enter(ProgrammeKind.INDUCTION, at, note, minutes=minutes, covered=covered)

    def tutor_for(self, at: datetime, minutes: int, note: str) -> None:
        """Record a tutorial."""
        self.enter(ProgrammeKind.TUTORIAL, at, note, minutes=minutes)

    def enter(self, kind: ProgrammeKind, at: datetime, note: str, **facts: Any) -> ProgrammeEntry:
        """Record an event of the day it happened on."""
        return actions.record_entry(
            registration=self.registration,
            kind=kind,
            facts=actions.EntryFacts(held_on=at.date(), note=note, **facts),
            by=self.tutor,
            at=at,
        )

    def deviate(self, key: str, at: datetime) -> None:
        """Record that the awarding body approved another method."""
        record_deviation(
            registration=self.registration,
            assessment_id=Assessment.objects.get(key=key).pk,
            kind="METHOD",
            text="A presentation with notes instead of the written report.",
            approved_on=at.date(),
            name="approval-unit-300.txt",
            letter=BytesIO(LETTER.encode()),
            by=self.tutor,
            at=at,
        )


def confirm(entry: ProgrammeEntry, *, by: Membership, at: datetime) -> None:
    """Let the learner confirm an induction."""
    actions.confirm_induction(entry=entry, by=by, at=at)
