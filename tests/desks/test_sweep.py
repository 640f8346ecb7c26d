"""The sweep: what waits for a task is sent until it is done, so that a lost message loses nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from celery import current_app
from django.conf import settings as configured
from django.utils import timezone

from centres.actions import RETRY_AFTER, wake
from centres.models import Centre, Wakeup
from centres.scoping import centre_scope
from desks.tasks import sweep_wakeups
from lib.ids import new_id
from marking.actions.sheet import RENDER
from marking.models import ResultSheet
from tests.broker import message_of, taken_messages
from tests.makers import Cast, assessed
from tests.marking.released import release_unsampled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_queue() -> None:
    current_app.loader.import_default_modules()
    taken_messages()


def waiting(centre: Centre, *, due_in: timedelta) -> Wakeup:
    return Wakeup.objects.create(
        centre_id=centre.pk, task=RENDER, object_id=new_id(), due_at=timezone.now() + due_in
    )


def test_what_is_due_is_sent_with_its_ids_and_put_off(northgate: Centre, harbour: Centre) -> None:
    due = [waiting(northgate, due_in=timedelta()), waiting(harbour, due_in=-timedelta(hours=1))]
    before = timezone.now()
    assert sweep_wakeups() == 2
    assert sorted(taken_messages()) == sorted(map(message_of, due))
    for row in due:
        row.refresh_from_db()
        assert row.due_at > before + RETRY_AFTER


def test_what_is_not_due_is_not_sent(northgate: Centre) -> None:
    later = waiting(northgate, due_in=timedelta(minutes=1))
    assert sweep_wakeups() == 0
    assert taken_messages() == []
    assert Wakeup.objects.get(pk=later.pk).due_at == later.due_at


def test_a_second_sweep_at_once_sends_nothing(northgate: Centre) -> None:
    waiting(northgate, due_in=-timedelta(minutes=1))
    assert (sweep_wakeups(), sweep_wakeups()) == (1, 0)
    assert len(taken_messages()) == 1


def test_a_sheet_whose_message_was_lost_is_made_after_the_sweep(
    northgate: Centre, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    cast = Cast(northgate)
    sheet = release_unsampled(cast, assessed(cast, "diary-d3-03"))
    assert taken_messages() == [], "the message went out before the commit, which never came"
    Wakeup.objects.filter(object_id=sheet.pk).update(due_at=timezone.now())
    assert sweep_wakeups() == 1
    for task, arguments in taken_messages():
        current_app.tasks[task](*arguments)
    with centre_scope(northgate.pk):
        assert ResultSheet.objects.get(pk=sheet.pk).state == ResultSheet.State.READY
    assert not Wakeup.objects.filter(object_id=sheet.pk).exists()


def test_work_that_is_wanted_is_due_only_after_its_first_message_had_its_chance(northgate: Centre) -> None:
    with centre_scope(northgate.pk):
        wake(RENDER, UUID(int=3), at=timezone.now())
    assert sweep_wakeups() == 0


def test_the_clock_runs_the_sweep_every_half_minute() -> None:
    (entry,) = [row for row in configured.CELERY_BEAT_SCHEDULE.values() if row["task"] == sweep_wakeups.name]
    assert entry["schedule"] == 30
    assert sweep_wakeups.name in current_app.tasks
