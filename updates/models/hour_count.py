"""What became of containers, hour by hour: it stays when the runs are deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from updates.flow.session import State

COUNTED = (State.UPDATED, State.ROLLED_BACK, State.FAILED)


class HourCountQuerySet(models.QuerySet["HourCount"]):
    def add(self, moment: datetime, counts: Mapping[str, int]) -> None:
        """Count these results, by their states, in the hour of the moment; states of `COUNTED`."""
        hour = moment.replace(minute=0, second=0, microsecond=0)
        added = {state: counts[state] for state in COUNTED if counts.get(state)}
        rows = [HourCount(hour=hour, state=state) for state in added]
        self.bulk_create(rows, ignore_conflicts=True)
        for state, number in added.items():
            self.filter(hour=hour, state=state).update(number=models.F("number") + number)

    def of_last(self, days: int) -> HourCountQuerySet:
        """Those of the last `days` days, today's among them, by the person's own midnight."""
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return self.filter(hour__gte=midnight - timedelta(days=days - 1))


class HourCount(models.Model):
    """How many containers ended so within one hour. Hours, as midnight is not the same for all."""

    hour = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in State])
    number = models.PositiveIntegerField(default=0)

    objects = HourCountQuerySet.as_manager()

    class Meta:
        ordering = ("-hour", "state")
        constraints = [
            models.UniqueConstraint(fields=["hour", "state"], name="an_hour_once_per_state")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state} at {self.hour:%Y-%m-%d %H:%M}"
