"""How far a learner's open work is: the counters of its units, and how many things are missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portfolios.models import PracticeSession, Submission
from portfolios.rules import Counted, Counter, Lack, State, unmet
from portfolios.selectors.missing import held_by, missing_with
from portfolios.selectors.practice import Progress, progress_of
from qualifications.models import Registration, Unit

SHORT = {
    Counted.HOURS: "{shown}",
    Counted.CLIENTS: "clients {shown}",
    Counted.SUPERVISION_SESSIONS: "supervisions {shown}",
    Counted.PLAN: "plan {shown}",
}


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """One unit of an assessment with the counters that its line shows."""

    unit: Unit
    counters: list[Counter]

    @property
    def hours(self) -> Counter | None:
        """The counter that is drawn as a bar."""
        return next((row for row in self.counters if row.kind is Counted.HOURS), None)

    @property
    def words(self) -> str:
        """The other counters, as one line."""
        shown = [SHORT[row.kind].format(shown=row.shown) for row in self.counters if row.kind in SHORT]
        return " · ".join(shown)


class LearnersProgress:
    """The progress of all registrations of one learner, read once."""

    def __init__(
        self,
        registrations: Sequence[Registration],
        units: Sequence[Unit],
        attempts: Sequence[Submission],
        *,
        today: date,
    ) -> None:
        self._found = progress_of(units, [row.pk for row in registrations])
        self._held = held_by([row for row in attempts if row.state == State.DRAFT.value], self._found)
        self._under_way = {
            (row.assessment.key, row.registration_id)
            for row in attempts
            if row.state not in (State.DRAFT.value, State.RELEASED.value)
        }
        self._today = today

    def of_units(self, registration: Registration, units: Sequence[Unit]) -> list[UnitProgress]:
        """Return the progress of those units that ask for practice."""
        found = ((unit, self._found.get((registration.pk, unit.ref))) for unit in units)
        return [UnitProgress(unit, progress.counters) for unit, progress in found if progress]

    def missing(self, latest: Submission | None, units: Sequence[UnitProgress], *, is_achieved: bool) -> int:
        """Count what keeps an attempt from being submitted, but for the declaration."""
        counters = [counter for row in units for counter in row.counters]
        if latest is None or latest.pk not in self._held:
            return len(unmet(counters))
        held, against = self._held[latest.pk], self._against(latest, is_achieved=is_achieved)
        return len(
            missing_with(latest, held, counters, has_declared=True, today=self._today, against=against)
        )

    def _against(self, draft: Submission, *, is_achieved: bool) -> Lack | None:
        if is_achieved:
            return Lack.ACHIEVED
        others = {row for row in self._under_way if row[1] != draft.registration_id}
        return Lack.ELSEWHERE if draft.assessment.key in {key for key, _ in others} else None

    def to_write(self, registration: Registration, units: Sequence[Unit]) -> PracticeSession | None:
        """Return the first session that is not written up yet."""
        found: list[Progress] = [
            self._found[registration.pk, unit.ref]
            for unit in units
            if (registration.pk, unit.ref) in self._found
        ]
        return next((row.to_write for row in found if row.to_write), None)
