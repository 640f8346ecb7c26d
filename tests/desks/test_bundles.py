"""A cohort's sheets as one ZIP: what is in it, who may ask, and what happens when the worker is cut off."""

import csv
import hashlib
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centres.actions import name_cohort
from centres.actions.export import EXPIRE, MAKE, advance_export
from centres.models import Centre, Export, Membership, Wakeup
from centres.permissions import Role
from centres.scoping import centre_scope
from desks import tasks
from marking.actions import render
from marking.models import ResultSheet
from qualifications.models import Registration
from tests.makers import AT, Cast, assessed, make_learner, make_member
from tests.marking.released import release_agreed, release_unsampled

pytestmark = pytest.mark.django_db
ASK = "/c/northgate/exports/sheets/"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def cast(northgate: Centre) -> Cast:
    return Cast(northgate)


@pytest.fixture
def client(cast: Cast) -> Client:
    return signed_in(cast.administrator)


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def learners(cast: Cast, *names: str, cohort: str = "Spring") -> list[ResultSheet]:
    """Released sheets of learners of a cohort, one each."""
    sheets = []
    for number, name in enumerate(names):
        cast.registration = make_learner(
            cast.centre, name, by=cast.administrator, number=f"{cohort[:2]}-{number}"
        )
        with centre_scope(cast.centre.pk):
            row = name_cohort(name=cohort, by=cast.administrator, at=AT)
            Registration.objects.filter(pk=cast.registration.pk).update(cohort=row)
            cast.learner = cast.registration.learner.membership
        release = release_unsampled if number % 2 else release_agreed
        sheets.append(release(cast, assessed(cast, "diary-d3-03")))
    return sheets


def ask(client: Client, **sent: Any) -> Export:
    answer = client.post(ASK, sent)
    assert answer.status_code == 302, answer.content
    with centre_scope(Centre.objects.get(slug="northgate").pk):
        found: Export = Export.objects.latest("requested_at")
    assert answer["Location"] == address("export", found)
    return found


def address(name: str, export: Export) -> str:
    return reverse(f"desks:{name}", kwargs={"slug": "northgate", "export_id": export.pk})


def run(export: Export) -> Export:
    tasks.make_bundle(str(export.centre_id), str(export.pk))
    return again(export)


def again(export: Export) -> Export:
    with centre_scope(export.centre_id):
        found: Export = Export.objects.get(pk=export.pk)
        return found


def opened(export: Export) -> zipfile.ZipFile:
    with default_storage.open(export.storage_key) as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == export.sha256
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return archive


def index_of(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))))


def test_a_cohort_becomes_one_zip_with_every_sheet_and_an_index(cast: Cast, client: Client) -> None:
    sheets = learners(cast, "Ben Okoro", "=Cara Lin", "Dee/Dum")
    learners(cast, "Eve Autumn", cohort="Autumn")
    export = run(ask(client, what="matching", cohort="Spring", sort="learner"))
    assert (export.state, export.done, export.problem) == ("READY", 3, "")
    assert export.title == "Result sheets, Spring"
    with opened(export) as archive:
        assert sorted(archive.namelist()) == [
            "D3.03 attempt 1 Sp-0 Ben Okoro.pdf",
            "D3.03 attempt 1 Sp-1 =Cara Lin.pdf",
            "D3.03 attempt 1 Sp-2 Dee Dum.pdf",
            "index.csv",
        ]
        rows = {row["Code"]: row for row in index_of(archive)}
        assert rows.keys() == {sheet.code for sheet in sheets}
        for row in rows.values():
            assert hashlib.sha256(archive.read(row["File"])).hexdigest() == row["SHA-256 of the file"]
            assert (row["Outcome"], row["Total"], row["Out of"]) == ("Pass", "100", "100")
    assert rows[sheets[1].code]["Learner"] == "'=Cara Lin"
    assert rows[sheets[1].code]["IQA"] == "Not sampled"
    assert rows[sheets[0].code]["IQA"] == "Lena Grant"


def test_more_sheets_than_a_page_of_the_list_shows_are_all_in_the_zip(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets = learners(cast, *(f"Learner {number}" for number in range(26)))
    listed = client.get("/c/northgate/marking/sheets/?cohort=Spring").content.decode()
    assert "1–25 of 26" in listed
    monkeypatch.setattr(render, "draw_sheet", lambda record, *, record_sha256: b"%PDF-1.7 quickly")
    export = run(ask(client, what="matching", cohort="Spring", page="1", size="25"))
    with opened(export) as archive:
        assert len(archive.namelist()) == 27
        assert {row["Code"] for row in index_of(archive)} == {sheet.code for sheet in sheets}


def test_ticked_sheets_only(cast: Cast, client: Client) -> None:
    first, second, _third = learners(cast, "Ben Okoro", "Cara Lin", "Dee Dum")
    export = run(ask(client, what="chosen", sheet=[str(first.pk), str(second.pk), "not-an-id"]))
    with opened(export) as archive:
        assert len(archive.namelist()) == 3


def test_asking_again_while_it_is_made_gives_the_one_that_is_being_made(cast: Cast, client: Client) -> None:
    learners(cast, "Ben Okoro", "Cara Lin")
    first = ask(client, what="matching", cohort="Spring")
    assert ask(client, what="matching", cohort="Spring").pk == first.pk
    assert ask(client, what="matching", cohort="Spring", learner="Cara").pk != first.pk
    run(first)
    assert ask(client, what="matching", cohort="Spring").pk != first.pk


def test_the_same_request_gives_the_same_sheets_dated_by_their_records(cast: Cast, client: Client) -> None:
    sheets = learners(cast, "Ben Okoro", "Cara Lin")
    first, second = (run(ask(client, what="matching", cohort="Spring")) for _ in range(2))
    assert first.storage_key != second.storage_key
    with opened(first) as one, opened(second) as two:
        for name in one.namelist():
            assert one.read(name) == two.read(name)
        dated = {info.filename: info.date_time for info in one.infolist()}
    assert set(dated.values()) >= {(2026, 11, 5, 10, 30, 0)}
    assert len(dated) == len(sheets) + 1


def test_nothing_chosen_asks_for_nothing(cast: Cast, client: Client) -> None:
    learners(cast, "Ben Okoro")
    answer = client.post(ASK, {"what": "chosen"})
    assert answer.status_code == 422
    assert "Choose at least one result sheet." in answer.content.decode()
    with centre_scope(cast.centre.pk):
        assert not Export.objects.exists()


def test_a_sheet_that_cannot_be_made_is_missing_by_name_and_the_rest_is_there(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = learners(cast, "Ben Okoro", "Cara Lin")
    draw = render.draw_sheet

    def sometimes(record: str, *, record_sha256: str) -> bytes:
        if record_sha256 == bad.record_sha256:
            raise RuntimeError
        return draw(record, record_sha256=record_sha256)

    monkeypatch.setattr(render, "draw_sheet", sometimes)
    export = run(ask(client, what="matching", cohort="Spring"))
    assert export.problem == "1 not in the file: D3.03 attempt 1 Sp-0 Ben Okoro"
    with opened(export) as archive:
        rows = {row["Code"]: row for row in index_of(archive)}
        assert len(archive.namelist()) == 2
    assert (rows[bad.code]["File"], rows[bad.code]["Remark"]) == (
        "",
        "Not in this ZIP: its file could not be made or read",
    )
    assert rows[good.code]["File"]
    page = client.get(address("export", export)).content.decode()
    assert "Some sheets are missing" in page
    assert "Ben Okoro" in page


def test_a_sheet_whose_file_was_changed_on_disk_is_not_passed_on(cast: Cast, client: Client) -> None:
    (sheet,) = learners(cast, "Ben Okoro")
    run(ask(client, what="matching"))
    with centre_scope(cast.centre.pk):
        key = ResultSheet.objects.get(pk=sheet.pk).storage_key
    Path(default_storage.path(key)).write_bytes(b"%PDF-1.7 something else")
    assert run(ask(client, what="matching")).problem.startswith("1 not in the file")


def test_progress_is_counted_in_tens_and_a_cut_off_run_starts_again(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    learners(cast, *(f"Learner {number}" for number in range(12)))
    export = ask(client, what="matching")
    seen: list[int] = []

    def cut_off(**kwargs: Any) -> ResultSheet:
        seen.append(again(export).done)
        if len(seen) == 12:
            raise KeyboardInterrupt
        return render.render_sheet(**kwargs)

    with monkeypatch.context() as patched:
        patched.setattr("desks.actions.bundle.render_sheet", cut_off)
        with pytest.raises(KeyboardInterrupt):
            tasks.make_bundle(str(export.centre_id), str(export.pk))
    assert (seen[0], seen[9], seen[10]) == (0, 0, 10)
    stopped = again(export)
    assert (stopped.state, stopped.storage_key) == ("WORKING", "")
    assert "10 of 12 made" in client.get(address("export", export)).content.decode()
    assert Wakeup.objects.filter(task=MAKE, object_id=export.pk).exists()
    finished = run(export)
    assert (finished.state, finished.done) == ("READY", 12)
    assert not Wakeup.objects.filter(task=MAKE, object_id=export.pk).exists()


def test_work_in_hand_is_not_sent_again_by_the_sweep(cast: Cast, client: Client) -> None:
    learners(cast, "Ben Okoro")
    export = ask(client, what="matching")
    Wakeup.objects.filter(object_id=export.pk).update(due_at=AT)
    with centre_scope(cast.centre.pk):
        advance_export(export=export, done=0, at=timezone.now())
    assert Wakeup.objects.get(object_id=export.pk).due_at > timezone.now()


def test_made_once_whoever_runs_the_task_again(cast: Cast, client: Client, files: Path) -> None:
    learners(cast, "Ben Okoro")
    export = run(ask(client, what="matching"))
    before = sorted(path for path in files.rglob("*") if path.is_file())
    assert run(export).storage_key == export.storage_key
    assert sorted(path for path in files.rglob("*") if path.is_file()) == before


def test_a_failure_is_said_and_tried_again(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    learners(cast, "Ben Okoro")
    export = ask(client, what="matching")

    def full(*args: Any, **kwargs: Any) -> str:
        raise OSError("No space left on device: /secret/path")

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "save", full)
        failed = run(export)
    assert failed.state == "FAILED"
    page = client.get(address("export", export)).content.decode()
    assert "We could not make this file. Nothing is lost." in page
    assert "secret" not in page
    assert client.post(address("export", export)).status_code == 302
    assert again(export).state == "PENDING"
    assert run(export).state == "READY"


def test_the_page_asks_every_two_seconds_and_stops_when_the_file_is_there(cast: Cast, client: Client) -> None:
    learners(cast, "Ben Okoro")
    export = ask(client, what="matching")
    waiting = client.get(address("export", export), headers={"HX-Request": "true"})
    assert waiting.status_code == 200
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert client.get(address("export_file", export)).status_code == 404
    run(export)
    ready = client.get(address("export", export), headers={"HX-Request": "true"})
    assert ready.status_code == 286
    assert "Download ZIP" in ready.content.decode()
    assert "every 2s" not in ready.content.decode()
    file = client.get(address("export_file", export))
    assert file["Content-Type"] == "application/zip"
    assert file["Cache-Control"] == "private, no-store"
    assert file["Content-Disposition"].startswith('attachment; filename="Result sheets, Northgate Training')
    assert address("export", export) in client.get("/c/northgate/exports/").content.decode()


def test_a_week_later_the_file_is_gone_and_the_page_says_so(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    learners(cast, "Ben Okoro")
    export = run(ask(client, what="matching"))
    key = export.storage_key
    tasks.expire_bundle(str(export.centre_id), str(export.pk))
    assert again(export).storage_key == key
    monkeypatch.setattr("centres.actions.export.KEPT_FOR", timedelta(0))
    assert client.get(address("export_file", export)).status_code == 404
    tasks.expire_bundle(str(export.centre_id), str(export.pk))
    assert again(export).storage_key == ""
    assert "has been deleted" in client.get(address("export", export)).content.decode()
    assert not Wakeup.objects.filter(task=EXPIRE, object_id=export.pk).exists()


def test_only_administrators_of_the_centre_ask_for_and_fetch_a_zip(
    cast: Cast, client: Client, harbour: Centre
) -> None:
    (sheet,) = learners(cast, "Ben Okoro")
    export = run(ask(client, what="matching"))
    for member in (cast.learner, cast.assessor, cast.iqa, cast.lead):
        other = signed_in(member)
        assert other.post(ASK, {"what": "matching"}).status_code == 403
        assert other.get(address("export", export)).status_code == 403
        assert other.get(address("export_file", export)).status_code == 403
    stranger = signed_in(make_member(harbour, "Hal Admin", Role.ADMINISTRATOR))
    assert stranger.get(address("export_file", export)).status_code == 404
    theirs = f"/c/harbour/exports/{export.pk}/"
    assert stranger.get(theirs).status_code == 404
    assert stranger.get(f"{theirs}file/").status_code == 404
    chosen = {"what": "chosen", "sheet": [str(sheet.pk)]}
    assert stranger.post("/c/harbour/exports/sheets/", chosen).status_code == 422
