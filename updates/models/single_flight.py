"""Rows that many processes want filled and only one may fill: a lease column says who is at it."""

from datetime import timedelta

from django.db import models
from django.utils import timezone


class FilledOnce(models.Model):
    """A row that is filled by whoever wins its lease; a filler that dies loses it in seconds."""

    filling_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def claim_filling(cls, pk: int, *, lease: timedelta) -> bool:
        """Take the row to fill it; False if somebody else is at it."""
        now = timezone.now()
        free = models.Q(filling_until=None) | models.Q(filling_until__lt=now)
        rows = cls._default_manager.filter(free, pk=pk)
        return rows.update(filling_until=now + lease) == 1

    @classmethod
    def release_filling(cls, pk: int) -> None:
        """Let the others look again."""
        cls._default_manager.filter(pk=pk).update(filling_until=None)
