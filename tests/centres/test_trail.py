"""Waking a task: one message with two ids, when what it is about is committed, and never before."""

import contextlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from celery import Celery, current_app

from centres.actions import RETRY_AFTER, wake
from centres.models import Centre, Wakeup
from centres.scoping import centre_scope
from tests.broker import taken_messages
from tests.makers import AT

pytestmark = pytest.mark.django_db
TASK = "marking.render_sheet"
WORK = UUID(int=11)


@pytest.fixture(autouse=True)
def empty_queue() -> None:
    taken_messages()


@pytest.fixture
def broker_is_down() -> Iterator[None]:
    standing = current_app._get_current_object()  # type: ignore[attr-defined]
    nowhere = Celery("nowhere", broker="redis://127.0.0.1:1/0")
    nowhere.conf.broker_transport_options = {"max_retries": 0, "interval_start": 0}
    nowhere.set_current()
    yield
    standing.set_current()


def test_nothing_is_sent_before_the_commit_and_one_message_after_it(
    northgate: Centre, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        with centre_scope(northgate.pk):
            wake(TASK, WORK, at=AT)
        assert taken_messages() == []
    assert taken_messages() == [(TASK, [str(northgate.pk), str(WORK)])]


def test_a_change_that_is_rolled_back_wakes_nobody(
    northgate: Centre, django_capture_on_commit_callbacks: Any
) -> None:
    with (
        django_capture_on_commit_callbacks(execute=True) as callbacks,
        contextlib.suppress(ZeroDivisionError),
        centre_scope(northgate.pk),
    ):
        wake(TASK, WORK, at=AT)
        raise ZeroDivisionError
    assert callbacks == []
    assert taken_messages() == []
    assert not Wakeup.objects.exists()


@pytest.mark.usefixtures("broker_is_down")
def test_a_broker_that_is_down_breaks_nothing_and_the_wakeup_stays(
    northgate: Centre, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks, centre_scope(northgate.pk):
        wake(TASK, WORK, at=AT)
    assert len(callbacks) == 1
    waiting = Wakeup.objects.get()
    assert (waiting.centre_id, waiting.task, waiting.object_id) == (northgate.pk, TASK, WORK)
    assert waiting.due_at == AT + RETRY_AFTER
