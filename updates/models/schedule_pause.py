"""One switch that stops every schedule."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class SchedulePause(models.Model):
    """While this row is there, no schedule ticks. There is one at most."""

    paused_at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_pause_for_all")]

    def __str__(self) -> str:
        return "Every schedule is paused"

    @classmethod
    def is_on(cls) -> models.Exists:
        """The condition in a query, so that a claim and the switch cannot cross."""
        return models.Exists(cls.objects.all())

    @classmethod
    def current(cls) -> SchedulePause | None:
        return cls.objects.select_related("user").first()
