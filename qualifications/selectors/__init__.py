"""What pages show of learners, registrations and the competence of staff."""

from qualifications.selectors.delivery import ApprovalLine, approvals_of_centre, deliverable_on
from qualifications.selectors.learner import LearnerPage, learner_page
from qualifications.selectors.register import Register, RegisterLine, register_lines, register_rows
from qualifications.selectors.staff import (
    Matrix,
    find_learner,
    judging_staff,
    matrix_of,
    open_conflicts,
    units_by_title,
)

__all__ = [
    "ApprovalLine",
    "LearnerPage",
    "Matrix",
    "Register",
    "RegisterLine",
    "approvals_of_centre",
    "deliverable_on",
    "find_learner",
    "judging_staff",
    "learner_page",
    "matrix_of",
    "open_conflicts",
    "register_lines",
    "register_rows",
    "units_by_title",
]
