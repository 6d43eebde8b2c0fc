"""What workers do for notifications. Arguments are integers; each may be delivered twice."""

from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from updates.models import Channel, Delivery
from updates.notifications.outbox import deliver, gather
from updates.notifications.telling import tell_late, tell_run

KEPT = timedelta(days=90)


def announce(run_id: int) -> None:
    """A run is over: have a worker tell of it, if anybody listens."""
    if Channel.objects.enabled().exists():
        tell_of_run.enqueue(run_id)


@task
def tell_of_run(run_id: int) -> None:
    """Write down what is new in a run, and send what may go at once."""
    tell_run(run_id)
    for pk in gather(timezone.now()):
        send.enqueue(pk)


@task
def send(delivery_id: int) -> None:
    """One try of a delivery."""
    deliver(delivery_id)


def look_after() -> None:
    """Each minute: what was not told in time, digests and quiet hours that end, tries that are
    due, and deliveries that are old."""
    if not Channel.objects.exists():
        return
    now = timezone.now()
    tell_late(now)
    gather(now)
    for pk in Delivery.objects.due(now).values_list("pk", flat=True):
        send.enqueue(pk)
    Delivery.objects.filter(ended_at__lt=now - KEPT).delete()
