"""Filters of dated decisions that read as adjectives."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q


class ApprovalQuerySet(models.QuerySet[Any]):
    """Approvals of a centre, by the day on which they hold."""

    def current_on(self, day: date) -> "ApprovalQuerySet":
        """Approvals that hold on a day, both ends included; one may have no end."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), approved_on__lte=day)


class CompetenceQuerySet(models.QuerySet[Any]):
    """Decisions on competence, by the day on which they hold."""

    def current_on(self, day: date) -> "CompetenceQuerySet":
        """Decisions that hold on a day, both ends included."""
        return self.filter(valid_from__lte=day, valid_until__gte=day)
