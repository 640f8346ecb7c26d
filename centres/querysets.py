"""Filters of grants that read as adjectives."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q


class GrantQuerySet(models.QuerySet[Any]):
    """Grants, by the time at which they hold."""

    def current_at(self, at: datetime) -> "GrantQuerySet":
        """Grants that hold at a time; most have no end."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at)
