"""Invitations: made, sent, used once, withdrawn, sent again."""

import re
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from centres import actions
from centres.actions import identity, invite
from centres.models import Centre, Event, Invitation, Learner, Membership, User, Wakeup
from centres.permissions import Role
from centres.scoping import centre_scope
from lib.names import NotAName
from lib.refusals import Refusal
from tests.centres.pages import without_tokens
from tests.makers import PASSWORD, make_member

NEW_PASSWORD = "a long new password"
EMAIL = "tom.reid@example.org"


def invited(
    centre: Centre, *, by: Membership, email: str = EMAIL, days_ago: int = 0
) -> tuple[Invitation, str]:
    """Return an invitation whose letter was sent, and the address in the letter."""
    identity.BY_EMAIL.clear(email)
    identity.BY_NETWORK.clear("127.0.0.1")
    now = timezone.now() - timedelta(days=days_ago)
    with centre_scope(centre.pk):
        invitation = actions.invite_member(email=email, name="Tom Reid", roles=[Role.ASSESSOR], by=by, at=now)
        actions.send_invitation(invitation=invitation, site="http://testserver", at=now)
    found = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert found
    return invitation, found[1]


@pytest.mark.django_db
class TestJoining:
    """The page that the link opens."""

    def test_a_new_person_chooses_a_password_and_is_in(self, northgate: Centre, client: Client) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        invitation, link = invited(northgate, by=joan)
        page = client.get(link)
        assert page.status_code == 200
        for words in (b"Join Northgate Training", EMAIL.encode()):
            assert words in page.content
        assert client.post(link, {"password": NEW_PASSWORD})["Location"] == "/c/northgate/home/"
        with centre_scope(northgate.pk):
            member = Membership.objects.get(user__email=EMAIL)
            assert (member.name, member.roles) == ("Tom Reid", ["assessor"])
            assert Event.objects.filter(code="centres.invitation.accepted", by=member).exists()
        assert client.session["_auth_user_id"] == str(member.user_id)
        assert User.objects.get(email=EMAIL).password.startswith("argon2")
        assert not Wakeup.objects.filter(object_id=invitation.pk).exists()

    def test_a_weak_password_is_refused_and_nothing_happens(self, northgate: Centre, client: Client) -> None:
        _, link = invited(northgate, by=make_member(northgate, "Joan Mills", Role.ADMINISTRATOR))
        response = client.post(link, {"password": "short"})
        assert response.status_code == 422
        assert b"at least 12 characters" in response.content
        assert not User.objects.filter(email=EMAIL).exists()

    def test_somebody_with_an_account_uses_its_password(
        self, northgate: Centre, harbour: Centre, client: Client
    ) -> None:
        make_member(harbour, "Tom Reid", Role.IQA, email=EMAIL)
        _, link = invited(northgate, by=make_member(northgate, "Joan Mills", Role.ADMINISTRATOR))
        wrong = client.post(link, {"password": NEW_PASSWORD})
        assert wrong.status_code == 422
        assert b"That password is not right for the account with this address." in wrong.content
        assert client.post(link, {"password": PASSWORD}).status_code == 302
        assert User.objects.filter(email=EMAIL).count() == 1

    def test_the_page_is_the_same_whether_or_not_there_is_an_account(
        self, northgate: Centre, harbour: Centre, client: Client
    ) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        make_member(harbour, "Tom Reid", Role.IQA, email=EMAIL)
        pages = []
        for email in (EMAIL, "tom.reed@example.org"):
            _, link = invited(northgate, by=joan, email=email)
            pages.append(without_tokens(client.get(link)).replace(email, ""))
        assert pages[0] == pages[1]

    def test_links_that_open_nothing_all_get_the_same_page(
        self, northgate: Centre, harbour: Centre, client: Client
    ) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        _, used = invited(northgate, by=joan)
        assert client.post(used, {"password": NEW_PASSWORD}).status_code == 302
        client.logout()
        invitation, withdrawn = invited(northgate, by=joan, email="b@example.org")
        with centre_scope(northgate.pk):
            actions.withdraw_invitation(invitation=invitation, by=joan, at=timezone.now())
        _, expired = invited(northgate, by=joan, email="c@example.org", days_ago=15)
        _, living = invited(northgate, by=joan, email="d@example.org")
        links = [
            used,
            withdrawn,
            expired,
            living.replace("northgate", "harbour"),
            living.replace("northgate", "nowhere"),
            "/c/northgate/join/invented/",
        ]
        answers = [client.get(link) for link in links]
        answers += [client.post(link, {"password": NEW_PASSWORD}) for link in links]
        assert {answer.status_code for answer in answers} == {404}
        assert len({without_tokens(answer) for answer in answers}) == 1
        assert b"This link does not open" in answers[0].content

    def test_after_fourteen_days_it_is_closed(self, northgate: Centre) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        invitation, _ = invited(northgate, by=joan)
        with centre_scope(northgate.pk), pytest.raises(actions.InvitationClosed):
            actions.accept_invitation(invitation=invitation, password=NEW_PASSWORD, at=invitation.expires_at)
        with centre_scope(northgate.pk):
            actions.accept_invitation(
                invitation=invitation,
                password=NEW_PASSWORD,
                at=invitation.expires_at - timedelta(seconds=1),
            )

    def test_wrong_passwords_are_counted(self, northgate: Centre, harbour: Centre, client: Client) -> None:
        make_member(harbour, "Tom Reid", Role.IQA, email=EMAIL)
        _, link = invited(northgate, by=make_member(northgate, "Joan Mills", Role.ADMINISTRATOR))
        for _ in range(10):
            client.post(link, {"password": NEW_PASSWORD})
        response = client.post(link, {"password": PASSWORD})
        assert (response.status_code, b"too many tries" in response.content) == (422, True)


@pytest.mark.django_db
class TestKeeping:
    """What administrators do with invitations."""

    def test_inviting_by_the_form(
        self, northgate: Centre, client: Client, django_capture_on_commit_callbacks: Any
    ) -> None:
        client.force_login(make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user)
        told = {"name": "Tom Reid", "email": EMAIL, "roles": ["assessor", "iqa"]}
        assert client.post("/c/northgate/staff/invite/", told)["Location"] == "/c/northgate/staff/"
        body = client.get("/c/northgate/staff/").content.decode()
        for words in ("Tom Reid", EMAIL, "To be sent", "Withdraw", "Send again"):
            assert words in body
        again = client.post("/c/northgate/staff/invite/", told)
        assert again.status_code == 422
        assert b"has an invitation that is still open" in again.content
        with centre_scope(northgate.pk):
            assert Invitation.objects.count() == 1

    @pytest.mark.parametrize(
        ("told", "words"),
        [
            ({"name": "", "email": EMAIL, "roles": ["iqa"]}, "Enter the name."),
            ({"name": "Tom", "email": "tom at example", "roles": ["iqa"]}, "Enter an e-mail address"),
            ({"name": "Tom", "email": EMAIL, "roles": []}, "Choose at least one role."),
            ({"name": "Tom", "email": EMAIL, "roles": ["learner"]}, "learner"),
            ({"name": "Tom", "email": "joan.mills@northgate.example", "roles": ["iqa"]}, "already in your"),
        ],
    )
    def test_bad_forms_keep_what_was_typed_and_write_nothing(
        self, northgate: Centre, client: Client, told: dict[str, Any], words: str
    ) -> None:
        client.force_login(make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user)
        response = client.post("/c/northgate/staff/invite/", told)
        assert response.status_code == 422
        body = response.content.decode()
        assert words in body
        assert told["email"] in body
        with centre_scope(northgate.pk):
            assert not Invitation.objects.exists()

    def test_sent_again_only_the_newest_link_opens(self, northgate: Centre, client: Client) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        invitation, first = invited(northgate, by=joan)
        client.force_login(joan.user)
        address = f"/c/northgate/invitations/{invitation.pk}/again/"
        assert client.post(address, {"next": "//elsewhere.example"})["Location"] == "/c/northgate/staff/"
        assert client.post(address).status_code == 422
        with centre_scope(northgate.pk):
            second = Invitation.objects.get(withdrawn_at__isnull=True)
            actions.send_invitation(invitation=second, site="http://testserver", at=timezone.now())
        assert client.get(first).status_code == 404
        found = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
        assert found
        assert client.get(found[1]).status_code == 200

    def test_another_centres_invitation_is_not_there(
        self, northgate: Centre, harbour: Centre, client: Client
    ) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        invitation, link = invited(northgate, by=joan)
        client.force_login(make_member(harbour, "Ann Other", Role.ADMINISTRATOR).user)
        for verb in ("again", "withdraw"):
            assert client.post(f"/c/harbour/invitations/{invitation.pk}/{verb}/").status_code == 404
        client.logout()
        assert client.get(link).status_code == 200


INJECTED = "Customer\n\nYour account is locked:\nhttp://evil.example/login"


@pytest.mark.django_db
class TestLetters:
    """What goes out from the site's own address is no more than an invitation, and not many of them."""

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            (INJECTED, "A name is one line of letters."),
            ("Tom\u2028Reid", "A name is one line of letters."),
            ("Tom \u202eReid", "A name is one line of letters."),
            ("Tom, see https://evil.example", "A name holds no web address."),
            ("Tom www.evil.example", "A name holds no web address."),
            ("evil.example/login", "A name holds no web address."),
            ("\u3164 \u2800", "A name is one line of letters."),
        ],
    )
    def test_a_name_carries_no_text_of_its_own(
        self, northgate: Centre, client: Client, name: str, words: str
    ) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        client.force_login(joan.user)
        told = {"name": name, "email": EMAIL, "roles": ["iqa"]}
        response = client.post("/c/northgate/staff/invite/", told)
        assert response.status_code == 422
        assert words in response.content.decode()
        with centre_scope(northgate.pk), pytest.raises(NotAName):
            actions.invite_member(email=EMAIL, name=name, roles=[Role.IQA], by=joan, at=timezone.now())
        with centre_scope(northgate.pk):
            assert not Invitation.objects.exists()

    def test_the_spaces_of_a_name_are_single(self, northgate: Centre) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        with centre_scope(northgate.pk):
            kept = actions.invite_member(
                email=EMAIL, name=" J.R.R.  van der Berg-Ŵyn ", roles=[Role.IQA], by=joan, at=timezone.now()
            )
        assert kept.name == "J.R.R. van der Berg-Ŵyn"

    @pytest.mark.parametrize("name", [INJECTED, "a\tb", "a\u2029b", "a  b", "see http://x", "WWW.x", ""])
    def test_the_database_refuses_such_names(self, northgate: Centre, name: str) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        with centre_scope(northgate.pk):
            at = timezone.now()
            rows = [
                Invitation(
                    email="b@example.org",
                    name=name,
                    roles=["iqa"],
                    expires_at=at,
                    invited_at=at,
                    invited_by=joan,
                ),
                Learner(name=name, email="b@example.org", born_on="1990-01-01", added_at=at, added_by=joan),
                joan,
            ]
        joan.name = name
        for row in rows:
            with (
                pytest.raises(IntegrityError, match=f"{row._meta.db_table}_name_is_one_plain_line"),
                centre_scope(northgate.pk),
                transaction.atomic(),
            ):
                row.save(update_fields=["name"] if row is joan else None)

    def test_one_address_gets_a_few_letters_a_day(self, northgate: Centre, client: Client) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        now = timezone.now()
        with centre_scope(northgate.pk):
            sent = actions.invite_member(email=EMAIL, name="Tom Reid", roles=[Role.IQA], by=joan, at=now)
            for _ in range(4):
                sent = actions.resend_invitation(invitation=sent, by=joan, at=now)
        client.force_login(joan.user)
        response = client.post(f"/c/northgate/invitations/{sent.pk}/again/")
        assert response.status_code == 422
        assert b"This address was sent several letters today." in response.content
        tomorrow = now + timedelta(days=1, seconds=1)
        with centre_scope(northgate.pk):
            sent = Invitation.objects.get(withdrawn_at__isnull=True)
            actions.resend_invitation(invitation=sent, by=joan, at=tomorrow)

    def test_a_centre_invites_so_many_people_a_day(
        self, northgate: Centre, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(invite, "INVITATIONS_A_DAY", 2)
        client.force_login(make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user)
        answers = [
            client.post(
                "/c/northgate/staff/invite/",
                {"name": "Tom Reid", "email": f"{n}@example.org", "roles": ["iqa"]},
            )
            for n in range(3)
        ]
        assert [answer.status_code for answer in answers] == [302, 302, 422]
        assert b"which is the limit. Go on tomorrow." in answers[2].content


@pytest.mark.django_db
class TestStaff:
    """Roles, and the way out."""

    def test_roles_change_and_take_effect_at_once(self, northgate: Centre, client: Client) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        tom = make_member(northgate, "Tom Reid", Role.ASSESSOR)
        client.force_login(joan.user)
        client.post(f"/c/northgate/staff/{tom.pk}/", {"roles": ["iqa", "administrator"]})
        with centre_scope(northgate.pk):
            assert Membership.objects.get(pk=tom.pk).role_set == {Role.IQA, Role.ADMINISTRATOR}

    def test_nobody_gives_themselves_a_role(self, northgate: Centre, client: Client) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR, Role.TUTOR)
        ann = make_member(northgate, "Ann Other", Role.ADMINISTRATOR)
        client.force_login(joan.user)
        address = f"/c/northgate/staff/{joan.pk}/"
        refused = client.post(address, {"roles": ["administrator", "iqa", "lead_iqa"]})
        assert refused.status_code == 422
        assert "You cannot give yourself a role. Another administrator must." in refused.content.decode()
        with centre_scope(northgate.pk):
            assert Membership.objects.get(pk=joan.pk).roles == ["administrator", "tutor"]
        assert client.post(address, {"roles": ["administrator"]}).status_code == 302
        with centre_scope(northgate.pk):
            both = [Role.ADMINISTRATOR, Role.LEAD_IQA]
            actions.change_roles(membership=joan, roles=both, by=ann, at=timezone.now())
            assert Membership.objects.get(pk=joan.pk).role_set == set(both)

    def test_the_database_lets_nobody_give_themselves_a_role(self, northgate: Centre) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        with (
            pytest.raises(IntegrityError, match="nobody gives themselves a role"),
            centre_scope(northgate.pk, joan.user_id),
            transaction.atomic(),
        ):
            Membership.objects.filter(pk=joan.pk).update(roles=["administrator", "lead_iqa"])

    def test_the_last_administrator_stays(self, northgate: Centre, client: Client) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR, Role.TUTOR)
        client.force_login(joan.user)
        leave = client.post(f"/c/northgate/staff/{joan.pk}/leave/")
        change = client.post(f"/c/northgate/staff/{joan.pk}/", {"roles": ["tutor"]})
        for response in (leave, change):
            assert response.status_code == 422
            assert b"Your centre needs at least one administrator." in response.content
        with centre_scope(northgate.pk):
            row = Membership.objects.get(pk=joan.pk)
            assert (row.ended_at, row.roles) == (None, ["administrator", "tutor"])

    def test_somebody_who_left_sees_nothing_and_may_be_invited_back(
        self, northgate: Centre, client: Client
    ) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        tom = make_member(northgate, "Tom Reid", Role.LEAD_IQA, email=EMAIL)
        away = Client()
        away.force_login(tom.user)
        assert away.get("/c/northgate/staff/").status_code == 200
        client.force_login(joan.user)
        assert client.post(f"/c/northgate/staff/{tom.pk}/leave/").status_code == 302
        assert away.get("/c/northgate/staff/").status_code == 404
        _, link = invited(northgate, by=joan)
        assert away.post(link, {"password": PASSWORD}).status_code == 302
        with centre_scope(northgate.pk):
            row = Membership.objects.get(pk=tom.pk)
            assert (row.ended_at, row.ended_by, row.roles) == (None, None, ["assessor"])


@pytest.mark.django_db
class TestSender:
    """An invitation to work in a centre counts only while its sender may invite."""

    def test_it_is_withdrawn_with_the_sender(self, northgate: Centre, client: Client) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        ann = make_member(northgate, "Ann Other", Role.ADMINISTRATOR)
        invitation, link = invited(northgate, by=ann)
        with centre_scope(northgate.pk):
            learner = actions.add_learner(
                name="Amira Khan", email="a@b.example", born_on=date(1990, 1, 1), by=ann, at=timezone.now()
            )
        client.force_login(joan.user)
        leave = f"/c/northgate/staff/{ann.pk}/leave/"
        asked = client.get(leave).content.decode()
        assert "They sent 1 invitation that nobody has used. It is withdrawn too" in asked
        done = client.post(leave, follow=True).content.decode()
        assert "1 open invitation that they sent is withdrawn." in done
        client.logout()
        assert client.post(link, {"password": NEW_PASSWORD}).status_code == 404
        with centre_scope(northgate.pk):
            invitation = Invitation.objects.get(pk=invitation.pk)
            assert invitation.withdrawn_by_id == joan.pk
            assert invite.open_invitations(timezone.now()).get().learner_id == learner.pk

    def test_it_is_withdrawn_with_the_senders_office(self, northgate: Centre, client: Client) -> None:
        joan = make_member(northgate, "Joan Mills", Role.ADMINISTRATOR)
        ann = make_member(northgate, "Ann Other", Role.ADMINISTRATOR)
        _, link = invited(northgate, by=ann)
        client.force_login(joan.user)
        address = f"/c/northgate/staff/{ann.pk}/"
        assert "1 invitation of staff that they sent" in client.get(address).content.decode()
        kept = client.post(address, {"roles": ["administrator", "tutor"]}, follow=True)
        assert "withdrawn" not in kept.content.decode()
        done = client.post(address, {"roles": ["tutor"]}, follow=True).content.decode()
        assert "1 open invitation that they sent is withdrawn." in done
        client.logout()
        assert client.get(link).status_code == 404

    def test_a_letter_that_is_still_about_opens_nothing(self, northgate: Centre) -> None:
        ann = make_member(northgate, "Ann Other", Role.ADMINISTRATOR)
        invitation, _ = invited(northgate, by=ann)
        with centre_scope(northgate.pk):
            Membership.objects.filter(pk=ann.pk).update(roles=["tutor"])
        with centre_scope(northgate.pk), pytest.raises(actions.InvitationClosed):
            actions.accept_invitation(invitation=invitation, password=NEW_PASSWORD, at=timezone.now())
        with (
            pytest.raises(IntegrityError, match="while its sender may still invite"),
            centre_scope(northgate.pk),
            transaction.atomic(),
        ):
            Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now(), accepted_by=ann)

    def test_a_learners_invitation_offers_nothing_else(self, northgate: Centre) -> None:
        ann = make_member(northgate, "Ann Other", Role.ADMINISTRATOR)
        at = timezone.now()
        with centre_scope(northgate.pk):
            learner = actions.add_learner(
                name="Amira Khan", email="a@b.example", born_on=date(1990, 1, 1), by=ann, at=at
            )
        with (
            pytest.raises(IntegrityError, match="centres_invitation_of_a_learner_offers_that_role"),
            centre_scope(northgate.pk),
            transaction.atomic(),
        ):
            Invitation.objects.create(
                email="b@example.org",
                name="B",
                roles=["administrator"],
                learner=learner,
                expires_at=at,
                invited_at=at,
                invited_by=ann,
            )


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_acceptances_at_once_make_one_member(walled: None) -> None:
    centre = Centre.objects.get(slug="northgate")
    joan = make_member(centre, "Joan Mills", Role.ADMINISTRATOR)
    invitation, _ = invited(centre, by=joan)
    start, refused = Barrier(2), []

    def accept() -> None:
        try:
            with centre_scope(centre.pk):
                start.wait()
                actions.accept_invitation(invitation=invitation, password=NEW_PASSWORD, at=timezone.now())
        except Refusal as refusal:
            refused.append(type(refusal))
        finally:
            connection.close()

    threads = [Thread(target=accept) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [actions.InvitationClosed]
    with centre_scope(centre.pk):
        assert Membership.objects.filter(user__email=EMAIL).count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_administrators_cannot_let_each_other_go_at_once(walled: None) -> None:
    centre = Centre.objects.get(slug="northgate")
    pair = [make_member(centre, name, Role.ADMINISTRATOR) for name in ("Joan Mills", "Ann Other")]
    start, refused = Barrier(2), []

    def let_go(by: Membership, member: Membership) -> None:
        try:
            with centre_scope(centre.pk):
                start.wait()
                actions.end_membership(membership=member, by=by, at=timezone.now())
        except Refusal as refusal:
            refused.append(type(refusal))
        finally:
            connection.close()

    threads = [Thread(target=let_go, args=pair), Thread(target=let_go, args=pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [actions.LastAdministrator]
