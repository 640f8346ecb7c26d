"""Changes to centres and the people in them, and the trail that every other room writes through."""

from centres.actions.grants import close_grant, open_grant
from centres.actions.identity import (
    TooManyTries,
    WrongPassword,
    confirm_identity,
    count_try,
    forgive_try,
    recognise,
)
from centres.actions.invite import (
    INVITATION_LASTS,
    AlreadyInCentre,
    AlreadyInvited,
    InvitationClosed,
    TooManyInvitations,
    accept_invitation,
    invite_member,
    resend_invitation,
    send_invitation,
    withdraw_invitation,
)
from centres.actions.people import (
    AlreadyLeft,
    LastAdministrator,
    NoRole,
    OwnRoles,
    add_learner,
    change_roles,
    end_membership,
    invite_learner,
    name_cohort,
)
from centres.actions.trail import RETRY_AFTER, record_event, rest, wake

__all__ = [
    "INVITATION_LASTS",
    "RETRY_AFTER",
    "AlreadyInCentre",
    "AlreadyInvited",
    "AlreadyLeft",
    "InvitationClosed",
    "LastAdministrator",
    "NoRole",
    "OwnRoles",
    "TooManyInvitations",
    "TooManyTries",
    "WrongPassword",
    "accept_invitation",
    "add_learner",
    "change_roles",
    "close_grant",
    "confirm_identity",
    "count_try",
    "end_membership",
    "forgive_try",
    "invite_learner",
    "invite_member",
    "name_cohort",
    "open_grant",
    "recognise",
    "record_event",
    "resend_invitation",
    "rest",
    "send_invitation",
    "wake",
    "withdraw_invitation",
]
