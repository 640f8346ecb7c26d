"""Working on a draft: files, texts, two tabs, taking back, and everything that is refused."""

from typing import Any

import pytest
from django.test import Client

from centres.models import Event
from centres.scoping import centre_scope
from portfolios.models import Evidence, Offer, Submission
from portfolios.rules import MAX_TEXT_CHARACTERS
from portfolios.views import draft as draft_views
from tests.makers import Cast, start, submit
from tests.portfolios.samples import HOSTILE, at, docx, pdf, png, signed_in, upload

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def counts(cast: Cast) -> tuple[int, ...]:
    with centre_scope(cast.centre.pk):
        return tuple(model.objects.count() for model in (Evidence, Offer, Submission, Event))


def offers(cast: Cast) -> list[Any]:
    with centre_scope(cast.centre.pk):
        return list(Offer.objects.select_related("evidence").order_by("offered_at", "id"))


def test_files_are_added_under_a_part(cast: Cast, draft: Submission, learner: Client) -> None:
    url = at(cast, "add_files", draft, part_ref="1")
    answer = learner.post(url, {"files": [upload("diary.pdf", pdf(2)), upload("photo.png", png())]})
    assert answer.status_code == 302
    assert answer["Location"].endswith("#part-1")
    assert [row.evidence.label for row in offers(cast)] == ["diary.pdf", "photo.png"]
    page = learner.get(at(cast, "submission", draft)).content.decode()
    assert "diary.pdf" in page
    assert "Section 1 has no evidence yet." not in page
    assert "Section 2 has no evidence yet." in page


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.pdf", b"", "this file is empty"),
        ("notes.docm", docx(macros=True), "they can hold macros"),
        ("notes.docx", docx(macros=True), "this file holds macros"),
        ("virus.exe", b"MZ" + b"\0" * 99, "we can take PDF"),
        ("fake.pdf", b"MZ" + b"\0" * 99, "we can take PDF"),
        ("long.pdf", pdf(501), "this PDF has 501 pages; the limit is 500. Split it into parts"),
        ("locked.pdf", pdf(password="secret"), "this PDF has a password"),
    ],
)
def test_a_file_that_cannot_be_taken_changes_nothing(
    cast: Cast, draft: Submission, learner: Client, name: str, content: bytes, says: str
) -> None:
    before = counts(cast)
    answer = learner.post(at(cast, "add_files", draft, part_ref="1"), {"files": [upload(name, content)]})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert name in page
    assert "<title>Error: " in page
    assert 'href="#files-1"' in page
    assert counts(cast) == before


def test_good_files_are_kept_beside_refused_ones(cast: Cast, draft: Submission, learner: Client) -> None:
    files = [upload("a.txt", b"words"), upload("empty.pdf", b""), upload("b.png", png())]
    answer = learner.post(at(cast, "add_files", draft, part_ref="1"), {"files": files}, headers=HTMX)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "a.txt added." in page
    assert "b.png added." in page
    assert "empty.pdf: this file is empty" in page
    assert [row.evidence.label for row in offers(cast)] == ["a.txt", "b.png"]


def test_an_oversized_file_is_refused_by_its_size(
    cast: Cast, draft: Submission, learner: Client, settings: Any
) -> None:
    settings.UPLOAD_MEDIA_BYTES = 2**20
    before = counts(cast)
    big = upload("film.mp4", b"x" * (2**20 + 1))
    answer = learner.post(at(cast, "add_files", draft, part_ref="1"), {"files": [big]})
    assert answer.status_code == 422
    assert "film.mp4: this file is 2 MB; the limit is 1 MB." in answer.content.decode()
    assert counts(cast) == before


def test_a_request_beyond_the_bound_is_answered_on_the_page(
    cast: Cast, draft: Submission, learner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_views, "MAX_REQUEST_BYTES", 2**20)
    before = counts(cast)
    big = upload("film.mp4", b"x" * (3 * 2**20))
    answer = learner.post(at(cast, "add_files", draft, part_ref="1"), {"files": [big]})
    assert answer.status_code == 413
    assert "more than 1 MB together" in answer.content.decode()
    assert counts(cast) == before


def test_too_many_files_at_once_are_answered_on_the_page(
    cast: Cast, draft: Submission, learner: Client
) -> None:
    files = [upload(f"{number}.txt", b"words") for number in range(21)]
    answer = learner.post(at(cast, "add_files", draft, part_ref="1"), {"files": files})
    assert answer.status_code == 413
    assert "more than 20 files" in answer.content.decode()
    assert offers(cast) == []


def test_no_file_chosen(cast: Cast, draft: Submission, learner: Client) -> None:
    answer = learner.post(at(cast, "add_files", draft, part_ref="1"))
    assert answer.status_code == 422
    assert "Choose a file first." in answer.content.decode()


def test_adding_files_checks_where_the_form_came_from(cast: Cast, draft: Submission) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.learner.user)
    answer = client.post(at(cast, "add_files", draft, part_ref="1"), {"files": [upload("a.txt", b"words")]})
    assert answer.status_code == 403
    assert offers(cast) == []


def test_a_hostile_name_is_shown_as_text(cast: Cast, draft: Submission, learner: Client) -> None:
    learner.post(at(cast, "add_files", draft, part_ref="1"), {"files": [upload(HOSTILE, pdf())]})
    page = learner.get(at(cast, "submission", draft)).content.decode()
    assert "<script>alert(1)" not in page
    assert len(offers(cast)) == 1


def test_a_text_is_saved_and_shown_escaped(cast: Cast, draft: Submission, learner: Client) -> None:
    url = at(cast, "save_text", draft, part_ref="1")
    answer = learner.post(url, {"text": "<b>I</b>\r\ndid\x00", "version": 0})
    assert answer.status_code == 302
    assert offers(cast)[0].evidence.text == "<b>I</b>\ndid"
    page = learner.get(at(cast, "submission", draft)).content.decode()
    assert "&lt;b&gt;I&lt;/b&gt;" in page
    assert "<b>I</b>" not in page


def test_autosave_answers_the_new_version_out_of_band(cast: Cast, draft: Submission, learner: Client) -> None:
    url = at(cast, "save_text", draft, part_ref="1")
    answer = learner.post(url, {"text": "First.", "version": 0}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="version-1" value="1" hx-swap-oob="true"' in page
    assert 'id="mend" hx-swap-oob="true"' in page
    answer = learner.post(url, {"text": "First and second.", "version": 1}, headers=HTMX)
    assert 'id="version-1" value="2"' in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_stale_tab_keeps_both_texts(
    cast: Cast, draft: Submission, learner: Client, headers: dict[str, str]
) -> None:
    url = at(cast, "save_text", draft, part_ref="1")
    learner.post(url, {"text": "From the first tab.", "version": 0})
    before = counts(cast)
    answer = learner.post(url, {"text": "From the second tab.", "version": 0}, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "From the first tab." in page
    assert "From the second tab." in page
    assert "Keep mine" in page
    assert counts(cast) == before
    assert offers(cast)[0].evidence.text == "From the first tab."


def test_a_stale_text_is_settled_without_a_script(cast: Cast, draft: Submission, learner: Client) -> None:
    url = at(cast, "save_text", draft, part_ref="1")
    learner.post(url, {"text": "Theirs.", "version": 0})
    learner.post(url, {"text": "Mine.", "version": 1, "resolve": "theirs"})
    assert offers(cast)[0].evidence.text == "Theirs."
    page = learner.post(url, {"text": "Mine.", "version": 1, "resolve": "together"}).content.decode()
    assert "Mine.\n\nTheirs." in page
    assert offers(cast)[0].evidence.text == "Theirs."
    learner.post(url, {"text": "Mine.", "version": 1, "resolve": "mine"})
    assert offers(cast)[0].evidence.text == "Mine."


def test_a_save_sent_again_after_a_lost_answer_is_no_conflict(
    cast: Cast, draft: Submission, learner: Client
) -> None:
    url = at(cast, "save_text", draft, part_ref="1")
    for _ in range(2):
        answer = learner.post(url, {"text": "Once.", "version": 0}, headers=HTMX)
        assert answer.status_code == 200
    assert offers(cast)[0].evidence.version == 1


def test_a_text_that_is_too_long_stays_on_the_page(cast: Cast, draft: Submission, learner: Client) -> None:
    before = counts(cast)
    text = "word " * (MAX_TEXT_CHARACTERS // 5) + "the very end"
    answer = learner.post(at(cast, "save_text", draft, part_ref="1"), {"text": text, "version": 0})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Your text is longer than 100,000 characters." in page
    assert "the very end" in page
    assert counts(cast) == before


def test_what_is_removed_can_be_put_back(cast: Cast, draft: Submission, learner: Client) -> None:
    learner.post(at(cast, "add_files", draft, part_ref="1"), {"files": [upload("a.txt", b"words")]})
    offer = offers(cast)[0]
    url = at(cast, "remove", draft, offer_id=offer.pk)
    answer = learner.post(url, headers=HTMX)
    undo = at(cast, "restore", draft, part_ref="1", evidence_id=offer.evidence_id)
    assert "a.txt removed." in answer.content.decode()
    assert undo in answer.content.decode()
    assert offers(cast) == []
    assert "Removed (1)" in learner.get(at(cast, "submission", draft)).content.decode()
    for _ in range(2):
        assert learner.post(undo).status_code == 302
    assert [row.evidence_id for row in offers(cast)] == [offer.evidence_id]
    assert "Removed (1)" not in learner.get(at(cast, "submission", draft)).content.decode()


def test_an_attempt_is_frozen_for_every_form(cast: Cast, draft: Submission, learner: Client) -> None:
    learner.post(at(cast, "add_files", draft, part_ref="1"), {"files": [upload("a.txt", b"words")]})
    offer = offers(cast)[0]
    submit(cast, draft)
    before = counts(cast)
    text = at(cast, "save_text", draft, part_ref="2")
    late = learner.post(text, {"text": "Too late, but kept.", "version": 1})
    assert late.status_code == 422
    assert "Too late, but kept." in late.content.decode()
    assert "no longer changes" in late.content.decode()
    over = learner.post(text, {"text": "Too late.", "version": 1}, headers=HTMX)
    assert over.status_code == 422
    files = at(cast, "add_files", draft, part_ref="1")
    assert learner.post(files, {"files": [upload("b.txt", b"words")]}).status_code == 422
    assert learner.post(at(cast, "remove", draft, offer_id=offer.pk)).status_code == 422
    restore = at(cast, "restore", draft, part_ref="2", evidence_id=offer.evidence_id)
    assert learner.post(restore).status_code == 404
    gone = learner.post(at(cast, "remove", draft, offer_id=offer.pk), headers=HTMX)
    assert gone["HX-Refresh"] == "true"
    assert counts(cast) == before


def test_a_part_that_is_not_there_is_not_found(cast: Cast, draft: Submission, learner: Client) -> None:
    for name in ("add_files", "save_text"):
        url = at(cast, name, draft, part_ref="99")
        assert learner.post(url, {"text": "x", "version": 0}).status_code == 404


def test_the_page_asks_the_same_number_of_queries_whatever_it_holds(
    cast: Cast, draft: Submission, learner: Client, django_assert_max_num_queries: Any
) -> None:
    url = at(cast, "add_files", draft, part_ref="1")
    for first in (3, 27):
        for start_at in range(0, first, 9):
            files = [upload(f"{first}-{n}.txt", b"words") for n in range(start_at, min(start_at + 9, first))]
            learner.post(url, {"files": files})
        with django_assert_max_num_queries(32):
            learner.get(at(cast, "submission", draft))
    assert len(offers(cast)) == 30


def test_criteria_are_shown_by_outcome_with_their_descriptors(northgate: Any) -> None:
    cast = Cast(northgate, qualification="l3-award-effective-mentoring")
    submission = start(cast, "assignment-8586-300")
    page = signed_in(cast.learner).get(at(cast, "submission", submission)).content.decode()
    assert "AC 1.1 has no evidence yet." in page
    assert "Referral when" in page
    assert 'id="part-1-1"' in page
