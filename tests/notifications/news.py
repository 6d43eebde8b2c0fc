"""Channels, and runs that have something to tell."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.views import rows
from updates.flow.session import Kind
from updates.models import Channel, Delivery, Host, UpdateRun
from updates.models.run import RunState
from updates.notifications.outbox import deliver, gather
from updates.notifications.telling import tell_run

SECRET = "s3cr3t-t0k3n"


def channel(url: str = "json://127.0.0.1:1/hook", **facts: Any) -> Channel:
    """One that was made before every run."""
    long_ago = timezone.now() - timedelta(days=9)
    made = {"name": f"channel-{Channel.objects.count()}", "url": url, "created_at": long_ago}
    return Channel.objects.create(**made | facts)


def scan(host: Host, **states: str) -> UpdateRun:
    """A finished scan: containers and what became of them."""
    return _run(host, Kind.SCAN, states)


def update(host: Host, **states: str) -> UpdateRun:
    return _run(host, Kind.UPDATE, states)


def _run(host: Host, kind: Kind, states: dict[str, str]) -> UpdateRun:
    run = rows.run(host, RunState.FINISHED, kind)
    for name, state in states.items():
        rows.result(run, name, state)
    return run


def told(run: UpdateRun) -> list[Delivery]:
    """Tell of the run, and try what may go; the deliveries that came of it."""
    before = set(Delivery.objects.values_list("pk", flat=True))
    tell_run(run.pk)
    for pk in gather(timezone.now()):
        deliver(pk)
    return list(Delivery.objects.exclude(pk__in=before).order_by("pk"))
