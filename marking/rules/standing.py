"""Who may judge an attempt, and who may release its result (promises 1 and 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.words import listed

OWN_RESULT = "You cannot release your own result. Someone else must."
OWN_DECISION = "You assessed this, so someone else must release it."


class Stage(StrEnum):
    """Which judge of an attempt somebody is."""

    ASSESSOR = "ASSESSOR"
    COUNTERSIGNER = "COUNTERSIGNER"
    IQA = "IQA"


OWN_WORK = {
    Stage.ASSESSOR: "You cannot assess your own work. Someone else must take it.",
    Stage.COUNTERSIGNER: "You cannot countersign your own work. Someone else must.",
    Stage.IQA: "You cannot review your own work. Someone else must.",
}
OTHER_STAGE = {
    Stage.ASSESSOR: "You reviewed an attempt at this work, so someone else must assess it.",
    Stage.COUNTERSIGNER: "You judged this at another stage, so someone else must countersign it.",
    Stage.IQA: "You assessed this, so someone else must review it.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands to one attempt.

    ``stages`` are those at which they judged any attempt at the same work; ``missing_units`` are the refs of
    its units in which they have no current competence.
    """

    is_own: bool
    conflict_on: date | None
    stages: frozenset[Stage]
    missing_units: Sequence[str]


def why_not_judge(standing: Standing, stage: Stage) -> str:
    """Return the reason why a person may not judge an attempt at a stage, or nothing where they may.

    Quality assurance needs no competence in the unit; assessing and countersigning do.
    """
    if standing.is_own:
        return OWN_WORK[stage]
    if standing.conflict_on is not None:
        return f"You declared a conflict of interest with this learner on {standing.conflict_on:%-d %b %Y}."
    if standing.stages - {stage}:
        return OTHER_STAGE[stage]
    if stage != Stage.IQA and standing.missing_units:
        return f"You have no current competence in {listed(standing.missing_units)}. Ask your lead IQA."
    return ""


def why_not_release(standing: Standing) -> str:
    """Return the reason why a person may not release a result, or nothing where they may.

    An IQA releases what they reviewed; who assessed or countersigned does not.
    """
    if standing.is_own:
        return OWN_RESULT
    if standing.conflict_on is None and standing.stages - {Stage.IQA}:
        return OWN_DECISION
    return why_not_judge(standing, Stage.IQA)
