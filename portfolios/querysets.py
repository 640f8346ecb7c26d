"""Filters of submissions and uploads that read as adjectives, and the last of the rows that are numbered."""

from typing import Any

from django.db import models
from django.db.models import Max

from portfolios.rules import State


class SubmissionQuerySet(models.QuerySet[Any]):
    """Attempts, by what they wait for."""

    def in_state(self, *states: State) -> "SubmissionQuerySet":
        """Attempts in one of the states."""
        return self.filter(state__in=[state.value for state in states])

    def open(self) -> "SubmissionQuerySet":
        """Attempts whose result has not been released."""
        return self.exclude(state=State.RELEASED.value)


class UploadQuerySet(models.QuerySet[Any]):
    """Files on their way."""

    def unfinished(self) -> "UploadQuerySet":
        """Files that are neither kept nor refused yet."""
        return self.filter(evidence__isnull=True, problem="")


def last_number(rows: models.QuerySet[Any]) -> int:
    """Return the highest number given among some rows, or 0; whoever gives the next one holds the lock."""
    return int(rows.aggregate(last=Max("number"))["last"] or 0)
