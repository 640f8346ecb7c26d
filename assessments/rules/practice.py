"""What practice a unit requires, in words that a learner can act on."""

from dataclasses import dataclass

from lib.words import counted


@dataclass(frozen=True, slots=True)
class Practice:
    """The amounts that a unit prints; what it does not print is None."""

    hours: int | None = None
    min_clients: int | None = None
    max_clients: int | None = None
    exceptional_max_clients: int | None = None
    supervision_hours: int | None = None
    supervision_sessions: int | None = None
    cpd_plan_months: int | None = None

    def in_words(self) -> list[str]:
        """Return one sentence for each requirement.

        >>> Practice(hours=12, max_clients=2, exceptional_max_clients=3).in_words()
        ['At least 12 hours of practice.', 'With at most 2 clients; a third needs a recorded reason.']
        """
        sentences = [
            f"At least {counted(self.hours, 'hour')} of practice." if self.hours else "",
            self._clients(),
            self._supervision(),
            f"A development plan for the next {counted(self.cpd_plan_months, 'month')}."
            if self.cpd_plan_months
            else "",
        ]
        return [sentence for sentence in sentences if sentence]

    def _clients(self) -> str:
        if self.min_clients and self.max_clients:
            with_whom = f"With {self.min_clients} to {counted(self.max_clients, 'client')}"
        elif self.max_clients:
            with_whom = f"With at most {counted(self.max_clients, 'client')}"
        elif self.min_clients:
            with_whom = f"With at least {counted(self.min_clients, 'client')}"
        else:
            return ""
        if not self.exceptional_max_clients:
            return f"{with_whom}."
        return f"{with_whom}; {_ordinal(self.exceptional_max_clients)} needs a recorded reason."

    def _supervision(self) -> str:
        if self.supervision_sessions and self.supervision_hours:
            sessions = counted(self.supervision_sessions, "supervision session")
            return f"At least {sessions}, {counted(self.supervision_hours, 'hour')} in all."
        if self.supervision_sessions:
            return f"At least {counted(self.supervision_sessions, 'supervision session')}."
        if self.supervision_hours:
            return f"At least {counted(self.supervision_hours, 'hour')} of supervision."
        return ""


def _ordinal(number: int) -> str:
    return {2: "a second", 3: "a third", 4: "a fourth", 5: "a fifth"}.get(number, f"client number {number}")
