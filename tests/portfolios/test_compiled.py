"""A portfolio as one document: in the order of its specification, for those who may read it, made once."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import override

from assessments.models import Assessment
from centres.actions.draw import MOST_TRIES
from centres.models import Centre, Event, Wakeup
from centres.scoping import centre_scope
from lib.ids import new_id
from portfolios import actions, tasks
from portfolios.actions import compiled
from portfolios.actions.compiled import CLEAR, COMPILE, draw_portfolio
from portfolios.models import Compilation, Evidence, GuestSignature, Submission
from portfolios.rules.locators import parse_locator
from tests.makers import submit, take
from tests.portfolios.practice import Practice
from tests.portfolios.samples import at, pdf, signed_in
from tests.portfolios.test_guests import feedback_of_a_client

pytestmark = pytest.mark.django_db
FAILED = {"state": "FAILED", "problem": "Broken."}
LONG = "First sentence of a long answer. " + "word " * 3000 + "last words of it."


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def practice(northgate: Centre) -> Practice:
    return Practice(northgate)


@pytest.fixture
def draft(practice: Practice) -> Submission:
    """An attempt at the portfolio of 302: texts, a file, a claim, practice and words."""
    now, by = timezone.now(), practice.cast.learner
    practice.fill()
    written = {
        "portfolio-introduction": "How it all began.",
        "portfolio-references": "Smith, Mentoring, 2019",
    }
    for key, text in written.items():
        record = practice.record(key)
        practice.client.post(practice.address("record", record_id=record.pk), {"f1": text, "version": 1})
    with centre_scope(practice.cast.centre.pk):
        submission = actions.start_attempt(
            registration=practice.registration,
            assessment=Assessment.objects.get(key="portfolio-8586-302"),
            by=by,
            at=now,
        )
        for ref in submission.open_parts:
            text = LONG if ref == "2.1" else f"What I did for {ref}."
            actions.save_text(submission=submission, part_ref=ref, text=text, version=0, by=by, at=now)
        actions.offer_file(
            submission=submission, part_ref="1.1", name="Plan.pdf", file=io.BytesIO(pdf()), by=by, at=now
        )
        piece = Evidence.objects.get(label="Plan.pdf")
        Evidence.objects.filter(pk=piece.pk, state="QUARANTINED").update(state="CLEAN")
        actions.claim_criteria(
            evidence=Evidence.objects.get(pk=piece.pk),
            criteria=[("8586-302", "1.1"), ("8586-302", "3.4")],
            locator=parse_locator("p. 1"),
            why="It sets the twelve hours out.",
            by=by,
            at=now,
        )
        return submission


def ask(client: Client, practice: Practice, draft: Submission) -> Any:
    return client.post(at(practice.cast, "compiled", draft))


def made(practice: Practice, draft: Submission, client: Client | None = None) -> Compilation:
    assert ask(client or practice.client, practice, draft).status_code == 302
    with centre_scope(practice.cast.centre.pk):
        row = Compilation.objects.latest("requested_at", "id")
    tasks.compile_portfolio(str(row.centre_id), str(row.pk))
    with centre_scope(practice.cast.centre.pk):
        found: Compilation = Compilation.objects.get(pk=row.pk)
        return found


def content_of(practice: Practice, draft: Submission, client: Client | None = None) -> bytes:
    answer = (client or practice.client).get(at(practice.cast, "compiled_pdf", draft))
    assert answer.status_code == 200
    return bytes(answer.content)


def pages_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_bounded() for page in document]


def outline_of(content: bytes) -> list[tuple[int, str]]:
    document = pypdfium2.PdfDocument(content)
    return [(row.level, row.get_title()) for row in document.get_toc()]


HEADINGS = [
    "1. Authentication sheet",
    "2. Portfolio evidence matrix",
    "3. References",
    "4. Introduction",
    "5. Sections",
    "6. Practice sessions",
    "7. Supervision",
    "8. Plans, feedback and other records",
    "9. Professional discussions",
    "10. Summary",
    "11. Attached files",
]


def test_the_page_holds_everything_in_the_order_asked(practice: Practice, draft: Submission) -> None:
    page = practice.client.get(at(practice.cast, "compiled", draft)).content.decode()
    places = [page.index(f">{heading}</h2>") for heading in HEADINGS]
    assert places == sorted(places)
    assert "It is not submitted" in page
    assert (
        page.index("Smith, Mentoring, 2019")
        < page.index("How it all began.")
        < page.index("What I did for 1.1.")
    )
    assert "AC 1.1" in page
    assert "last words of it." in page
    assert "Plan.pdf, p. 1: It sets the twelve hours out." in page
    assert "Goal 7 of Client" in page


def test_the_pdf_of_a_draft_says_so_on_every_page_and_cuts_nothing(
    practice: Practice, draft: Submission
) -> None:
    row = made(practice, draft)
    assert (row.state, row.is_draft) == ("READY", True)
    content = content_of(practice, draft)
    pages = pages_of(content)
    assert all("Draft" in page for page in pages)
    text = " ".join(" ".join(pages).split())
    assert text.count("word ") >= 3000
    assert "last words of it." in text
    assert "file E" in text


def test_the_outline_names_parts_sections_and_records(practice: Practice, draft: Submission) -> None:
    made(practice, draft)
    outline = outline_of(content_of(practice, draft))
    assert [title for level, title in outline if level == 0] == HEADINGS
    titles = [title for _, title in outline]
    assert titles.index("Section One") < titles.index("Section Two") < titles.index("Section Three")
    assert any(level == 2 and title.startswith("Session 8 with Client") for level, title in outline)
    assert any(level == 3 and title == "Session record" for level, title in outline)


def test_the_same_record_gives_the_same_bytes_tagged_and_dated_by_it(
    practice: Practice, draft: Submission
) -> None:
    row = made(practice, draft)
    content = content_of(practice, draft)
    with override("America/New_York"):
        assert draw_portfolio(row.record, record_sha256=row.record_sha256) == content
    record = json.loads(row.record)
    with pikepdf.open(io.BytesIO(content)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.docinfo["/CreationDate"])[2:14] == record["as_of"][:16].translate(
            str.maketrans("", "", "-:T")
        )
        assert document.attachments["record.json"].get_file().read_bytes() == row.record.encode()


def test_what_is_asked_for_twice_is_made_once(practice: Practice, draft: Submission) -> None:
    submitted = submit(practice.cast, draft, at=timezone.now())
    first = made(practice, submitted)
    again = made(practice, submitted)
    assert first == again
    assert first.rendered_at == again.rendered_at
    assert not Wakeup.objects.filter(task=COMPILE).exists()
    with centre_scope(practice.cast.centre.pk):
        rows = Event.objects.filter(target_id=first.pk).order_by("id").values_list("code", flat=True)
        assert list(rows) == ["portfolios.compilation.requested", "portfolios.compilation.made"]


def test_what_was_submitted_stays_while_the_records_go_on(practice: Practice, draft: Submission) -> None:
    submitted = submit(practice.cast, draft, at=timezone.now())
    first = made(practice, submitted)
    record = practice.record("portfolio-summary")
    practice.client.post(practice.address("record", record_id=record.pk), {"f1": "Afterwards", "version": 1})
    assert made(practice, submitted).record_sha256 == first.record_sha256
    pages = pages_of(content_of(practice, submitted))
    assert "Afterwards" not in " ".join(pages)
    assert not any("Draft" in page for page in pages)
    assert "by declaring it while signed in" in " ".join(" ".join(pages).split())


def test_who_may_read_it(practice: Practice, draft: Submission) -> None:
    cast = practice.cast
    office, assessor = signed_in(cast.administrator), signed_in(cast.assessor)
    for client in (office, assessor):
        assert client.get(at(cast, "compiled", draft)).status_code == 404
    submitted = submit(cast, draft, at=timezone.now())
    assert office.get(at(cast, "compiled", submitted)).status_code == 200
    assert assessor.get(at(cast, "compiled", submitted)).status_code == 404
    take(cast, submitted, at=timezone.now())
    made(practice, submitted, assessor)
    assert content_of(practice, submitted, assessor) == content_of(practice, submitted, office)
    assert signed_in(cast.other_assessor).get(at(cast, "compiled", submitted)).status_code == 404


def test_a_draft_that_changed_says_that_its_pdf_is_older(practice: Practice, draft: Submission) -> None:
    made(practice, draft)
    words = "The portfolio has changed since the PDF"
    assert words not in practice.client.get(at(practice.cast, "compiled", draft)).content.decode()
    record = practice.record("portfolio-summary")
    practice.client.post(practice.address("record", record_id=record.pk), {"f1": "New", "version": 1})
    assert words in practice.client.get(at(practice.cast, "compiled", draft)).content.decode()


def test_what_cannot_be_made_says_so_and_is_made_when_asked_again(
    practice: Practice, draft: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted = submit(practice.cast, draft, at=timezone.now())

    def broken(*args: Any, **kwargs: Any) -> bytes:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(compiled, "draw_pdf", broken)
        row = made(practice, submitted)
        url = at(practice.cast, "compiled", submitted)
        assert compiled.PORTFOLIOS.not_yet in practice.client.get(url).content.decode()
        for _ in range(MOST_TRIES):
            tasks.compile_portfolio(str(row.centre_id), str(row.pk))
    assert compiled.PORTFOLIOS.not_made in practice.client.get(url).content.decode()
    assert not Wakeup.objects.filter(task=COMPILE).exists()
    assert practice.client.get(at(practice.cast, "compiled_pdf", submitted)).status_code == 404
    assert made(practice, submitted).state == "READY"


def test_a_page_that_others_wrote_on_and_signed_says_who(practice: Practice, draft: Submission) -> None:
    feedback_of_a_client(practice)
    made(practice, draft)
    page = practice.client.get(at(practice.cast, "compiled", draft)).content.decode()
    with centre_scope(practice.cast.centre.pk):
        signature = GuestSignature.objects.get()
    printed = " ".join(" ".join(pages_of(content_of(practice, draft))).split())
    for text in (page, printed):
        assert "Signed by Client 1" in text
        assert signature.meaning in text
        assert signature.method in text
        assert "Written by Client 1." in text
    assert signature.sha256 in "".join(printed.split())


def test_the_cover_names_the_learner_and_a_score_stands_beside_its_question(
    practice: Practice, draft: Submission
) -> None:
    record = practice.record("mentee-feedback")
    practice.client.post(practice.address("record", record_id=record.pk), {"a1": "8", "version": 1})
    made(practice, draft)
    pages = pages_of(content_of(practice, draft))
    cover = f"{practice.registration.learner.name} · {practice.registration.number}"
    assert cover in pages[0]
    assert "(1 to 10) 8" in " ".join(" ".join(pages).split())


def test_a_matrix_says_at_each_place_in_which_piece_it_is(practice: Practice, draft: Submission) -> None:
    page = practice.client.get(at(practice.cast, "compiled", draft)).content.decode()
    assert re.search(r"E\d+ Plan\.pdf, p\. 1: It sets the twelve hours out\.", page)


def rewritten(practice: Practice, draft: Submission, words: str) -> Compilation:
    """Write something new and make the draft's PDF again."""
    record = practice.record("portfolio-summary")
    url = practice.address("record", record_id=record.pk)
    practice.client.post(url, {"f1": words, "version": record.version})
    return made(practice, draft)


def cleared(practice: Practice, draft: Submission) -> list[Compilation]:
    """Run the task that was woken, and return what is left."""
    with centre_scope(practice.cast.centre.pk):
        assert Wakeup.objects.filter(task=CLEAR, object_id=draft.pk).exists()
    tasks.clear_drafts(str(draft.centre_id), str(draft.pk))
    with centre_scope(practice.cast.centre.pk):
        assert not Wakeup.objects.filter(task=CLEAR).exists()
        return list(Compilation.objects.order_by("requested_at"))


def test_a_draft_that_was_made_again_goes_with_its_file(
    practice: Practice,
    draft: Submission,
    files: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    first, second = made(practice, draft), rewritten(practice, draft, "Second")
    assert (files / first.storage_key).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert cleared(practice, draft) == [second]
    assert not (files / first.storage_key).exists()
    assert content_of(practice, draft) == (files / second.storage_key).read_bytes()
    with centre_scope(practice.cast.centre.pk):
        event = Event.objects.get(code="portfolios.compilation.deleted")
    assert (event.target_id, event.facts) == (first.pk, {"sha256": first.pdf_sha256})


def test_the_last_draft_goes_when_it_is_submitted_and_what_shows_the_submission_stays(
    practice: Practice, draft: Submission, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    last = made(practice, draft)
    submitted = submit(practice.cast, draft, at=timezone.now())
    shown = made(practice, submitted)
    with django_capture_on_commit_callbacks(execute=True):
        assert cleared(practice, submitted) == [shown]
    assert not (files / last.storage_key).exists()
    assert content_of(practice, submitted) == (files / shown.storage_key).read_bytes()
    with centre_scope(practice.cast.centre.pk):
        actions.withdraw_submission(submission=submitted, by=practice.cast.learner, at=timezone.now())
    assert made(practice, draft) in cleared(practice, draft)


def test_a_draft_that_is_being_made_or_tried_again_stays(practice: Practice, draft: Submission) -> None:
    first, second, third = (rewritten(practice, draft, words) for words in ("One", "Two", "Three"))
    no_file = {"rendered_at": None, "pdf_sha256": "", "storage_key": ""}
    with centre_scope(practice.cast.centre.pk):
        rows = [Compilation.objects.get(pk=row.pk) for row in (first, second)]
        for row, state in zip(rows, ({"state": "PENDING"}, FAILED), strict=True):
            row.pk, row.record_sha256 = new_id(), state["state"]
            for name, value in {**no_file, **state}.items():
                setattr(row, name, value)
            row.save(force_insert=True)
        given_up = Compilation.objects.get(state="FAILED")
        given_up.pk, given_up.tries, given_up.record_sha256 = new_id(), MOST_TRIES, "given up"
        given_up.save(force_insert=True)
    left = cleared(practice, draft)
    assert [row.record_sha256 for row in left] == ["PENDING", "FAILED", third.record_sha256]


def test_an_attempt_without_drafts_wakes_nothing(practice: Practice, draft: Submission) -> None:
    made(practice, submit(practice.cast, draft, at=timezone.now()))
    assert not Wakeup.objects.filter(task=CLEAR).exists()


def test_the_page_asks_again_only_while_it_is_made(practice: Practice, draft: Submission) -> None:
    url = at(practice.cast, "compiled", draft)
    ask(practice.client, practice, draft)
    waiting = practice.client.get(url, HTTP_HX_REQUEST="true")
    assert (waiting.status_code, b"is being made" in waiting.content) == (200, True)
    made(practice, draft)
    assert practice.client.get(url, HTTP_HX_REQUEST="true").status_code == 286


def test_the_page_costs_the_same_for_more_pieces(practice: Practice, draft: Submission) -> None:
    url = at(practice.cast, "compiled", draft)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert practice.client.get(url).status_code == 200
        return len(queries)

    first = cost()
    now = timezone.now()
    with centre_scope(practice.cast.centre.pk):
        for number in range(5):
            actions.offer_file(
                submission=draft,
                part_ref="1.2",
                name=f"{number}.txt",
                file=io.BytesIO(f"Words {number}".encode()),
                by=practice.cast.learner,
                at=now,
            )
    assert cost() == first
    assert first <= 40
