"""Filters of judgements that read as adjectives."""

from typing import Any

from django.db import models
from django.db.models import Q

# A sheet that was set aside counts where its judge wrote on it: they have seen and said something.
COUNTS = ~Q(state="WITHDRAWN") | Q(is_written_on=True)


class JudgementQuerySet(models.QuerySet[Any]):
    """Judgements, by what they say of their judge."""

    def counting(self) -> "JudgementQuerySet":
        """Judgements that keep their judge from another stage of the same work."""
        return self.filter(COUNTS)
