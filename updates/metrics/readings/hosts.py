"""Hosts: do they answer, when were they scanned, what is on them, what is left undone."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Count
from prometheus_client.core import Metric

from updates.metrics.readings.gauge import Found, gauge, moments
from updates.models import Container, Hold, Host, Replacement

_HOST = ("host",)


def read(hosts: Sequence[Host], now: datetime) -> Iterator[Metric]:
    """Three statements; the hosts were read before."""
    yield from _state(hosts)
    yield from _scans(hosts, now)
    yield from _containers(hosts)
    yield from _held(hosts)
    yield _open(hosts)


def _state(hosts: Sequence[Host]) -> Iterator[Metric]:
    yield gauge(
        "host_enabled",
        "1 for a host that runs take part on, 0 for one that is switched off.",
        _HOST,
        {(host.name,): host.enabled for host in hosts},
    )
    yield gauge(
        "host_up",
        "1 if the host's engine answered when it was last asked, 0 if not; absent until then.",
        _HOST,
        {(h.name,): not h.last_error for h in hosts if h.last_error or h.last_seen_at},
    )
    yield gauge(
        "host_last_seen_timestamp_seconds",
        "When the host's engine last answered, in seconds since the epoch.",
        _HOST,
        moments({host.name: host.last_seen_at for host in hosts}),
    )


def _scans(hosts: Sequence[Host], now: datetime) -> Iterator[Metric]:
    yield gauge(
        "host_last_scan_timestamp_seconds",
        "When all of the host's containers were last looked at, in seconds since the epoch.",
        _HOST,
        moments({host.name: host.scanned_at for host in hosts}),
    )
    yield gauge(
        "host_scan_age_seconds",
        "Seconds since then, or since the host was added; of enabled hosts.",
        _HOST,
        {
            (host.name,): (now - (host.scanned_at or host.created_at)).total_seconds()
            for host in hosts
            if host.enabled
        },
    )


def _containers(hosts: Sequence[Host]) -> Iterator[Metric]:
    statuses = [status.value for status in Container.Status]
    found: dict[tuple[str, ...], float] = {
        (host.name, status): 0 for host in hosts for status in statuses
    }
    rows = Container.objects.order_by().values_list("host__name", "status")
    found |= {(name, status): number for name, status, number in rows.annotate(Count("pk"))}
    yield gauge(
        "containers",
        "Containers by host and by how their image stood to its registry at the last check.",
        ("host", "status"),
        found,
    )
    stale = Container.Status.UPDATE_AVAILABLE.value
    yield gauge(
        "updates_available",
        "Containers for whose image the registry has another.",
        _HOST,
        {(name,): number for (name, status), number in found.items() if status == stale},
    )


def _held(hosts: Sequence[Host]) -> Iterator[Metric]:
    held = _none(hosts)
    blocked = _none(hosts)
    rows = Hold.objects.order_by().values_list("host__name", "digest")
    for name, digest in rows:
        place = blocked if digest else held
        place[name,] += 1
    yield gauge(
        "containers_held", "Containers that are held until somebody releases them.", _HOST, held
    )
    yield gauge(
        "images_blocked",
        "Images that are blocked for a container, mostly as failed.",
        _HOST,
        blocked,
    )


def _open(hosts: Sequence[Host]) -> Metric:
    rows = Replacement.objects.filter(closed_at=None).order_by()
    counted = rows.values_list("host_run__host__name").annotate(Count("pk"))
    found: Found = _none(hosts) | {(name,): number for name, number in counted}
    return gauge(
        "replacements_open",
        "Containers whose replacement is neither finished nor undone.",
        _HOST,
        found,
    )


def _none(hosts: Sequence[Host]) -> dict[tuple[str, ...], float]:
    return {(host.name,): 0.0 for host in hosts}
