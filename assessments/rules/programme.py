"""What a programme for a qualification must hold before and beside its assessments."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProgrammeNeeds:
    """The least time, and what the initial assessment and the induction cover; empty where nobody asks."""

    induction_minutes: int = 0
    tutorial_minutes: int = 0
    initial_assessment: tuple[str, ...] = ()
    induction: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def induction_hours(self) -> int:
        """The least induction, in the hours of the document."""
        return self.induction_minutes // 60

    @property
    def tutorial_hours(self) -> int:
        """The least tutorials, in the hours of the document."""
        return self.tutorial_minutes // 60
