"""Claims: what may be claimed, what the database refuses, and what an attempt is submitted with."""

from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from centres.models import Centre, Event
from centres.scoping import centre_scope
from portfolios import actions
from portfolios.actions.claim import NothingSaid, NotInUnit, OutsideEvidence
from portfolios.models import Claim, Evidence, Offer, Submission
from portfolios.rules.locators import Locator, LocatorKind, parse_locator
from portfolios.selectors.claims import claims_in
from tests.makers import AT, MENTORING, Cast, make_registration, start, submit
from tests.portfolios.samples import pdf

pytestmark = pytest.mark.django_db
ESSAY = "assignment-8586-300"
UNIT = "8586-300"


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate, qualification=MENTORING)


@pytest.fixture
def draft(cast: Cast) -> Submission:
    return start(cast, ESSAY)


def essay(cast: Cast, draft: Submission, *, part: str = "1.1", pages: int = 9) -> Evidence:
    """Offer a PDF under a part of a draft."""
    with centre_scope(cast.centre.pk):
        offer = actions.offer_file(
            submission=draft,
            part_ref=part,
            name="Essay.pdf",
            file=BytesIO(pdf(pages)),
            by=cast.learner,
            at=AT,
        )
        piece: Evidence = offer.evidence
        return piece


def claim(cast: Cast, evidence: Evidence, *refs: str, where: str = "p. 2", unit: str = UNIT) -> list[Claim]:
    with centre_scope(cast.centre.pk):
        return actions.claim_criteria(
            evidence=evidence,
            criteria=[(unit, ref) for ref in refs],
            locator=parse_locator(where),
            why="It names three benefits.",
            by=cast.learner,
            at=AT,
        )


def manifest(cast: Cast, draft: Submission) -> list[dict[str, Any]]:
    with centre_scope(cast.centre.pk):
        return actions.manifest_of(Submission.objects.select_related("assessment").get(pk=draft.pk))


def test_one_piece_serves_many_criteria_in_several_units(cast: Cast, draft: Submission) -> None:
    piece = essay(cast, draft)
    made = claim(cast, piece, "1.1", "1.2", where="p. 2–3") + claim(cast, piece, "2.1", unit="8586-301")
    assert [str(row) for row in made] == ["8586-300 1.1", "8586-300 1.2", "8586-301 2.1"]
    with centre_scope(cast.centre.pk):
        assert Claim.objects.count() == 3
        assert Event.objects.filter(code="portfolios.claim.made").count() == 3


def test_claiming_offers_the_file_in_the_open_draft(cast: Cast, draft: Submission) -> None:
    piece = essay(cast, draft)
    claim(cast, piece, "1.1", "1.2")
    with centre_scope(cast.centre.pk):
        assert set(Offer.objects.values_list("part_ref", flat=True)) == {"1.1", "1.2"}


def test_the_same_claim_twice_is_one_claim(cast: Cast, draft: Submission) -> None:
    piece = essay(cast, draft)
    assert claim(cast, piece, "1.1")[0].pk == claim(cast, piece, "1.1")[0].pk
    claim(cast, piece, "1.1", where="p. 3")
    with centre_scope(cast.centre.pk):
        assert Claim.objects.count() == 2


@pytest.mark.parametrize(
    ("refs", "unit", "where", "refusal", "says"),
    [
        (["4.9"], UNIT, "p. 2", NotInUnit, "AC 4.9 is not in this unit. Choose one from the list."),
        (["1.1", "4.9"], UNIT, "p. 2", NotInUnit, "AC 4.9 is not in this unit."),
        (["1.1"], "D3.01", "p. 2", NotInUnit, "Unit D3.01 is not in your qualification."),
        ([], UNIT, "p. 2", NotInUnit, "Choose at least one criterion from the list."),
        (["1.1"], UNIT, "p. 10", OutsideEvidence, "This file has 9 pages. Enter 1 to 9."),
        (["1.1"], UNIT, "1:55", OutsideEvidence, "This piece is pointed at by a page."),
    ],
)
def test_what_cannot_be_claimed_is_refused_in_words_and_changes_nothing(
    cast: Cast, draft: Submission, refs: list[str], unit: str, where: str, refusal: type, says: str
) -> None:
    piece = essay(cast, draft)
    with pytest.raises(refusal, match=says):
        claim(cast, piece, *refs, where=where, unit=unit)
    with centre_scope(cast.centre.pk):
        assert not Claim.objects.exists()


def test_a_claim_says_why(cast: Cast, draft: Submission) -> None:
    piece = essay(cast, draft)
    with centre_scope(cast.centre.pk), pytest.raises(NothingSaid):
        actions.claim_criteria(
            evidence=piece,
            criteria=[(UNIT, "1.1")],
            locator=Locator(LocatorKind.PAGES, 1, 1),
            why="  ",
            by=cast.learner,
            at=AT,
        )


def test_the_database_refuses_what_can_never_be(cast: Cast, draft: Submission) -> None:
    piece = essay(cast, draft)
    [made] = claim(cast, piece, "1.1")
    other = make_registration(
        cast.centre,
        cast.registration.learner,
        by=cast.administrator,
        qualification="l3-cert-workplace-coaching-mentoring",
        number="R-9",
    )
    wrong: list[dict[str, Any]] = [
        {"first": 3, "last": 2},
        {"first": 0, "last": 0},
        {"quote": "and words"},
        {"kind": "WORDS"},
        {"kind": "ELSE"},
        {"why": ""},
        {"criterion_ref": "4.9"},
        {"unit_ref": "D3.01"},
        {"registration_id": other.pk, "unit_ref": "D3.01"},
        {},
    ]
    fields = [field.attname for field in Claim._meta.local_fields if field.name != "id"]
    for change in wrong:
        values = {name: getattr(made, name) for name in fields} | change
        with pytest.raises(DatabaseError, match="portfolios_claim"):
            _write(cast, values)


def _write(cast: Cast, values: dict[str, Any]) -> None:
    with centre_scope(cast.centre.pk), transaction.atomic():
        Claim.objects.create(**values)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.usefixtures("walled")
def test_only_the_removal_of_a_claim_can_change() -> None:
    cast = Cast(Centre.objects.get(slug="northgate"), qualification=MENTORING)
    [made] = claim(cast, essay(cast, start(cast, ESSAY)), "1.1")
    for change in ({"first": 1}, {"why": "Else."}, {"criterion_ref": "1.2"}):
        with pytest.raises(DatabaseError, match="permission denied"), centre_scope(cast.centre.pk):
            Claim.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(DatabaseError, match="permission denied"), centre_scope(cast.centre.pk):
        Claim.objects.filter(pk=made.pk).delete()


def test_a_removed_claim_is_put_back(cast: Cast, draft: Submission) -> None:
    piece = essay(cast, draft)
    [made] = claim(cast, piece, "1.1")
    with centre_scope(cast.centre.pk):
        for _ in range(2):
            actions.remove_claim(claim=made, by=cast.learner, at=AT)
        assert Claim.objects.get(pk=made.pk).removed_at == AT
        for _ in range(2):
            actions.restore_claim(claim=made, by=cast.learner, at=AT)
        assert Claim.objects.get(pk=made.pk).removed_at is None
        assert Event.objects.filter(code__startswith="portfolios.claim.").count() == 3


def test_a_claim_made_anew_is_not_doubled_by_putting_the_old_one_back(cast: Cast, draft: Submission) -> None:
    piece = essay(cast, draft)
    [old] = claim(cast, piece, "1.1")
    with centre_scope(cast.centre.pk):
        actions.remove_claim(claim=old, by=cast.learner, at=AT)
    claim(cast, piece, "1.1")
    with centre_scope(cast.centre.pk):
        actions.restore_claim(claim=old, by=cast.learner, at=AT)
        assert Claim.objects.filter(removed_at__isnull=True).count() == 1


def test_an_attempt_without_claims_has_the_manifest_it_always_had(cast: Cast, draft: Submission) -> None:
    essay(cast, draft)
    [line] = manifest(cast, draft)
    assert set(line) == {"part", "evidence", "label", "kind", "size", "sha256"}
    assert claims_in([line]) == {"1.1": []}


def test_the_manifest_holds_the_claims_on_what_is_offered(cast: Cast, draft: Submission) -> None:
    piece = essay(cast, draft)
    claim(cast, piece, "1.1", where="p. 2–3")
    claim(cast, piece, "2.1", unit="8586-301")
    [line] = manifest(cast, draft)
    [said] = line["claims"]
    assert (said["unit"], said["criterion"], said["why"]) == (UNIT, "1.1", "It names three benefits.")
    assert said["locator"] == {"kind": "PAGES", "first": 2, "last": 3, "quote": ""}
    [seen] = claims_in([line])["1.1"]
    assert (seen.where, seen.said, seen.short_label) == ("p. 2–3", "Essay, pages 2 to 3", "Essay")


def test_a_claim_on_a_text_counts_for_its_criterion(cast: Cast, draft: Submission) -> None:
    with centre_scope(cast.centre.pk):
        text = actions.save_text(
            submission=draft, part_ref="1.1", text="I asked, then waited.", version=0, by=cast.learner, at=AT
        )
    assert text is not None
    claim(cast, text, "1.2", where="“i asked, THEN”")
    lines = manifest(cast, draft)
    assert [(line["part"], line["evidence"]) for line in lines] == [
        ("1.1", str(text.pk)),
        ("1.2", str(text.pk)),
    ]
    with centre_scope(cast.centre.pk):
        assert list(Offer.objects.values_list("part_ref", flat=True)) == ["1.1"]


def test_what_was_submitted_is_not_touched_by_later_claims(cast: Cast, draft: Submission) -> None:
    piece = essay(cast, draft)
    [made] = claim(cast, piece, "1.1")
    submitted = submit(cast, draft)
    before = list(submitted.manifest)
    assert claims_in(before)["1.1"][0].id == str(made.pk)
    with centre_scope(cast.centre.pk):
        actions.remove_claim(claim=made, by=cast.learner, at=AT)
    claim(cast, piece, "1.2")
    with centre_scope(cast.centre.pk):
        again = Submission.objects.get(pk=draft.pk)
        assert again.manifest == before
        assert again.manifest_sha256 == actions.manifest_fingerprint(before)
        assert not Offer.objects.filter(submission=draft, part_ref="1.2", evidence=piece).exists()


def test_by_section_a_claim_belongs_to_the_section_that_shows_the_criterion(northgate: Centre) -> None:
    cast = Cast(northgate)
    draft = start(cast, "wba-d3-01-02")
    piece = essay(cast, draft, part="2")
    claim(cast, piece, "1.1", unit="D3.01")
    lines = manifest(cast, draft)
    assert [line["part"] for line in lines if "claims" in line] == ["1"]
    with centre_scope(cast.centre.pk):
        assert set(Offer.objects.values_list("part_ref", flat=True)) == {"1", "2"}


def reopened(cast: Cast, first: Submission, *refs: str) -> Submission:
    """Release a submitted attempt as it is, and open the next one with some parts."""
    with centre_scope(cast.centre.pk):
        for state in ("IN_ASSESSMENT", "ASSESSED", "RELEASED"):
            Submission.objects.filter(pk=first.pk).update(state=state)
        return actions.open_next_attempt(
            previous=Submission.objects.get(pk=first.pk), reopen=list(refs), by=cast.iqa, at=AT
        )


def test_a_claim_for_a_criterion_that_is_passed_already_is_made_and_offers_nothing(
    cast: Cast, draft: Submission
) -> None:
    piece = essay(cast, draft)
    again = reopened(cast, submit(cast, draft), "1.1")
    [made] = claim(cast, piece, "1.2")
    assert (made.criterion_ref, made.removed_at) == ("1.2", None)
    with centre_scope(cast.centre.pk):
        assert list(Offer.objects.filter(submission=again).values_list("part_ref", flat=True)) == ["1.1"]


def test_claims_on_a_text_go_along_with_its_copy_into_the_next_attempt(cast: Cast, draft: Submission) -> None:
    with centre_scope(cast.centre.pk):
        text = actions.save_text(
            submission=draft, part_ref="1.1", text="I asked, then waited.", version=0, by=cast.learner, at=AT
        )
    assert text is not None
    [made] = claim(cast, text, "1.1", where="“then waited”")
    first = submit(cast, draft)
    again = reopened(cast, first, "1.1")
    with centre_scope(cast.centre.pk):
        [line] = actions.manifest_of(again)
        assert line["evidence"] != str(text.pk)
        assert [said["locator"]["quote"] for said in line["claims"]] == ["then waited"]
        assert Claim.objects.get(pk=made.pk).removed_at == AT
        assert Submission.objects.get(pk=first.pk).manifest == first.manifest
