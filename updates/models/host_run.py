"""A run's part on one host: one task, one claim, one lease."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models.expressions import CombinedExpression
from django.utils import timezone

from updates.models.host import Host
from updates.models.lease import has_run_out, until
from updates.models.run import OPEN, RunState, UpdateRun, now_after


class HostRunQuerySet(models.QuerySet["HostRun"]):
    def claim(self, pk: int, *, lease: timedelta) -> bool:
        """Take a queued host run for this worker; False if another has it or its host is busy."""
        rows = self.filter(pk=pk, state=RunState.QUEUED)
        return self._taken(rows, started_at=timezone.now(), lease_until=until(lease))

    def reserve(self, pk: int, *, lease: timedelta) -> bool:
        """Keep a queued host run, and its host, for a helper on its way; False if it is busy.

        It counts as running, but has not started.
        """
        rows = self.filter(pk=pk, state=RunState.QUEUED)
        return self._taken(rows, lease_until=until(lease))

    def take_reserved(self, pk: int, *, lease: timedelta) -> bool:
        """The helper has come for its host run; False if that is over, or was taken before."""
        rows = self.filter(pk=pk, state=RunState.RUNNING, started_at=None)
        return rows.update(started_at=timezone.now(), lease_until=until(lease)) == 1

    def renew(self, pk: int, *, lease: timedelta) -> bool:
        """Keep a host run; False if it was lost: its lease ran out, and somebody has noticed.

        One that was ended while its worker finishes what it has in hand is kept, too.
        """
        is_mine = models.Q(state=RunState.RUNNING) | ~has_run_out("lease_until")
        rows = self.filter(is_mine, pk=pk, lease_until__isnull=False)
        return rows.update(lease_until=until(lease)) == 1

    def put_back(self, pk: int) -> bool:
        """Queue a running host run again, for another worker; False if it is not running."""
        rows = self.filter(pk=pk, state=RunState.RUNNING)
        return rows.update(state=RunState.QUEUED, lease_until=None) == 1

    def end(self, pk: int, state: RunState, *, error: str = "") -> bool:
        """Close an open host run; False if it was closed before."""
        rows = self.filter(pk=pk, state__in=OPEN)
        finished_at = now_after("started_at")
        return rows.update(state=state, error=error, finished_at=finished_at) == 1

    def end_queued(self, run: UpdateRun, *, error: str) -> int:
        """Close those of a cancelled run that nobody has begun; how many."""
        rows = self.filter(run=run, state=RunState.QUEUED)
        return rows.update(state=RunState.CANCELLED, error=error, finished_at=timezone.now())

    def lapsed(self) -> HostRunQuerySet:
        """Running by their state, but nobody has renewed their lease in time."""
        return self.filter(has_run_out("lease_until"), state=RunState.RUNNING)

    def open(self) -> HostRunQuerySet:
        return self.filter(state__in=OPEN)

    def next_queued(self, host_id: int) -> HostRun | None:
        """The host run that has waited longest for this host."""
        return self.filter(host=host_id, state=RunState.QUEUED).order_by("pk").first()

    def _taken(self, rows: HostRunQuerySet, **facts: datetime | CombinedExpression) -> bool:
        try:
            with transaction.atomic():
                return rows.update(state=RunState.RUNNING, **facts) == 1
        except IntegrityError:
            return False  # The constraint: one running host run per host.


class HostRun(models.Model):
    """One host in one run."""

    run = models.ForeignKey(UpdateRun, models.CASCADE, related_name="host_runs")
    host = models.ForeignKey(Host, models.CASCADE, related_name="host_runs")
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.QUEUED)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    engine_calls = models.PositiveIntegerField(default=0)
    registry_calls = models.PositiveIntegerField(default=0)
    freed_bytes = models.PositiveBigIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = HostRunQuerySet.as_manager()

    class Meta:
        ordering = ("run", "host__name")
        constraints = [
            models.UniqueConstraint(
                fields=["host"],
                condition=models.Q(state=RunState.RUNNING),
                name="one_running_host_run_per_host",
            ),
            models.UniqueConstraint(fields=["run", "host"], name="a_host_once_per_run"),
        ]

    def __str__(self) -> str:
        return f"{self.run} on {self.host}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
