"""The pages of a learner's evidence: the list, a piece with its claims, and the matrix."""

import csv
import io
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from centres.models import Centre
from centres.scoping import centre_scope
from portfolios import actions
from portfolios.models import Claim, Evidence, Submission
from portfolios.rules.locators import parse_locator
from tests.makers import AT, MENTORING, Cast, start, submit
from tests.portfolios.samples import pdf, png, signed_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
UNIT = "8586-300"


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate, qualification=MENTORING)


@pytest.fixture
def draft(cast: Cast) -> Submission:
    return start(cast, "assignment-8586-300")


def offered(cast: Cast, draft: Submission, name: str, content: bytes) -> Evidence:
    with centre_scope(cast.centre.pk):
        offer = actions.offer_file(
            submission=draft, part_ref="1.1", name=name, file=BytesIO(content), by=cast.learner, at=AT
        )
        piece: Evidence = offer.evidence
        return piece


def evidence_of(cast: Cast) -> Evidence:
    """Return the one piece there is."""
    with centre_scope(cast.centre.pk):
        only: Evidence = Evidence.objects.get()
        return only


@pytest.fixture
def piece(cast: Cast, draft: Submission) -> Evidence:
    return offered(cast, draft, "Essay.pdf", pdf(9))


def page(name: str, **kwargs: Any) -> str:
    return reverse(f"portfolios:{name}", kwargs={"slug": "northgate", **kwargs})


def typed(**more: Any) -> dict[str, Any]:
    return {"criteria": [f"{UNIT} 1.1"], "first": "2", "last": "", "why": "It names three.", **more}


def claims(cast: Cast) -> list[Any]:
    with centre_scope(cast.centre.pk):
        return list(Claim.objects.order_by("claimed_at", "id"))


def test_one_place_is_claimed_for_several_criteria_at_once(cast: Cast, piece: Evidence) -> None:
    url = page("claims", evidence_id=piece.pk)
    answer = signed_in(cast.learner).post(
        url, typed(criteria=[f"{UNIT} 1.1", f"{UNIT} 1.2", "8586-301 2.1"], last="3")
    )
    assert answer["Location"] == f"{url}#claims"
    assert [(str(row), row.first, row.last) for row in claims(cast)] == [
        ("8586-300 1.1", 2, 3),
        ("8586-300 1.2", 2, 3),
        ("8586-301 2.1", 2, 3),
    ]
    shown = signed_in(cast.learner).get(url).content.decode()
    assert "Claimed here (3)" in shown
    assert "p. 2–3" in shown
    assert "It names three." in shown


def test_save_and_add_another_leads_back_to_the_form(cast: Cast, piece: Evidence) -> None:
    url = page("claims", evidence_id=piece.pk)
    answer = signed_in(cast.learner).post(url, typed(then="another"))
    assert answer["Location"] == f"{url}#claim-form"


def test_a_claim_in_place_answers_with_the_list_and_an_empty_form(cast: Cast, piece: Evidence) -> None:
    answer = signed_in(cast.learner).post(page("claims", evidence_id=piece.pk), typed(), headers=HTMX)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="claims" aria-labelledby="claims-title" hx-swap-oob="true"' in shown
    assert "It names three." in shown
    assert 'name="why" value=' not in shown
    assert "Claimed for 8586-300 AC 1.1." in answer["HX-Trigger"]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"first": "10"}, "This file has 9 pages. Enter 1 to 9."),
        ({"first": "2", "last": "99999"}, "This file has 9 pages. Enter 1 to 9."),
        ({"first": "5", "last": "4"}, "The last page is before the first. Enter 5 or more."),
        ({"first": "-1"}, "Enter a page number in digits, like 4."),
        ({"first": "²"}, "Enter a page number in digits, like 4."),
        ({"first": "four"}, "Enter a page number in digits, like 4."),
        ({"first": ""}, "Enter a page number."),
        ({"criteria": []}, "Choose at least one criterion from the list."),
        ({"criteria": [f"{UNIT} 4.9"]}, "AC 4.9 is not in this unit. Choose one from the list."),
        ({"criteria": ["nonsense"]}, "Unit nonsense is not in your qualification."),
        ({"why": " "}, "Say in a line why it shows this."),
        ({"why": "x" * 1001}, "at most 1000 characters"),
        ({"why": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_claimed_keeps_what_was_typed(
    cast: Cast, piece: Evidence, change: dict[str, Any], says: str, headers: dict[str, str]
) -> None:
    values = typed(**({"why": "Kept words."} | change))
    answer = signed_in(cast.learner).post(page("claims", evidence_id=piece.pk), values, headers=headers)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert says in shown
    if "why" not in change:
        assert "Kept words." in shown
    assert claims(cast) == []


def test_words_and_pictures_have_places_of_their_own(cast: Cast, draft: Submission) -> None:
    client = signed_in(cast.learner)
    note = offered(cast, draft, "notes.txt", b"I asked,\nthen waited.")
    url = page("claims", evidence_id=note.pk)
    wrong = client.post(url, {"criteria": [f"{UNIT} 1.1"], "quote": "I told", "why": "It shows it."})
    assert "These words are not in the text. Copy them from it exactly." in wrong.content.decode()
    client.post(url, {"criteria": [f"{UNIT} 1.1"], "quote": "i asked, then", "why": "It shows it."})
    picture = offered(cast, draft, "board.png", png())
    url = page("claims", evidence_id=picture.pk)
    assert 'value="1"' in client.get(url).content.decode()
    client.post(url, typed(first="1"))
    assert [(row.kind, row.quote) for row in claims(cast)] == [("WORDS", "i asked, then"), ("PAGES", "")]


def test_claimed_words_are_marked_in_the_text(cast: Cast, draft: Submission) -> None:
    with centre_scope(cast.centre.pk):
        text = actions.save_text(
            submission=draft, part_ref="1.1", text="I <b>asked</b>, then.", version=0, by=cast.learner, at=AT
        )
        assert text is not None
        [made] = actions.claim_criteria(
            evidence=text,
            criteria=[(UNIT, "1.1")],
            locator=parse_locator("“<b>asked</b>”"),
            why="So it was.",
            by=cast.learner,
            at=AT,
        )
    shown = signed_in(cast.learner).get(page("claims", evidence_id=text.pk)).content.decode()
    assert f'I <span id="claim-{made.pk}"></span><mark>&lt;b&gt;asked&lt;/b&gt;</mark>, then.' in shown


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_removing_a_claim_can_be_undone(cast: Cast, piece: Evidence, headers: dict[str, str]) -> None:
    client = signed_in(cast.learner)
    client.post(page("claims", evidence_id=piece.pk), typed())
    [made] = claims(cast)
    answer = client.post(page("remove_claim", claim_id=made.pk), headers=headers)
    shown = client.get(page("claims", evidence_id=piece.pk)).content.decode()
    assert "Removed (1)" in shown
    assert "Nothing is claimed in this piece yet." in shown
    if headers:
        assert page("restore_claim", claim_id=made.pk) in answer.content.decode()
    client.post(page("restore_claim", claim_id=made.pk), headers=headers)
    assert claims(cast)[0].removed_at is None


def test_nobody_else_sees_or_changes_a_learners_claims(cast: Cast, piece: Evidence) -> None:
    signed_in(cast.learner).post(page("claims", evidence_id=piece.pk), typed())
    [made] = claims(cast)
    other = signed_in(cast.assessor)
    for url in (page("claims", evidence_id=piece.pk), page("remove_claim", claim_id=made.pk)):
        assert other.post(url, typed()).status_code == 403
    assert len(claims(cast)) == 1


def test_the_list_finds_sorts_and_counts(cast: Cast, draft: Submission, piece: Evidence) -> None:
    client = signed_in(cast.learner)
    offered(cast, draft, "Photo.png", png())
    client.post(page("claims", evidence_id=piece.pk), typed())
    url = page("evidence_list")
    both = client.get(url).content.decode()
    assert "2 pieces" in both
    assert "1 of 12 criteria" in both or "1 of " in both
    for query, found, absent in (
        ("?q=essay", "Essay.pdf", "Photo.png"),
        ("?claimed=no", "Photo.png", "Essay.pdf"),
        ("?claimed=yes", "Essay.pdf", "Photo.png"),
    ):
        shown = client.get(url + query).content.decode()
        assert found in shown
        assert absent not in shown
    by_name = client.get(f"{url}?sort=-label").content.decode()
    assert by_name.index("Photo.png") < by_name.index("Essay.pdf")
    assert client.get(f"{url}?q=zzz&sort=nonsense&page=99&size=7").status_code == 200
    assert "No pieces match." in client.get(f"{url}?q=zzz").content.decode()


def test_an_empty_list_says_what_to_do(cast: Cast) -> None:
    assert "You have no evidence yet." in signed_in(cast.learner).get(page("evidence_list")).content.decode()


def test_the_matrix_says_first_what_is_not_covered(cast: Cast, piece: Evidence) -> None:
    client = signed_in(cast.learner)
    client.post(page("claims", evidence_id=piece.pk), typed(criteria=["8586-301 1.1", "8586-301 3.2"]))
    where = {"registration_id": cast.registration.pk, "ref": "8586-301"}
    shown = client.get(page("matrix", **where)).content.decode()
    assert "Nothing is offered yet for AC 1.2, AC 1.3, AC 2.1" in shown
    assert shown.index("Section One") < shown.index("Section Two") < shown.index("Section Three")
    assert "Portfolio Evidence Title" in shown
    assert "for=8586-301%202.1" in shown
    journal = client.get(page("matrix", registration_id=cast.registration.pk, ref="8586-303"))
    assert "Reflective Journal Evidence Title" in journal.content.decode()
    by_outcome = client.get(page("matrix", registration_id=cast.registration.pk, ref=UNIT))
    assert "LO 1" in by_outcome.content.decode()
    assert client.get(page("matrix", registration_id=cast.registration.pk, ref="D3.01")).status_code == 404


def test_what_is_offered_without_a_place_claimed_is_covered(cast: Cast, draft: Submission) -> None:
    offered(cast, draft, "Essay.pdf", pdf(9))
    client = signed_in(cast.learner)
    listed = client.get(page("evidence_list")).content.decode()
    assert '<span class="nowrap">1 of ' in listed
    assert f"{draft.assessment.title}, attempt 1" in unescape(listed)
    where = {"registration_id": cast.registration.pk, "ref": UNIT}
    shown = client.get(page("matrix", **where)).content.decode()
    assert "Offered, no place claimed" in shown
    assert "Nothing is offered yet for AC 1.2" in shown
    rows = list(csv.reader(io.StringIO(client.get(page("matrix_csv", **where)).content.decode("utf-8-sig"))))
    assert rows[1][2:] == ["Essay.pdf", "E1", "Offered, no place claimed", ""]
    client.post(page("claims", evidence_id=evidence_of(cast).pk), typed())
    assert "Offered, no place claimed" not in client.get(page("matrix", **where)).content.decode()


def test_the_matrix_as_a_file_runs_no_formula(cast: Cast, draft: Submission) -> None:
    client = signed_in(cast.learner)
    sheet = offered(cast, draft, "=cmd.pdf", pdf(3))
    client.post(page("claims", evidence_id=sheet.pk), typed(criteria=["8586-301 1.1"], why="+1 of it"))
    url = page("matrix_csv", registration_id=cast.registration.pk, ref="8586-301")
    answer = client.get(url)
    assert "matrix 8586-301 ABC1234.csv" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == [
        "Section",
        "Unit / AC",
        "Portfolio Evidence Title",
        "Reference Number",
        "Where",
        "Why",
    ]
    assert rows[1] == ["Section One", "8586-301 AC 1.1", "'=cmd.pdf", "E1", "p. 2", "'+1 of it"]
    assert rows[2] == ["Section One", "8586-301 AC 1.2", "Nothing offered yet", "", "", ""]
    assert len(rows) == 12


def test_the_pages_ask_the_same_however_much_they_hold(
    cast: Cast, draft: Submission, piece: Evidence, django_assert_max_num_queries: Any
) -> None:
    client: Client = signed_in(cast.learner)
    urls = [
        page("evidence_list"),
        page("claims", evidence_id=piece.pk),
        page("matrix", registration_id=cast.registration.pk, ref=UNIT),
    ]
    for start_at in (1, 4):
        for number in range(start_at, start_at + 3):
            offered(cast, draft, f"{number}.png", png())
            client.post(page("claims", evidence_id=piece.pk), typed(first=str(number)))
        for url in urls:
            with django_assert_max_num_queries(33):
                client.get(url)


def test_claims_are_shown_where_the_attempt_is_worked_on_declared_and_kept(
    cast: Cast, draft: Submission, piece: Evidence
) -> None:
    client = signed_in(cast.learner)
    client.post(page("claims", evidence_id=piece.pk), typed(last="3"))
    assert "Essay p. 2–3</a>" in client.get(page("submission", submission_id=draft.pk)).content.decode()
    assert "claimed: p. 2–3" in client.get(page("submit", submission_id=draft.pk)).content.decode()
    submit(cast, draft)
    assert "Essay p. 2–3</a>" in client.get(page("submission", submission_id=draft.pk)).content.decode()


def test_claims_made_after_the_page_was_opened_are_shown_before_they_are_declared(
    cast: Cast, draft: Submission, piece: Evidence
) -> None:
    with centre_scope(cast.centre.pk):
        for ref in draft.open_parts:
            actions.save_text(submission=draft, part_ref=ref, text="x", version=0, by=cast.learner, at=AT)
    client = signed_in(cast.learner)
    url = page("submit", submission_id=draft.pk)
    seen = client.get(url).context["seen"]
    client.post(page("claims", evidence_id=piece.pk), typed())
    answer = client.post(url, {"has_declared": "on", "seen": seen})
    assert answer.status_code == 409
    assert "claimed: p. 2" in answer.content.decode()
