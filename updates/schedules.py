"""django-q2's schedules: one, a tick every minute. Everything else is decided when it comes."""

from django_q.models import Schedule

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
        },
    )
