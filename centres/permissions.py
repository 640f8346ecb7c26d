"""Roles and what each may do, as codes."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of a centre is there to do; one person may hold several."""

    LEARNER = "learner"
    TUTOR = "tutor"
    ASSESSOR = "assessor"
    IQA = "iqa"
    LEAD_IQA = "lead_iqa"
    ADMINISTRATOR = "administrator"
    EQA = "eqa"

    @property
    def label(self) -> str:
        """The role as it is written on screens and beside signatures."""
        return _LABELS[self]


_LABELS = {
    Role.LEARNER: "Learner",
    Role.TUTOR: "Tutor",
    Role.ASSESSOR: "Assessor",
    Role.IQA: "IQA",
    Role.LEAD_IQA: "Lead IQA",
    Role.ADMINISTRATOR: "Administrator",
    Role.EQA: "EQA",
}
STAFF = frozenset({Role.TUTOR, Role.ASSESSOR, Role.IQA, Role.LEAD_IQA, Role.ADMINISTRATOR})


class Permission(StrEnum):
    """One thing that a view lets people do; stored and declared as its code."""

    ENTER_CENTRE = "centre.enter"
    BROWSE_CATALOGUE = "catalogue.browse"
    VIEW_REGISTER = "register.view"
    EDIT_REGISTER = "register.edit"
    VIEW_STAFF = "staff.view"
    INVITE_STAFF = "staff.invite"
    DECIDE_COMPETENCE = "staff.competence"
    RECORD_APPROVAL = "approval.record"
    VIEW_PROGRAMME = "programme.view"
    KEEP_PROGRAMME = "programme.keep"
    WATCH_PROGRAMMES = "programme.watch"
    OBSERVE = "learner.observe"
    READ_DEVIATION = "deviation.read"
    MAKE_SUBMISSION = "submission.make"
    READ_EVIDENCE = "evidence.read"
    READ_PORTFOLIO = "portfolio.read"
    VIEW_QUEUE = "marking.queue"
    MARK = "marking.mark"
    READ_JUDGEMENT = "marking.read"
    VIEW_REVIEWS = "quality.view"
    REVIEW = "quality.review"
    RELEASE = "quality.release"
    READ_SHEET = "sheet.read"
    EXPORT_SHEETS = "sheet.export"


_EVERYONE = frozenset(Role)
_QUALITY = frozenset({Role.IQA, Role.LEAD_IQA})

HOLDERS: dict[Permission, frozenset[Role]] = {
    Permission.ENTER_CENTRE: _EVERYONE,
    Permission.BROWSE_CATALOGUE: _EVERYONE,
    Permission.VIEW_REGISTER: frozenset({Role.ADMINISTRATOR, Role.TUTOR, Role.LEAD_IQA}),
    Permission.EDIT_REGISTER: frozenset({Role.ADMINISTRATOR}),
    Permission.VIEW_STAFF: frozenset({Role.ADMINISTRATOR, Role.LEAD_IQA}),
    Permission.INVITE_STAFF: frozenset({Role.ADMINISTRATOR}),
    Permission.DECIDE_COMPETENCE: frozenset({Role.LEAD_IQA}),
    Permission.RECORD_APPROVAL: frozenset({Role.ADMINISTRATOR}),
    Permission.VIEW_PROGRAMME: frozenset({Role.LEARNER, Role.ADMINISTRATOR, Role.TUTOR, Role.LEAD_IQA}),
    Permission.KEEP_PROGRAMME: frozenset({Role.TUTOR}),
    Permission.WATCH_PROGRAMMES: frozenset({Role.ADMINISTRATOR, Role.TUTOR, Role.LEAD_IQA}),
    Permission.OBSERVE: frozenset({Role.ASSESSOR, Role.TUTOR}),
    Permission.READ_DEVIATION: _EVERYONE - {Role.EQA},
    Permission.MAKE_SUBMISSION: frozenset({Role.LEARNER}),
    Permission.READ_EVIDENCE: frozenset({Role.LEARNER, Role.ASSESSOR, Role.IQA, Role.LEAD_IQA}),
    Permission.READ_PORTFOLIO: frozenset(
        {Role.LEARNER, Role.ASSESSOR, Role.IQA, Role.LEAD_IQA, Role.ADMINISTRATOR}
    ),
    Permission.VIEW_QUEUE: frozenset({Role.ASSESSOR}),
    Permission.MARK: frozenset({Role.ASSESSOR}),
    Permission.READ_JUDGEMENT: frozenset({Role.ASSESSOR, Role.IQA, Role.LEAD_IQA}),
    Permission.VIEW_REVIEWS: _QUALITY,
    Permission.REVIEW: _QUALITY,
    Permission.RELEASE: _QUALITY,
    Permission.READ_SHEET: frozenset(
        {Role.LEARNER, Role.ASSESSOR, Role.IQA, Role.LEAD_IQA, Role.ADMINISTRATOR}
    ),
    Permission.EXPORT_SHEETS: frozenset({Role.ADMINISTRATOR}),
}


def allows(roles: frozenset[Role], permission: Permission) -> bool:
    """Say whether any of the roles holds the permission."""
    return bool(roles & HOLDERS[permission])
