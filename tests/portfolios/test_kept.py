"""Pages that are signed as evidence: kept once, claimed, submitted, never changed; and what is refused."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from centres.models import Centre, Event, Learner
from centres.permissions import Role
from centres.scoping import centre_scope
from lib.canonical import fingerprint
from portfolios.actions import claim_criteria, write_observation
from portfolios.actions.keep import NotForYou, NotToSign
from portfolios.models import Evidence, Record
from portfolios.rules.kept import BY_PASSWORD, IN_CONFLICT, NOT_STAFF, OWN_WORK
from portfolios.rules.locators import parse_locator
from portfolios.selectors.compiled import compiled_record
from portfolios.selectors.forms import Forms
from portfolios.selectors.frozen import page_of
from portfolios.selectors.pane import evidence_pane
from qualifications.actions import declare_conflict
from tests.makers import PASSWORD, make_member, start, submit
from tests.portfolios.practice import Practice
from tests.portfolios.samples import signed_in
from tests.portfolios.test_guests import ask, link_of, sign

pytestmark = pytest.mark.django_db

SAW = "She asked open questions and waited for the answers"


@pytest.fixture
def practice(northgate: Centre) -> Practice:
    return Practice(northgate)


def pieces(practice: Practice) -> list[Evidence]:
    return [row for row in practice.rows(Evidence) if row.kind == "FILE"]


def text_of(piece: Evidence) -> str:
    with default_storage.open(piece.storage_key) as file:
        data = file.read()
    assert fingerprint(data) == piece.sha256
    assert len(data) == piece.size
    return str(data.decode())


def observation_address(practice: Practice, key: str = "direct-observation") -> str:
    kwargs = {
        "slug": practice.cast.centre.slug,
        "registration_id": practice.registration.pk,
        "unit_ref": practice.unit.ref,
        "template_key": key,
    }
    return reverse("portfolios:write_observation", kwargs=kwargs)


def observe(practice: Practice, client: Client | None = None, **typed: str) -> Any:
    client = client or signed_in(practice.cast.assessor)
    values = {"f2": "02/11/2026", "f4": SAW, "password": PASSWORD, **typed}
    return client.post(observation_address(practice), values)


def observed(practice: Practice) -> Record:
    assert observe(practice).status_code == 302
    with centre_scope(practice.cast.centre.pk):
        record: Record = Record.objects.select_related("evidence").get(template_key="direct-observation")
        return record


def sign_own(practice: Practice, record: Record, **over: str) -> Any:
    with centre_scope(practice.cast.centre.pk):
        record.refresh_from_db()
    values = {"version": str(record.version), "password": PASSWORD, **over}
    return practice.client.post(practice.address("sign_record", record_id=record.pk), values)


def product(practice: Practice) -> Record:
    record: Record = practice.record("work-product")
    saved = practice.client.post(
        practice.address("record", record_id=record.pk), {"f2": "A plan for a mentor scheme", "version": "1"}
    )
    assert saved.status_code == 302
    return record


def test_what_a_witness_signs_is_kept_as_a_piece_and_claimed_and_submitted(practice: Practice) -> None:
    record = practice.record("witness-testimony")
    path = link_of(ask(practice, record, guest="WITNESS"))
    assert sign(Client(), path, f3="She led the meeting on 2 May").status_code == 200
    [piece] = pieces(practice)
    assert piece.label == "Witness testimony 1, Bea Stone"
    assert "She led the meeting on 2 May" in text_of(piece)
    assert "Signed by Bea Stone, witness" in text_of(piece)
    page = practice.page("record", record_id=record.pk)
    assert "Kept as evidence" in page
    assert "Delete this copy" not in page
    draft = start(practice.cast, "portfolio-8586-302")
    with centre_scope(practice.cast.centre.pk):
        claim_criteria(
            evidence=piece,
            criteria=[(practice.unit.ref, "2.2"), (practice.unit.ref, "3.1")],
            locator=parse_locator("“led the meeting”"),
            why="She saw it",
            by=practice.cast.learner,
            at=timezone.now(),
        )
    submitted = submit(practice.cast, draft)
    lines = [line for line in submitted.manifest if line["kind"] == "FILE" and line["label"] == piece.label]
    assert {line["part"] for line in lines} == {"2.2", "3.1"}
    assert {line["sha256"] for line in lines} == {piece.sha256}
    with centre_scope(practice.cast.centre.pk):
        shown = {part.ref: [row.label for row in part.pieces] for part in evidence_pane(submitted)}
        document = str(compiled_record(submitted, at=timezone.now()))
    assert piece.label in shown["2.2"]
    # Once as the piece, though under two criteria, and once on the page among the records.
    assert document.count("Signed by Bea Stone, witness") == 2


def test_a_learner_signs_a_work_product_with_their_password(practice: Practice) -> None:
    record = product(practice)
    asked = practice.page("sign_record", record_id=record.pk)
    assert "This is my own work" in asked
    assert "A plan for a mentor scheme" in asked
    wrong = sign_own(practice, record, password="not this")
    assert wrong.status_code == 422
    assert "That password is not right" in wrong.content.decode()
    stale = sign_own(practice, record, version="1")
    assert stale.status_code == 409
    assert "changed in another tab" in stale.content.decode()
    assert pieces(practice) == []
    assert sign_own(practice, record).status_code == 302
    assert sign_own(practice, record).status_code == 302
    [piece] = pieces(practice)
    assert piece.label == "Work product 1, Amira Khan"
    assert "confirmed with their password" in text_of(piece)
    page = practice.page("record", record_id=record.pk)
    assert "Amira Khan, learner" in page
    with centre_scope(practice.cast.centre.pk):
        row = Record.objects.select_related("evidence", "signed_by").get(pk=record.pk)
        frozen = page_of(row, Forms([practice.unit.ref]))
        assert Event.objects.filter(code="portfolios.page.kept").count() == 1
    assert frozen is not None
    assert frozen["signatures"][0]["sha256"] == piece.sha256


def test_an_empty_page_is_not_signed(practice: Practice) -> None:
    record = practice.record("account-of-practice")
    assert "Nothing is written on this page yet" in practice.page("sign_record", record_id=record.pk)
    assert sign_own(practice, record).status_code == 302
    assert pieces(practice) == []


def test_what_was_signed_is_not_changed_deleted_or_signed_by_link(practice: Practice) -> None:
    record = product(practice)
    sign_own(practice, record)
    changed = practice.client.post(
        practice.address("record", record_id=record.pk), {"f2": "Another", "version": "2"}
    )
    assert changed.status_code == 422
    assert "This page was signed, so it stays as it is." in changed.content.decode()
    away = practice.client.post(practice.address("remove_record", record_id=record.pk), follow=True)
    assert "This page was signed, so it stays as it is." in away.content.decode()
    with centre_scope(practice.cast.centre.pk):
        rows = Record.objects.filter(pk=record.pk)
        changes: list[dict[str, Any]] = [{"answers": {}}, {"evidence": None, "signed_as": ""}]
        for change in changes:
            with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
                rows.update(**change)
        with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
            Evidence.objects.filter(pages=record.pk).update(
                removed_at=timezone.now(), removed_by=practice.cast.learner
            )


def test_an_assessor_observes_and_the_learner_reads_and_claims_it(practice: Practice) -> None:
    assessor = signed_in(practice.cast.assessor)
    page = assessor.get(observation_address(practice)).content.decode()
    assert "I watched or questioned the learner myself" in page
    record = observed(practice)
    assert observe(practice).status_code == 302
    assert len(pieces(practice)) == 1  # pressing twice signs once
    assert record.evidence is not None
    assert record.evidence.label == f"Direct observation 1, {practice.cast.assessor.name}"
    assert SAW in text_of(record.evidence)
    page = practice.page("record", record_id=record.pk)
    assert SAW in page
    assert f"{practice.cast.assessor.name}, assessor" in page
    assert 'name="f4"' not in page
    seen = practice.address("seen", record_id=record.pk)
    for _ in range(2):
        assert practice.client.post(seen).status_code == 302
    assert "You read it on" in practice.page("record", record_id=record.pk)
    listed = assessor.get(
        reverse("portfolios:observations", args=[practice.cast.centre.slug, practice.registration.pk])
    ).content.decode()
    assert "read by the learner" in listed
    changed = practice.client.post(
        practice.address("record", record_id=record.pk), {"f4": "Mine", "version": "1"}
    )
    assert changed.status_code == 422
    claims = reverse("portfolios:claims", args=[practice.cast.centre.slug, record.evidence_id])
    piece = practice.client.get(claims).content.decode()
    assert practice.address("record", record_id=record.pk) in piece
    with centre_scope(practice.cast.centre.pk):
        assert Event.objects.filter(code="portfolios.observation.seen").count() == 1


def test_what_was_typed_stays_when_the_password_is_wrong_or_nothing_is_written(practice: Practice) -> None:
    wrong = observe(practice, password="not this")
    assert wrong.status_code == 422
    assert SAW in wrong.content.decode()
    empty = observe(practice, f2="", f4="")
    assert empty.status_code == 422
    assert "Write something first, then sign." in empty.content.decode()
    unproven = observe(practice, password="")
    assert "Enter your password to sign." in unproven.content.decode()
    assert pieces(practice) == []


def test_questions_are_kept_row_by_row(practice: Practice) -> None:
    values = {"t1-1": "Why open questions?", "t1-2": "They make people think", "password": PASSWORD}
    answer = signed_in(practice.cast.assessor).post(
        observation_address(practice, "questions-and-answers"), values
    )
    assert answer.status_code == 302
    [piece] = pieces(practice)
    assert "Why open questions?" in text_of(piece)


def test_a_conflict_of_interest_and_ones_own_portfolio_close_the_door(practice: Practice) -> None:
    cast = practice.cast
    with centre_scope(cast.centre.pk):
        learner = Learner.objects.get(pk=practice.registration.learner_id)
        declare_conflict(
            membership=cast.assessor, learner=learner, reason="Family", by=cast.iqa, at=timezone.now()
        )
    assert observe(practice).status_code == 404
    tutor = make_member(cast.centre, "Tina Roe", Role.TUTOR)
    administrator = make_member(cast.centre, "Olu Ade", Role.ADMINISTRATOR)
    assert observe(practice, signed_in(administrator)).status_code in (403, 404)
    with centre_scope(cast.centre.pk):
        forms = {form.key: form for form in Forms([practice.unit.ref]).of_unit(practice.unit.ref)}
        for by, key, refusal, words in (
            (cast.assessor, "direct-observation", NotForYou, IN_CONFLICT),
            (administrator, "direct-observation", NotForYou, NOT_STAFF),
            (cast.learner, "direct-observation", NotForYou, OWN_WORK),
            (tutor, "work-product", NotToSign, "not one for you"),
        ):
            with pytest.raises(refusal, match=words):
                write_observation(
                    registration=practice.registration,
                    unit_ref=practice.unit.ref,
                    form=forms[key],
                    typed={"f4": SAW},
                    by=by,
                    at=timezone.now(),
                )
    assert observe(practice, signed_in(tutor)).status_code == 302
    assert [row.signed_as for row in practice.rows(Record)] == ["TUTOR"]


def test_learners_begin_no_observation_themselves(practice: Practice) -> None:
    begun = practice.client.post(
        practice.address("begin_record", template_key="direct-observation", part="all")
    )
    assert begun.status_code == 404
    assert "Direct observation" not in practice.page()
    observed(practice)
    assert "Direct observation" in practice.page()
    own = product(practice)
    assert practice.client.post(practice.address("seen", record_id=own.pk)).status_code == 302
    with centre_scope(practice.cast.centre.pk):
        own.refresh_from_db()
    assert own.seen_at is None


def test_lists_take_no_more_queries_for_more_rows(practice: Practice) -> None:
    client = signed_in(practice.cast.assessor)
    slug = practice.cast.centre.slug
    addresses = [
        reverse("portfolios:observe", args=[slug]),
        reverse("portfolios:observations", args=[slug, practice.registration.pk]),
    ]

    def spent() -> list[int]:
        counts = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    observe(practice)
    before = spent()
    for number in range(4):
        observe(practice, f3=f"Room {number}")
    assert spent() == before
    assert max(before) <= 20


def test_a_frozen_page_says_how_it_was_signed() -> None:
    signed = {"who": "Priya Shah, assessor", "meaning": "I watched.", "at": "1 Nov 2026, 09:00 UTC"}
    page = {"title": "Direct observation", "signatures": [{**signed, "method": BY_PASSWORD, "sha256": "0"}]}
    shown = render_to_string("portfolios/frozen_page.html", {"page": page})
    assert f"Signed 1 Nov 2026, 09:00 UTC. {BY_PASSWORD}." in shown
    assert "by a link" not in shown
