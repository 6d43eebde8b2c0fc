"""django-q2's part: its own schedule, a tick every minute, and the clock in its workers.

Its schedules fire up to half a minute late, and one malformed row stops them all: what people
plan is in rows of our own, which the clock looks at.
"""

import os
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.signals import post_spawn

from updates.models import HostRun
from updates.models.run import RunState
from updates.schedules.clock import Clock
from updates.tasks import enqueue_host_run

TICK = "watchweb-tick"


def install_tick() -> None:
    """Make sure there is the tick, once, as it should be."""
    Schedule.objects.update_or_create(
        name=TICK,
        defaults={
            "func": "watchweb.q_backend.run",
            "args": "('updates.tasks.tick',)",
            "schedule_type": Schedule.MINUTES,
            "minutes": 1,
            "repeats": -1,
            "next_run": timezone.now(),
        },
    )


def queue_anew() -> int:
    """Make the queue from the host runs that wait; how many there are.

    The tasks of a database that was killed or restored may be locked for workers that are gone,
    or signed with another SECRET_KEY. One too many is harmless: a host run is claimed once.
    """
    with transaction.atomic():
        OrmQ.objects.all().delete()
        waiting = HostRun.objects.filter(state=RunState.QUEUED).select_related("host")
        for host_run in waiting.order_by("pk"):
            enqueue_host_run(host_run)
        return len(waiting)


def start_clock_in_workers() -> None:
    """Each worker that a cluster starts from now on gets a clock; one of them is at work."""
    post_spawn.connect(_start_clock, dispatch_uid="watchweb-clock")


def _start_clock(**_: Any) -> None:
    # A named cluster's queue is for hosts near it: what it queued would stay with it.
    if not os.environ.get("Q_CLUSTER_NAME"):
        Clock(settings.DATA / "clock.lock").start()
