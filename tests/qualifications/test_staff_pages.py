"""Approvals, competence and conflicts of interest on their pages."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from centres.models import Centre, Event, Learner
from centres.permissions import Role
from centres.scoping import centre_scope
from qualifications import actions
from qualifications.models import CentreApproval, Competence, ConflictOfInterest, Qualification
from tests.makers import COACHING, make_learner, make_member

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def written(day: date) -> str:
    return f"{day:%d/%m/%Y}"


class TestApprovals:
    """The administrator records what the awarding body approved."""

    def test_it_is_recorded_and_later_ended(self, northgate: Centre, client: Client) -> None:
        client.force_login(make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user)
        chosen = str(Qualification.objects.get(key=COACHING).pk)
        told = {"qualification": chosen, "approved_on": "01/09/2026", "ends_on": ""}
        assert client.post("/c/northgate/approvals/", told).status_code == 302
        assert client.get("/c/northgate/approvals/").content.count(b"Approved</span>") == 1
        other = client.post("/c/northgate/approvals/", told | {"approved_on": "02/09/2026"})
        assert other.status_code == 422
        assert b"This approval holds from 01/09/2026." in other.content
        ended = client.post("/c/northgate/approvals/", told | {"ends_on": "30/09/2026"})
        assert ended.status_code == 302
        assert b"Not now" in client.get("/c/northgate/approvals/").content
        with centre_scope(northgate.pk):
            assert CentreApproval.objects.get().ends_on == date(2026, 9, 30)
            codes = list(Event.objects.order_by("id").values_list("code", flat=True))
            assert codes == ["qualifications.approval.recorded", "qualifications.approval.changed"]

    def test_an_end_before_the_beginning_is_refused(self, northgate: Centre, client: Client) -> None:
        client.force_login(make_member(northgate, "Joan Mills", Role.ADMINISTRATOR).user)
        chosen = str(Qualification.objects.get(key=COACHING).pk)
        told = {"qualification": chosen, "approved_on": "01/09/2026", "ends_on": "31/08/2026"}
        response = client.post("/c/northgate/approvals/", told)
        assert response.status_code == 422
        assert b"The last day comes before the first." in response.content
        with centre_scope(northgate.pk):
            assert not CentreApproval.objects.exists()


class TestCompetence:
    """The lead IQA decides who may assess what until when."""

    def decide(self, client: Client, **told: Any) -> Any:
        return client.post(
            "/c/northgate/staff/competence/decide/",
            {"unit_refs": ["D3.01", "D3.02"], "reason": "Certificate and log seen."} | told,
        )

    def test_a_decision_shows_in_the_matrix(self, northgate: Centre, client: Client) -> None:
        lead = make_member(northgate, "Ruth Ode", Role.LEAD_IQA)
        priya = make_member(northgate, "Priya Shah", Role.ASSESSOR)
        client.force_login(lead.user)
        until = TODAY + timedelta(days=59)
        assert self.decide(client, membership=priya.pk, valid_until=written(until)).status_code == 302
        page = client.get("/c/northgate/staff/competence/", {"qualification": COACHING, "ending": "60"})
        body = page.content.decode()
        assert body.count(f"to {until.day} {until:%b %Y}") == 2
        assert "Ruth Ode <span" not in body

    def test_the_newest_decision_holds(self, northgate: Centre, client: Client) -> None:
        lead = make_member(northgate, "Ruth Ode", Role.LEAD_IQA)
        priya = make_member(northgate, "Priya Shah", Role.ASSESSOR)
        with centre_scope(northgate.pk):
            actions.decide_competence(
                membership=priya,
                unit_refs=["D3.01"],
                valid_from=TODAY - timedelta(days=30),
                valid_until=TODAY + timedelta(days=300),
                reason="Seen",
                by=lead,
                at=timezone.now(),
            )
        client.force_login(lead.user)
        self.decide(client, membership=priya.pk, unit_refs=["D3.01"], valid_until=written(TODAY))
        with centre_scope(northgate.pk):
            ends = list(Competence.objects.order_by("valid_from").values_list("valid_until", flat=True))
            assert ends == [TODAY - timedelta(days=1), TODAY]

    def test_a_decision_is_mended_on_the_day_it_was_made(self, northgate: Centre, client: Client) -> None:
        lead = make_member(northgate, "Ruth Ode", Role.LEAD_IQA)
        other = make_member(northgate, "Lena Grant", Role.LEAD_IQA)
        priya = make_member(northgate, "Priya Shah", Role.ASSESSOR)
        client.force_login(lead.user)
        mistyped, meant = TODAY + timedelta(days=900), TODAY + timedelta(days=90)
        self.decide(client, membership=priya.pk, unit_refs=["D3.01"], valid_until=written(mistyped))
        client.force_login(other.user)
        told = {"membership": priya.pk, "unit_refs": ["D3.01"], "reason": "The year was mistyped."}
        assert self.decide(client, **told, valid_until=written(meant)).status_code == 302
        with centre_scope(northgate.pk):
            row = Competence.objects.get()
            assert (row.valid_until, row.reason) == (meant, "The year was mistyped.")
            assert row.decided_by_id == other.pk
            facts = [event.facts for event in Event.objects.filter(code="qualifications.competence.decided")]
            assert {fact["reason"] for fact in facts} == {"Certificate and log seen.", told["reason"]}

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"valid_until": "01/01/2020"}, "This day has passed."),
            ({"valid_until": "01/01/2090"}, "three years at most"),
            ({"unit_refs": []}, "Choose at least one unit."),
            ({"unit_refs": ["D9.99"]}, "D9.99"),
            ({"reason": ""}, "Say why."),
            ({"membership": ""}, "Choose the person."),
        ],
    )
    def test_bad_forms_write_nothing(
        self, northgate: Centre, client: Client, change: dict[str, Any], words: str
    ) -> None:
        client.force_login(make_member(northgate, "Ruth Ode", Role.LEAD_IQA).user)
        priya = make_member(northgate, "Priya Shah", Role.ASSESSOR)
        typed = {"membership": priya.pk, "valid_until": written(TODAY + timedelta(days=9))} | change
        response = self.decide(client, **typed)
        assert response.status_code == 422
        assert words in response.content.decode()
        with centre_scope(northgate.pk):
            assert not Competence.objects.exists()

    def test_nobody_decides_their_own(self, northgate: Centre, client: Client) -> None:
        lead = make_member(northgate, "Ruth Ode", Role.LEAD_IQA, Role.ASSESSOR)
        client.force_login(lead.user)
        response = self.decide(client, membership=lead.pk, valid_until=written(TODAY))
        assert response.status_code == 422
        with centre_scope(northgate.pk), pytest.raises(actions.OwnCompetence):
            actions.decide_competence(
                membership=lead,
                unit_refs=["D3.01"],
                valid_from=TODAY,
                valid_until=TODAY,
                reason="Mine",
                by=lead,
                at=timezone.now(),
            )

    @pytest.mark.parametrize("count", [3, 30])
    def test_the_matrix_costs_the_same_for_three_and_thirty(
        self, northgate: Centre, client: Client, count: int, django_assert_max_num_queries: Any
    ) -> None:
        client.force_login(make_member(northgate, "Ruth Ode", Role.LEAD_IQA).user)
        for number in range(count):
            make_member(northgate, f"Assessor {number}", Role.ASSESSOR)
        client.get("/c/northgate/staff/competence/")
        for page in ("competence/", ""):
            with django_assert_max_num_queries(24):
                client.get(f"/c/northgate/staff/{page}")


class TestConflicts:
    """The lead IQA keeps people from the work of learners they are connected with."""

    def test_it_is_recorded_and_withdrawn(self, northgate: Centre, client: Client) -> None:
        lead = make_member(northgate, "Ruth Ode", Role.LEAD_IQA)
        priya = make_member(northgate, "Priya Shah", Role.ASSESSOR)
        make_learner(northgate, "Amira Khan", by=lead, number="AK-1")
        client.force_login(lead.user)
        told = {"membership": str(priya.pk), "learner": "ak-1", "reason": "They are sisters."}
        unknown = client.post("/c/northgate/staff/conflicts/declare/", told | {"learner": "AK-9"})
        assert unknown.status_code == 422
        assert b"No learner here has this e-mail address or registration number." in unknown.content
        assert b"They are sisters." in unknown.content
        assert client.post("/c/northgate/staff/conflicts/declare/", told).status_code == 302
        assert b"They are sisters." in client.get("/c/northgate/staff/conflicts/").content
        with centre_scope(northgate.pk):
            conflict = ConflictOfInterest.objects.get()
        address = f"/c/northgate/staff/conflicts/{conflict.pk}/withdraw/"
        assert client.post(address).status_code == 302
        assert client.post(address).status_code == 422
        assert b"No conflict of interest is on record." in client.get("/c/northgate/staff/conflicts/").content

    def test_nobody_withdraws_their_own(self, northgate: Centre, client: Client) -> None:
        lead = make_member(northgate, "Ruth Ode", Role.LEAD_IQA)
        other = make_member(northgate, "Lena Grant", Role.LEAD_IQA)
        registration = make_learner(northgate, "Amira Khan", by=lead)
        with centre_scope(northgate.pk):
            learner = Learner.objects.get(pk=registration.learner_id)
            conflict = actions.declare_conflict(
                membership=lead, learner=learner, reason="They are sisters.", by=lead, at=timezone.now()
            )
        address = f"/c/northgate/staff/conflicts/{conflict.pk}/withdraw/"
        client.force_login(lead.user)
        page = client.get("/c/northgate/staff/conflicts/").content
        assert b"Another lead IQA may withdraw it." in page
        assert address.encode() not in page
        refused = client.post(address)
        assert refused.status_code == 422
        assert b"You cannot withdraw a conflict of interest of your own." in refused.content
        with centre_scope(northgate.pk):
            assert ConflictOfInterest.objects.get().withdrawn_at is None
        client.force_login(other.user)
        assert client.post(address).status_code == 302
