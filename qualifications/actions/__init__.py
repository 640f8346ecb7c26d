"""Registrations, achievements, approvals, competence and conflicts of interest: every change of them."""

from qualifications.actions.achieve import record_achievement
from qualifications.actions.approve import ApprovalStands, record_approval
from qualifications.actions.register import (
    AlreadyRegistered,
    NotApproved,
    NoTimeLimit,
    NotLater,
    NumberTaken,
    TooYoung,
    enrol_learner,
    extend_registration,
    register_in_cohort,
    register_learner,
)
from qualifications.actions.staff import (
    AlreadyWithdrawn,
    OwnCompetence,
    OwnConflict,
    TooFarAhead,
    decide_competence,
    declare_conflict,
    withdraw_conflict,
)

__all__ = [
    "AlreadyRegistered",
    "AlreadyWithdrawn",
    "ApprovalStands",
    "NoTimeLimit",
    "NotApproved",
    "NotLater",
    "NumberTaken",
    "OwnCompetence",
    "OwnConflict",
    "TooFarAhead",
    "TooYoung",
    "decide_competence",
    "declare_conflict",
    "enrol_learner",
    "extend_registration",
    "record_achievement",
    "record_approval",
    "register_in_cohort",
    "register_learner",
    "withdraw_conflict",
]
