"""A sign of life that has gone the whole way: enqueued, delivered, executed."""

from django.db import models


class Heartbeat(models.Model):
    """When a queue's workers last executed a beat; live processes alone prove nothing."""

    queue = models.CharField(max_length=50, unique=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    beaten_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.queue
