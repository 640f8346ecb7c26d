"""Invitations accepted by whom they should not be, and those of learners that were sent again."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from centres import actions
from centres.models import Centre, Invitation, Learner, Membership, User
from centres.permissions import Role
from centres.scoping import centre_scope
from tests.centres.test_invitations import EMAIL, NEW_PASSWORD, invited
from tests.makers import PASSWORD, make_member

pytestmark = pytest.mark.django_db


def test_a_deactivated_account_joins_nothing_and_is_not_told_apart(northgate: Centre, client: Client) -> None:
    user = User(email=EMAIL, is_active=False)
    user.set_password(PASSWORD)
    user.save()
    _, link = invited(northgate, by=make_member(northgate, "Joan Mills", Role.ADMINISTRATOR))
    answer = client.post(link, {"password": PASSWORD})
    assert answer.status_code == 422
    assert b"That password is not right for the account with this address." in answer.content
    with centre_scope(northgate.pk):
        assert not Membership.objects.filter(user__email=EMAIL).exists()


def test_a_learners_invitation_that_was_sent_again_is_still_theirs(northgate: Centre) -> None:
    joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
    now = timezone.now()
    with centre_scope(northgate.pk):
        learner = actions.add_learner(
            name="Amira Khan", email="a@b.example", born_on=date(1990, 1, 1), by=joan, at=now
        )
        first = Invitation.objects.get(learner=learner)
        second = actions.resend_invitation(invitation=first, by=joan, at=now)
        member = actions.accept_invitation(invitation=second, password=NEW_PASSWORD, at=now)
        assert Learner.objects.get(pk=learner.pk).membership == member
