"""Serving evidence: to whom, how sealed off, in ranges, and as pictures of pages."""

from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from centres.actions import open_grant
from centres.models import Centre
from centres.scoping import centre_scope
from lib import pdf_pages
from lib.byte_ranges import RangeNotThere, wanted_range
from lib.inspection import FileRefused
from marking.actions import hand_back
from portfolios.actions import offer_file, start_attempt
from portfolios.models import Evidence, Submission
from portfolios.selectors import evidence_pane
from quality_assurance import actions as quality
from tests.makers import AT, Cast, decide, make_learner, passing, sign, submit, take
from tests.marking.released import release_agreed
from tests.portfolios.conftest import KEY
from tests.portfolios.samples import HOSTILE, pdf, png, signed_in, slow_pdf

pytestmark = pytest.mark.django_db
NOTHING = b"%PDF-1.7\nnothing"


def keep(cast: Cast, draft: Submission, name: str, content: bytes, ref: str = "1") -> Evidence:
    with centre_scope(cast.centre.pk):
        offer = offer_file(
            submission=draft, part_ref=ref, name=name, file=BytesIO(content), by=cast.learner, at=AT
        )
        evidence: Evidence = offer.evidence
        return evidence


def kept_before(cast: Cast, draft: Submission, name: str, content: bytes, *, pages: int = 0) -> Evidence:
    """Return a file that was kept before the inspection refused its like."""
    evidence = keep(cast, draft, name, pdf())
    default_storage.delete(f"{evidence.storage_key}.pages/count")
    with default_storage.open(evidence.storage_key, "wb") as stored:
        stored.write(content)
    pdf_pages.keep_page_count(evidence.storage_key, pages)
    return evidence


def url(cast: Cast, evidence: Evidence, page: int | None = None) -> str:
    kwargs: dict[str, Any] = {"slug": cast.centre.slug, "evidence_id": evidence.pk}
    if page is None:
        return reverse("portfolios:evidence", kwargs=kwargs)
    return reverse("portfolios:evidence_page", kwargs={**kwargs, "page": page})


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def test_a_file_is_sealed_off_and_kept_out_of_caches(cast: Cast, draft: Submission, learner: Client) -> None:
    content = pdf()
    answer = learner.get(url(cast, keep(cast, draft, HOSTILE, content)))
    assert body(answer) == content
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "<" not in answer["Content-Disposition"]
    assert answer["Content-Length"] == str(len(content))


@pytest.mark.parametrize(
    ("name", "content", "type_"),
    [
        ("a.png", png(), "image/png"),
        ("a.txt", b"<script>", "text/plain"),
        ("a.pdf", pdf(), "application/pdf"),
    ],
)
def test_an_original_is_downloaded_and_never_opened_as_a_page(
    cast: Cast, draft: Submission, learner: Client, name: str, content: bytes, type_: str
) -> None:
    answer = learner.get(url(cast, keep(cast, draft, name, content)))
    assert answer["Content-Type"] == type_
    assert answer["Content-Disposition"].startswith("attachment")
    body(answer)


def test_a_player_may_ask_for_a_range(cast: Cast, draft: Submission, learner: Client) -> None:
    address = url(cast, keep(cast, draft, "a.txt", b"0123456789"))
    part = learner.get(address, headers={"Range": "bytes=2-4"})
    assert (part.status_code, body(part)) == (206, b"234")
    assert part["Content-Range"] == "bytes 2-4/10"
    assert body(learner.get(address, headers={"Range": "bytes=-3"})) == b"789"
    assert body(learner.get(address, headers={"Range": "bytes=7-"})) == b"789"
    assert body(learner.get(address, headers={"Range": "lines=1-2"})) == b"0123456789"
    beyond = learner.get(address, headers={"Range": "bytes=10-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, "bytes */10")


@pytest.mark.parametrize(
    ("headers", "status", "content", "place"),
    [
        ({"Range": "bytes=0-"}, 206, b"0123456789", "bytes 0-9/10"),
        ({"Range": "bytes=-1"}, 206, b"9", "bytes 9-9/10"),
        ({"Range": "bytes=-99"}, 206, b"0123456789", "bytes 0-9/10"),
        ({"Range": "bytes=8-99"}, 206, b"89", "bytes 8-9/10"),
        ({"Range": "bytes=9-9"}, 206, b"9", "bytes 9-9/10"),
        ({"Range": "bytes=0-1,4-5"}, 200, b"0123456789", ""),
        ({"Range": "bytes=2-4", "If-Range": '"an earlier one"'}, 200, b"0123456789", ""),
    ],
)
def test_every_range_answers_the_bytes_that_it_says(
    cast: Cast, draft: Submission, learner: Client, headers: Any, status: int, content: bytes, place: str
) -> None:
    answer = learner.get(url(cast, keep(cast, draft, "a.txt", b"0123456789")), headers=headers)
    assert (answer.status_code, body(answer)) == (status, content)
    assert answer.get("Content-Range", "") == place
    assert answer["Content-Length"] == str(len(content))
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_ranges_that_are_not_there() -> None:
    for header in ("bytes=10-", "bytes=5-4", "bytes=99999999999-", "bytes=-0"):
        with pytest.raises(RangeNotThere):
            wanted_range(header, 10)


def test_a_text_is_an_escaped_page(cast: Cast, draft: Submission, learner: Client) -> None:
    address = reverse(
        "portfolios:save_text",
        kwargs={"slug": cast.centre.slug, "submission_id": draft.pk, "part_ref": "1"},
    )
    learner.post(address, {"text": "<img src=x>", "version": 0})
    with centre_scope(cast.centre.pk):
        evidence = Evidence.objects.get()
    page = learner.get(url(cast, evidence)).content.decode()
    assert "&lt;img src=x&gt;" in page
    assert "<img src=x>" not in page


def test_pages_of_a_pdf_are_pictures(cast: Cast, draft: Submission, learner: Client) -> None:
    evidence = keep(cast, draft, "a.pdf", pdf(2))
    for _ in range(2):
        answer = learner.get(url(cast, evidence, 2))
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        assert answer.content.startswith(b"\x89PNG")
    assert learner.get(url(cast, evidence, 3)).status_code == 404
    assert learner.get(url(cast, evidence, 0)).status_code == 404
    assert learner.get(url(cast, keep(cast, draft, "a.png", png()), 1)).status_code == 404


def test_a_page_that_cannot_be_drawn_is_said_in_words(
    cast: Cast, draft: Submission, learner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_pages, "WALL_SECONDS", 0.5)
    evidence = kept_before(cast, draft, "a.pdf", slow_pdf(2), pages=2)
    assert learner.get(url(cast, evidence, 1)).status_code == 404
    address = reverse(
        "portfolios:evidence_pages", kwargs={"slug": cast.centre.slug, "evidence_id": evidence.pk}
    )
    page = learner.get(address).content.decode()
    assert '<p class="page-gone">Page 1: this page cannot be shown.' in page
    assert '<p class="page-gone" hidden>Page 2: this page cannot be shown.' in page
    assert url(cast, evidence, 1) not in page
    assert url(cast, evidence, 2) in page


def test_more_pages_than_are_shown_at_once_lie_behind_a_link(
    cast: Cast, draft: Submission, learner: Client
) -> None:
    evidence = keep(cast, draft, "a.pdf", pdf(45))
    with centre_scope(cast.centre.pk):
        run = evidence_pane(draft)[0].pieces[0].run
    assert run is not None
    assert (len(run.pages), run.next_first) == (20, 21)
    address = reverse(
        "portfolios:evidence_pages", kwargs={"slug": cast.centre.slug, "evidence_id": evidence.pk}
    )
    page = learner.get(address, {"from": "21"}).content.decode()
    assert page.count('loading="lazy"') == 20
    assert "pages 21 to 40 of 45" in page
    assert "Show pages 41 to 45 of 45" in page
    part = learner.get(address, {"from": "41"}, headers={"HX-Request": "true"})
    assert part.content.decode().count("<img") == 5
    assert f"#page-{evidence.pk}-41" in part["HX-Trigger-After-Settle"]
    for odd in ("0", "46", "-1", "x", "9" * 40):
        assert "Show pages 21 to 40" in learner.get(address, {"from": odd}).content.decode()
    for other in (keep(cast, draft, "b.png", png()), kept_before(cast, draft, "c.pdf", NOTHING)):
        pages = reverse("portfolios:evidence_pages", kwargs={"slug": "northgate", "evidence_id": other.pk})
        assert learner.get(pages).status_code == 404


def test_pictures_wait_their_turn_rather_than_stop_the_site(
    cast: Cast, draft: Submission, learner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = keep(cast, draft, "a.pdf", pdf())
    monkeypatch.setattr(pdf_pages, "_turns", BoundedSemaphore(1))
    monkeypatch.setattr(pdf_pages, "PATIENCE", 0.05)
    with pdf_pages._turn():
        answer = learner.get(url(cast, evidence, 1))
        assert (answer.status_code, answer["Retry-After"]) == (503, "3")
        with centre_scope(cast.centre.pk), pytest.raises(FileRefused, match="Choose it again in a minute"):
            offer_file(
                submission=draft, part_ref="1", name="b.pdf", file=BytesIO(pdf()), by=cast.learner, at=AT
            )
    assert learner.get(url(cast, evidence, 1)).status_code == 200


def test_a_damaged_pdf_has_no_pictures_but_stays_a_file(
    cast: Cast, draft: Submission, learner: Client
) -> None:
    evidence = kept_before(cast, draft, "a.pdf", NOTHING)
    assert learner.get(url(cast, evidence, 1)).status_code == 404
    assert body(learner.get(url(cast, evidence))) == NOTHING
    with centre_scope(cast.centre.pk):
        piece = evidence_pane(draft)[0].pieces[0]
    assert (piece.pages, piece.shown_as) == (0, "file")
    pane = render_to_string("portfolios/pane_piece.html", {"piece": piece, "centre": cast.centre})
    assert "No preview." in pane
    assert f'<a href="{url(cast, evidence)}">Download, ' in pane


def test_who_may_read_it_and_when(cast: Cast, draft: Submission) -> None:
    evidence = keep(cast, draft, "a.pdf", pdf())
    other = signed_in(
        make_learner(cast.centre, "Ben Okoro", by=cast.administrator, number="R-2").learner.membership
    )
    assessor, iqa = signed_in(cast.assessor), signed_in(cast.iqa)
    addresses = (url(cast, evidence), url(cast, evidence, 1))

    def answers(client: Client) -> set[int]:
        return {client.get(address).status_code for address in addresses}

    assert answers(assessor) == answers(iqa) == answers(other) == {404}
    assert answers(signed_in(cast.administrator)) == {403}
    judgement = take(cast, submit(cast, draft))
    assert answers(assessor) == {200}
    assert answers(signed_in(cast.other_assessor)) == answers(iqa) == {404}
    decide(judgement, passing(judgement))
    sign(judgement)
    with centre_scope(cast.centre.pk):
        quality.open_review(submission=draft, by=cast.iqa, at=AT)
    assert answers(iqa) == {200}
    assert answers(signed_in(cast.other_iqa)) == answers(other) == {404}


def test_whoever_hands_work_back_sees_its_evidence_no_longer(cast: Cast, draft: Submission) -> None:
    evidence = keep(cast, draft, "a.pdf", pdf())
    judgement = take(cast, submit(cast, draft))
    assessor = signed_in(cast.assessor)
    assert assessor.get(url(cast, evidence)).status_code == 200
    with centre_scope(cast.centre.pk):
        hand_back(judgement=judgement, reason="Too close.", by=cast.assessor, at=AT)
    assert assessor.get(url(cast, evidence)).status_code == 404


def test_who_judged_one_attempt_does_not_see_what_is_new_in_the_next(cast: Cast, draft: Submission) -> None:
    old = keep(cast, draft, "a.pdf", pdf())
    judgement = take(cast, submit(cast, draft))
    decide(judgement, {**passing(judgement), "1": 11})
    sign(judgement)
    release_agreed(cast, judgement)
    with centre_scope(cast.centre.pk):
        second = Submission.objects.get(attempt=2)
    new = keep(cast, second, "b.pdf", pdf())
    for member in (cast.assessor, cast.iqa):
        person = signed_in(member)
        assert person.get(url(cast, new)).status_code == 404, member.name
        assert person.get(url(cast, new, 1)).status_code == 404, member.name
    with centre_scope(cast.centre.pk):
        open_grant(membership=cast.iqa, object_id=second.pk, reason="review", at=AT)
    assert signed_in(cast.assessor).get(url(cast, old)).status_code == 200
    assert signed_in(cast.assessor).get(url(cast, new)).status_code == 404
    assert signed_in(cast.iqa).get(url(cast, new)).status_code == 200


def test_another_centre_finds_nothing(cast: Cast, draft: Submission, harbour: Centre) -> None:
    evidence = keep(cast, draft, "a.pdf", pdf())
    stranger = signed_in(Cast(harbour).learner)
    assert stranger.get(url(cast, evidence)).status_code == 404
    own = reverse("portfolios:evidence", kwargs={"slug": harbour.slug, "evidence_id": evidence.pk})
    assert stranger.get(own).status_code == 404


def test_the_pane_shows_carried_parts_from_the_attempt_that_holds_them(cast: Cast, draft: Submission) -> None:
    keep(cast, draft, "first.pdf", pdf(3), "2")
    judgement = take(cast, submit(cast, draft))
    decide(judgement, {**passing(judgement), "1": 11})
    sign(judgement)
    with centre_scope(cast.centre.pk):
        quality.release_unreviewed(
            submission=draft, reason="Small cohort, seen in class.", confirmed_at=AT, by=cast.lead, at=AT
        )
        second = Submission.objects.get(registration=cast.registration, attempt=2)
        panes = {pane.ref: pane for pane in evidence_pane(second)}
    assert (panes["1"].is_open, panes["1"].attempt) == (True, 2)
    assert (panes["2"].is_open, panes["2"].attempt) == (False, 1)
    assert [(piece.label, piece.pages) for piece in panes["2"].pieces if piece.kind == "FILE"] == [
        ("first.pdf", 3)
    ]
    assessor = signed_in(cast.other_assessor)
    carried = panes["2"].pieces[0]
    address = reverse("portfolios:evidence", kwargs={"slug": cast.centre.slug, "evidence_id": carried.id})
    assert assessor.get(address).status_code == 404


def test_the_pane_asks_the_same_however_much_it_holds(
    cast: Cast, draft: Submission, django_assert_num_queries: Any
) -> None:
    for count in (3, 27):
        for number in range(count):
            keep(cast, draft, f"{count}-{number}.pdf", pdf(), str(number % 4 + 1))
        with centre_scope(cast.centre.pk):
            submission = Submission.objects.select_related("assessment").get(pk=draft.pk)
            with django_assert_num_queries(2):
                evidence_pane(submission)


def test_roles_that_make_no_submissions_are_turned_away(cast: Cast, draft: Submission) -> None:
    address = reverse("portfolios:submission", kwargs={"slug": cast.centre.slug, "submission_id": draft.pk})
    for member in (cast.iqa, cast.assessor, cast.administrator):
        assert signed_in(member).get(address).status_code == 403


def test_every_address_of_another_learner_is_not_found(cast: Cast, draft: Submission) -> None:
    evidence = keep(cast, draft, "a.pdf", pdf())
    with centre_scope(cast.centre.pk):
        offer = evidence.offers.get()
    ben = make_learner(cast.centre, "Ben Okoro", by=cast.administrator, number="R-2")
    other = signed_in(ben.learner.membership)
    slug = {"slug": cast.centre.slug}
    own = {**slug, "submission_id": draft.pk}
    gets = [
        reverse("portfolios:submission", kwargs=own),
        reverse("portfolios:submit", kwargs=own),
        reverse("portfolios:withdraw", kwargs=own),
        reverse("desks:feedback", kwargs=own),
        reverse("desks:before", kwargs=own),
        reverse(
            "portfolios:assessment", kwargs={**slug, "registration_id": cast.registration.pk, "key": KEY}
        ),
    ]
    posts = [
        *(address for address in gets if "feedback" not in address and "before" not in address),
        reverse("portfolios:add_files", kwargs={**own, "part_ref": "1"}),
        reverse("portfolios:save_text", kwargs={**own, "part_ref": "1"}),
        reverse("portfolios:remove", kwargs={**own, "offer_id": offer.pk}),
        reverse("portfolios:restore", kwargs={**own, "part_ref": "1", "evidence_id": evidence.pk}),
    ]
    for address in gets:
        assert other.get(address).status_code == 404, address
    for address in posts:
        if not address.endswith(f"submissions/{draft.pk}/"):
            assert other.post(address, {"text": "x", "version": 0}).status_code == 404, address
    with centre_scope(cast.centre.pk):
        mine = start_attempt(registration=ben, assessment=draft.assessment, by=ben.learner.membership, at=AT)
    foreign = reverse(
        "portfolios:restore",
        kwargs={**slug, "submission_id": mine.pk, "part_ref": "1", "evidence_id": evidence.pk},
    )
    assert other.post(foreign).status_code == 404
