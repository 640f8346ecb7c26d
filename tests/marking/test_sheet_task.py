"""Making a sheet's file: once, whoever asks and however often; what fails says so and is tried again."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from centres.actions.draw import MOST_TRIES
from centres.models import Centre, Event, Wakeup
from centres.scoping import centre_scope
from lib.canonical import fingerprint
from marking import tasks
from marking.actions import render, retry_sheet
from marking.actions.sheet import RENDER
from marking.models import ResultSheet
from tests.makers import AT, Cast, assessed
from tests.marking.released import release_unsampled

State = ResultSheet.State


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def released(centre: Centre) -> ResultSheet:
    cast = Cast(centre)
    return release_unsampled(cast, assessed(cast, "diary-d3-03"))


def again(sheet: ResultSheet) -> ResultSheet:
    with centre_scope(sheet.centre_id):
        found: ResultSheet = ResultSheet.objects.get(pk=sheet.pk)
        return found


def run(sheet: ResultSheet) -> ResultSheet:
    tasks.render_sheet(str(sheet.centre_id), str(sheet.pk))
    return again(sheet)


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_the_task_makes_the_file_and_takes_away_the_wakeup(northgate: Centre, files: Path) -> None:
    sheet = released(northgate)
    assert sheet.state == State.PENDING
    assert Wakeup.objects.filter(task=RENDER, object_id=sheet.pk).exists()
    made = run(sheet)
    with default_storage.open(made.storage_key) as file:
        content = file.read()
    assert made.state == State.READY
    assert made.pdf_sha256 == fingerprint(content)
    assert content.startswith(b"%PDF-1.7")
    assert made.storage_key.startswith(f"{northgate.pk}/")
    assert not Wakeup.objects.filter(task=RENDER, object_id=sheet.pk).exists()
    with centre_scope(northgate.pk):
        assert Event.objects.filter(code="marking.sheet.made", target_id=sheet.pk).count() == 1


@pytest.mark.django_db
def test_a_file_that_exists_is_never_made_again(northgate: Centre, files: Path) -> None:
    sheet = run(released(northgate))
    second = run(sheet)
    assert (second.storage_key, second.rendered_at) == (sheet.storage_key, sheet.rendered_at)
    assert len(kept(files)) == 1


@pytest.mark.django_db
def test_the_slower_of_two_leaves_no_file(northgate: Centre, files: Path) -> None:
    sheet = released(northgate)
    first = run(sheet)
    with centre_scope(northgate.pk):
        # It read the row before the first had written it.
        render.render_sheet(sheet=sheet, at=AT)
    assert again(sheet).storage_key == first.storage_key
    assert len(kept(files)) == 1


@pytest.mark.django_db
def test_what_fails_says_so_keeps_its_wakeup_and_is_made_later(
    northgate: Centre, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = released(northgate)

    def broken(*args: Any, **kwargs: Any) -> bytes:
        raise RuntimeError("/secret/path is full")

    with monkeypatch.context() as patched:
        patched.setattr(render, "draw_pdf", broken)
        failed = run(sheet)
    assert failed.state == State.FAILED
    assert failed.problem == render.SHEETS.not_yet
    assert Wakeup.objects.filter(task=RENDER, object_id=sheet.pk).exists()
    assert kept(files) == []
    assert run(sheet).state == State.READY
    assert again(sheet).problem == ""


@pytest.mark.django_db
def test_what_fails_often_rests_until_somebody_asks_again(
    northgate: Centre, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = Cast(northgate)
    sheet = release_unsampled(cast, assessed(cast, "diary-d3-03"))

    def broken(*args: Any, **kwargs: Any) -> bytes:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(render, "draw_pdf", broken)
        for _ in range(MOST_TRIES):
            assert Wakeup.objects.filter(task=RENDER, object_id=sheet.pk).exists()
            assert run(sheet).state == State.FAILED
    assert not Wakeup.objects.filter(task=RENDER, object_id=sheet.pk).exists()
    assert run(sheet).state == State.FAILED
    with centre_scope(northgate.pk):
        retry_sheet(sheet=again(sheet), by=cast.administrator, at=AT)
    assert Wakeup.objects.filter(task=RENDER, object_id=sheet.pk).exists()
    assert run(sheet).state == State.READY


@pytest.mark.django_db
def test_the_sweep_waits_while_a_sheet_is_drawn(
    northgate: Centre, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = released(northgate)
    Wakeup.objects.filter(task=RENDER, object_id=sheet.pk).update(due_at=AT)
    due = []

    def looks(*args: Any, **kwargs: Any) -> bytes:
        due.append(Wakeup.objects.get(task=RENDER, object_id=sheet.pk).due_at)
        return b"%PDF-1.7"

    monkeypatch.setattr(render, "draw_pdf", looks)
    before = timezone.now()
    run(sheet)
    assert due[0] >= before + timedelta(seconds=tasks.HARD_LIMIT)


KILLED_WHILE_DRAWING = """
import os, sys, django
django.setup()
from django.conf import settings
from django.db import connections
settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = sys.argv[1]
from marking import tasks
from marking.actions import render
render.draw_pdf = lambda *args, **kwargs: os.kill(os.getpid(), 9)
tasks.render_sheet(sys.argv[2], sys.argv[3])
"""


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_drawing_that_kills_its_worker_is_given_up(walled: None, files: Path) -> None:
    sheet = released(Centre.objects.get(slug="northgate"))
    words = [connection.settings_dict["NAME"], str(sheet.centre_id), str(sheet.pk)]
    for tries in range(1, MOST_TRIES + 1):
        killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_DRAWING, *words], cwd=settings.BASE_DIR)
        assert killed.returncode == -signal.SIGKILL
        assert (again(sheet).state, again(sheet).tries) == (State.PENDING, tries)
        assert Wakeup.objects.filter(task=RENDER, object_id=sheet.pk).exists()
    given_up = run(sheet)
    assert (given_up.state, given_up.problem) == (State.FAILED, render.SHEETS.not_made)
    assert not Wakeup.objects.filter(task=RENDER, object_id=sheet.pk).exists()


@pytest.mark.django_db
def test_a_failure_never_undoes_a_file_that_exists(
    northgate: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = released(northgate)
    run(sheet)

    def broken(*args: Any, **kwargs: Any) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(render, "draw_pdf", broken)
    with centre_scope(northgate.pk):
        render.render_sheet(sheet=sheet, at=AT)
    assert again(sheet).state == State.READY


@pytest.mark.django_db
def test_a_sheet_of_another_centre_is_not_made(northgate: Centre, harbour: Centre) -> None:
    sheet = released(northgate)
    tasks.render_sheet(str(harbour.pk), str(sheet.pk))
    assert again(sheet).state == State.PENDING


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_tasks_at_once_make_one_file(walled: None, files: Path) -> None:
    sheet = released(Centre.objects.get(slug="northgate"))
    start = Barrier(2)

    def work() -> None:
        try:
            start.wait(timeout=10)
            tasks.render_sheet(str(sheet.centre_id), str(sheet.pk))
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    made = again(sheet)
    assert made.state == State.READY
    assert [path.relative_to(files).as_posix() for path in kept(files)] == [made.storage_key]
    with centre_scope(sheet.centre_id):
        assert Event.objects.filter(code="marking.sheet.made", target_id=sheet.pk).count() == 1
