"""Work: what waits for a worker, whether there is one, what is planned, what is to be sent."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Count, Min
from prometheus_client.core import Metric

from updates.metrics.readings.gauge import Found, alone, gauge, moments
from updates.models import Delivery, Heartbeat, HostRun, Schedule, SchedulePause
from updates.models.run import OPEN, RunState

_QUEUE = ("queue",)
_SCHEDULE = ("schedule",)


def read(schedules: Sequence[Schedule], now: datetime) -> Iterator[Metric]:
    """Four statements; the schedules were read before."""
    yield from _queues(now)
    beats = Heartbeat.objects.values_list("queue", "beaten_at")
    yield gauge(
        "cluster_heartbeat_timestamp_seconds",
        "When a cluster's workers last executed what they were asked, in seconds since the epoch.",
        _QUEUE,
        moments(dict(beats)),
    )
    yield from _schedules(schedules, now)
    waiting = Delivery.objects.filter(state=Delivery.State.QUEUED)
    yield alone("notification_deliveries_queued", "Messages that wait to be sent.", waiting.count())


def _queues(now: datetime) -> Iterator[Metric]:
    """By the queue that a host names; "default" for none."""
    # Few runs are open, and their parts are found by them; of host runs there are many.
    rows = HostRun.objects.filter(run__state__in=OPEN, state__in=OPEN).order_by()
    counted = rows.values_list("host__queue", "state").annotate(Count("pk"), Min("run__created_at"))
    waiting: dict[tuple[str, ...], float] = {("default",): 0}
    running: dict[tuple[str, ...], float] = {("default",): 0}
    ages: dict[tuple[str, ...], float] = {("default",): 0}
    for name, state, number, since in counted:
        queue = (name or "default",)
        if state == RunState.QUEUED:
            waiting[queue], ages[queue] = number, (now - since).total_seconds()
        else:
            running[queue] = number
    yield gauge("host_runs_queued", "Host runs that wait for a worker.", _QUEUE, waiting)
    yield gauge("host_runs_running", "Host runs that a worker is at.", _QUEUE, running)
    yield gauge(
        "host_runs_queued_age_seconds",
        "Since when the host run that waits longest waits, in seconds; 0 if none does.",
        _QUEUE,
        ages,
    )


def _schedules(schedules: Sequence[Schedule], now: datetime) -> Iterator[Metric]:
    is_paused = SchedulePause.objects.exists()
    yield alone("schedules_paused", "1 while all schedules are paused by the switch.", is_paused)
    yield gauge(
        "schedule_enabled",
        "1 for a schedule that ticks, 0 for one that is switched off.",
        _SCHEDULE,
        {(row.name,): row.enabled for row in schedules},
    )
    enabled = [row for row in schedules if row.enabled]
    yield gauge(
        "schedule_next_run_timestamp_seconds",
        "When the schedule ticks next, in seconds since the epoch.",
        _SCHEDULE,
        moments({row.name: row.next_at for row in enabled}),
    )
    late: Found = {(row.name,): 0.0 if is_paused else _late_s(row, now) for row in enabled}
    yield gauge(
        "schedule_overdue_seconds",
        "How long ago a schedule's tick was due that nobody has carried out; 0 if none is.",
        _SCHEDULE,
        late,
    )


def _late_s(row: Schedule, now: datetime) -> float:
    return max(0.0, (now - row.next_at).total_seconds()) if row.next_at else 0.0
