"""Filters of submissions and uploads that read as adjectives."""

from typing import Any

from django.db import models

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
