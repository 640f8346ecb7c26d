"""Files that wait for their safety check: seen by nobody, submitted by nobody, until they are found clean."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from centres.models import Event, Wakeup
from centres.scoping import centre_scope
from lib.inspection.marks import TEST_STRING
from portfolios import tasks
from portfolios.actions import offer_file
from portfolios.actions.offer import CHECK
from portfolios.models import Evidence, Submission
from portfolios.rules import State
from portfolios.selectors import evidence_pane
from tests.makers import AT, Cast, submit
from tests.portfolios.samples import at, pdf, signed_in, upload
from tests.portfolios.test_submit import fill, seen
from tests.uploads.clamd import small_clamd
from tests.uploads.pictures import jpeg

pytestmark = pytest.mark.django_db
AWAY = "Files wait because the safety check is not running. Your centre has been told."


@pytest.fixture(autouse=True)
def scanned(settings: Any) -> None:
    settings.UPLOAD_SCAN_IS_LEFT_OUT = False


@pytest.fixture
def scanner(settings: Any) -> Iterator[None]:
    with small_clamd() as settings.CLAMD_ADDRESS:
        yield


def keep(cast: Cast, draft: Submission, name: str = "a.pdf", content: bytes = b"") -> Evidence:
    with centre_scope(cast.centre.pk):
        file = BytesIO(content or pdf())
        offer = offer_file(submission=draft, part_ref="1", name=name, file=file, by=cast.learner, at=AT)
        evidence: Evidence = offer.evidence
        return evidence


def check(cast: Cast, evidence: Evidence) -> Evidence:
    tasks.check_evidence(str(cast.centre.pk), str(evidence.pk))
    with centre_scope(cast.centre.pk):
        found: Evidence = Evidence.objects.get(pk=evidence.pk)
        return found


def file_status(cast: Cast, evidence: Evidence, client: Client) -> int:
    address = reverse("portfolios:evidence", kwargs={"slug": cast.centre.slug, "evidence_id": evidence.pk})
    return client.get(address).status_code


@pytest.mark.usefixtures("scanner")
def test_a_clean_file_is_shown_once_it_was_checked(cast: Cast, draft: Submission, learner: Client) -> None:
    evidence = keep(cast, draft)
    assert evidence.state == Evidence.State.QUARANTINED
    assert file_status(cast, evidence, learner) == 404
    assert "Waiting to be checked" in learner.get(at(cast, "submission", draft)).content.decode()
    with centre_scope(cast.centre.pk):
        assert evidence_pane(draft)[0].pieces == []
    for _ in range(2):
        assert check(cast, evidence).state == Evidence.State.CLEAN
    assert file_status(cast, evidence, learner) == 200
    assert not Wakeup.objects.filter(task=CHECK).exists()
    with centre_scope(cast.centre.pk):
        assert Event.objects.filter(code="portfolios.evidence.cleared").count() == 1


@pytest.mark.usefixtures("scanner")
def test_a_file_that_fails_the_check_says_so_and_is_never_shown(
    cast: Cast, draft: Submission, learner: Client
) -> None:
    evidence = check(cast, keep(cast, draft, "photo.jpg", jpeg(comment=TEST_STRING)))
    assert evidence.state == Evidence.State.REFUSED
    page = learner.get(at(cast, "submission", draft)).content.decode()
    assert "This file failed our safety check and cannot be used." in page
    assert "Section 1 has a file that was refused. Remove it." in page
    assert file_status(cast, evidence, learner) == 404


def test_what_its_structure_shows_is_refused_at_once(cast: Cast, draft: Submission, learner: Client) -> None:
    answer = learner.post(
        at(cast, "add_files", draft, part_ref="1"), {"files": [upload("a.pdf", pdf(password="x"))]}
    )
    assert answer.status_code == 422
    with centre_scope(cast.centre.pk):
        assert not Evidence.objects.exists()


def test_without_a_scanner_files_wait_and_the_page_says_so(
    cast: Cast, draft: Submission, learner: Client
) -> None:
    evidence = check(cast, keep(cast, draft))
    assert evidence.state == Evidence.State.QUARANTINED
    assert Wakeup.objects.filter(task=CHECK, object_id=evidence.pk).exists()
    assert AWAY in learner.get(at(cast, "submission", draft)).content.decode()
    home = reverse("desks:home", kwargs={"slug": cast.centre.slug})
    assert (
        "1 file waits to be searched for viruses." in signed_in(cast.administrator).get(home).content.decode()
    )


@pytest.mark.usefixtures("scanner")
def test_the_page_asks_until_nothing_waits(cast: Cast, draft: Submission, learner: Client) -> None:
    evidence = keep(cast, draft)
    url = at(cast, "file_states", draft, part_ref="1")
    waiting = learner.get(url).content.decode()
    assert f'hx-get="{url}"' in waiting
    assert "Section 1 has a file that is still being checked." in waiting
    check(cast, evidence)
    ready = learner.get(url).content.decode()
    assert f'hx-get="{url}"' not in ready
    assert "Section 1" not in ready
    assert 'hx-swap-oob="true"' in ready


@pytest.mark.usefixtures("scanner")
def test_nothing_is_submitted_while_a_file_waits(cast: Cast, draft: Submission, learner: Client) -> None:
    fill(cast, draft, learner)
    evidence = keep(cast, draft)
    body = {"has_declared": "on", "seen": seen(cast, draft)}
    answer = learner.post(at(cast, "submit", draft), body)
    assert answer.status_code == 422
    assert "Section 1 has a file that is still being checked." in answer.content.decode()
    check(cast, evidence)
    learner.post(at(cast, "submit", draft), body | {"seen": seen(cast, draft)})
    with centre_scope(cast.centre.pk):
        row = Submission.objects.get(pk=draft.pk)
    assert row.state == State.SUBMITTED.value
    assert str(evidence.pk) in str(row.manifest)


def test_the_database_itself_submits_only_clean_files(cast: Cast, draft: Submission) -> None:
    evidence = keep(cast, draft)
    with centre_scope(cast.centre.pk):
        with pytest.raises(DatabaseError), transaction.atomic():
            Submission.objects.filter(pk=draft.pk).update(
                state=State.SUBMITTED.value,
                declaration="x",
                manifest_sha256="x",
                submitted_at=AT,
                submitted_by=cast.learner,
            )
        Evidence.objects.filter(pk=evidence.pk).update(state="REFUSED", problem="x")
        with pytest.raises(DatabaseError), transaction.atomic():
            Evidence.objects.filter(pk=evidence.pk).update(state="CLEAN", problem="")


def test_where_the_scan_is_left_out_the_page_says_it_once(
    cast: Cast, draft: Submission, learner: Client, settings: Any
) -> None:
    settings.UPLOAD_SCAN_IS_LEFT_OUT = True
    assert keep(cast, draft).state == Evidence.State.CLEAN
    page = learner.get(at(cast, "submission", draft)).content.decode()
    assert page.count("Files are not searched for viruses on this site") == 1
    submit(cast, draft)
