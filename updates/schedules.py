"""django-q2's schedules: one, a tick every minute. Everything else is decided when it comes.

And its queue, where it has to be made from the record.
"""

from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from updates.models import HostRun
from updates.models.run import RunState
from updates.tasks import enqueue_host_run

TICK = "watchweb-tick"


def install_tick() -> None:
    """Make sure there is the tick, once, as it should be; it is due at once."""
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
