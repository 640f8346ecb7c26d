"""What the database refuses about centres, people and letters."""

from django.db import connection

from centres import models as centres
from tests.house.refusals.statements import (
    DAY,
    Refusal,
    copied,
    copy,
    copy_of_catalogue,
    elsewhere,
    twice,
    update,
)
from tests.makers import AT
from tests.wall.world import World


def own_roles(world: World) -> None:
    administrator = world.cast.administrator
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.user_id', %s, true)", [str(administrator.user_id)])
    centres.Membership.objects.filter(pk=administrator.pk).update(roles=["administrator", "iqa"])


def of_a_sender_who_left(world: World) -> None:
    letters = centres.Invitation.objects.filter(learner__isnull=True, accepted_at__isnull=True)
    senders = centres.Membership.objects.filter(pk__in=letters.values("invited_by"))
    senders.update(roles=["tutor"])
    letters.update(accepted_at=AT, accepted_by=world.cast.lead)


CENTRES = [
    Refusal("centres_centre_slug_key", copy_of_catalogue(centres.Centre)),
    Refusal("centres_user_email_key", copy(centres.User)),
    Refusal("centres_user_address_in_one_spelling", copy(centres.User, changes={"email": "A@b.example"})),
    Refusal("centres_membership_once_in_a_centre", copy(centres.Membership)),
    Refusal("centres_membership_holds_known_roles", copy(centres.Membership, changes={"roles": ["king"]})),
    Refusal("centres_membership_end_is_signed", copy(centres.Membership, changes={"ended_at": AT})),
    Refusal("centres_cohort_name_once_in_a_centre", copy(centres.Cohort)),
    Refusal("centres_learner_once_in_a_centre", copy(centres.Learner, membership__isnull=True)),
    Refusal(
        "centres_learner_signs_in_as_one",
        copy(centres.Learner, changes={"email": "x@y.example"}, membership__isnull=False),
    ),
    Refusal(
        "centres_learner_address_in_one_spelling", copy(centres.Learner, changes={"email": "A@b.example"})
    ),
    Refusal(
        "centres_invitation_one_link_each", twice(copy(centres.Invitation, changes={"token_digest": "0"}))
    ),
    Refusal("centres_invitation_offers_known_roles", copy(centres.Invitation, changes={"roles": []})),
    Refusal("centres_invitation_acceptance_is_signed", copy(centres.Invitation, changes={"accepted_at": AT})),
    Refusal(
        "centres_invitation_withdrawal_is_signed", copy(centres.Invitation, changes={"withdrawn_at": AT})
    ),
    Refusal(
        "centres_invitation_address_in_one_spelling",
        copy(centres.Invitation, changes={"email": "A@b.example"}),
    ),
    Refusal("centres_grant_open_once", copy(centres.Grant, ends_at__isnull=True)),
    Refusal("centres_grant_ends_after_it_starts", copy(centres.Grant, changes={"ends_at": AT - DAY})),
    Refusal("centres_membership_not_own_roles", own_roles),
    Refusal("centres_invitation_inviter_still_may", of_a_sender_who_left),
    Refusal(
        "centres_invitation_of_a_learner_offers_that_role",
        lambda world: copied(
            centres.Invitation.objects.all(), learner=world.cast.registration.learner, roles=["tutor"]
        ),
    ),
    *(
        Refusal(
            f"centres_{model._meta.model_name}_name_is_one_plain_line", copy(model, changes={"name": name})
        )
        for model in (centres.Membership, centres.Learner, centres.Invitation)
        for name in ("", "Two\nlines", "A  B", "www.example.org")
    ),
    Refusal("centres_wakeup_once_a_work", copy(centres.Wakeup)),
    *(
        Refusal("centres_export_lies_in_its_centre", statement)
        for statement in elsewhere(centres.Export, "storage_key")
    ),
    *(
        Refusal("centres_export_frozen", update(centres.Export, {"state": "READY", "ready_at": AT}, change))
        for change in ({"storage_key": "x"}, {"sha256": "0"}, {"state": "PENDING"}, {"problem": "x"})
    ),
]
