"""What lies in the queue of this run: the messages that a worker would get."""

from collections.abc import Iterator
from queue import Empty

from celery import current_app

from centres.models import Wakeup

Message = tuple[str, list[str]]


def taken_messages() -> list[Message]:
    """Take every message out of the queue; returns the task's name and arguments of each, oldest first."""
    return list(_take())


def message_of(wakeup: Wakeup) -> Message:
    """Return the message that a wake-up stands for."""
    return wakeup.task, [str(wakeup.centre_id), str(wakeup.object_id)]


def _take() -> Iterator[Message]:
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(current_app.conf.task_default_queue)
        while True:
            try:
                message = queue.get(block=False)
            except Empty:
                break
            message.ack()
            arguments, _, _ = message.payload
            yield message.headers["task"], arguments
        queue.close()
