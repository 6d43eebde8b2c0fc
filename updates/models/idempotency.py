"""A key that a caller chose for a request, so that asking twice does it once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from updates.models.run import UpdateRun

KEPT = timedelta(hours=24)


class IdempotencyKeyQuerySet(models.QuerySet["IdempotencyKey"]):
    def prune(self, now: datetime) -> int:
        """Forget what is older than a day; how many."""
        count, _ = self.filter(created_at__lte=now - KEPT).delete()
        return count


class IdempotencyKey(models.Model):
    """`fingerprint` is the SHA-256 of what was asked with it, `run` what came of that."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    run = models.ForeignKey(UpdateRun, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="one_request_per_key"),
        ]

    def __str__(self) -> str:
        return self.key
