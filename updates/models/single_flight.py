"""Rows that many processes want filled and only one may fill: two columns say who is at it."""

from collections.abc import Collection
from datetime import timedelta

from django.db import models

from updates.models.lease import has_run_out, until


class FilledOnce(models.Model):
    """A row that is filled by whoever wins its lease; a filler that dies loses it in seconds.

    `by` names a filler; it gives back, and renews, only what is still its own.
    """

    filling_until = models.DateTimeField(null=True, blank=True, editable=False)
    filled_by = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def free(cls) -> models.Q:
        """The rows that nobody is filling."""
        return models.Q(filling_until=None) | has_run_out("filling_until")

    @classmethod
    def claim_filling(cls, pk: int, *, by: str, lease: timedelta) -> bool:
        """Take the row to fill it; False if somebody else is at it."""
        rows = cls._default_manager.filter(cls.free(), pk=pk)
        return rows.update(filling_until=until(lease), filled_by=by) == 1

    @classmethod
    def renew_filling(cls, pks: Collection[int], *, by: str, lease: timedelta) -> None:
        """Keep the rows that are still being filled by this filler."""
        rows = cls._default_manager.filter(pk__in=pks, filled_by=by, filling_until__isnull=False)
        rows.update(filling_until=until(lease))

    @classmethod
    def release_filling(cls, pk: int, *, by: str) -> None:
        """Let the others look again."""
        cls._default_manager.filter(pk=pk, filled_by=by).update(filling_until=None, filled_by="")
