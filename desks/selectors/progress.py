"""How far a learner's open work is: the counters of its units, and how many things are missing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from portfolios.models import Evidence, Offer, PracticeSession, Submission
from portfolios.rules import Counted, Counter, State, unmet
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
        self, registrations: Sequence[Registration], units: Sequence[Unit], attempts: Sequence[Submission]
    ) -> None:
        self._found = progress_of(units, [row.pk for row in registrations])
        drafts = [row for row in attempts if row.state == State.DRAFT.value]
        self._offered = _offered_parts(drafts)

    def of_units(self, registration: Registration, units: Sequence[Unit]) -> list[UnitProgress]:
        """Return the progress of those units that ask for practice."""
        found = ((unit, self._found.get((registration.pk, unit.ref))) for unit in units)
        return [UnitProgress(unit, progress.counters) for unit, progress in found if progress]

    def missing(self, latest: Submission | None, units: Sequence[UnitProgress]) -> int:
        """Count what keeps an attempt from being submitted, but for the declaration."""
        short = sum(len(unmet(row.counters)) for row in units)
        parts = latest.open_parts if latest else []
        held = self._offered[latest.pk] if latest else set()
        return short + sum(1 for ref in parts if ref not in held)

    def to_write(self, registration: Registration, units: Sequence[Unit]) -> PracticeSession | None:
        """Return the first session that is not written up yet."""
        found: list[Progress] = [
            self._found[registration.pk, unit.ref]
            for unit in units
            if (registration.pk, unit.ref) in self._found
        ]
        return next((row.to_write for row in found if row.to_write), None)


def _offered_parts(drafts: Sequence[Submission]) -> dict[UUID, set[str]]:
    """Return the parts of each draft for which something is offered, in one query or none."""
    offered: dict[UUID, set[str]] = defaultdict(set)
    if drafts:
        says_something = Q(evidence__kind=Evidence.Kind.FILE) | Q(evidence__size__gt=0)
        rows: Any = Offer.objects.filter(says_something, submission__in=[row.pk for row in drafts])
        for submission_id, ref in rows.values_list("submission_id", "part_ref"):
            offered[submission_id].add(ref)
    return offered
