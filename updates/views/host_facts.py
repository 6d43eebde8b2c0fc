"""What the hosts' pages say of several hosts at once: a few statements, however many they are."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db.models import Count

from updates.models import Container, Host, Schedule, SchedulePause


def give_counts(hosts: Sequence[Host]) -> None:
    """Give each its `container_count`, `waiting_count` and `unknown_count`; one statement."""
    rows = Container.objects.filter(host__in=hosts).order_by().values_list("host", "status")
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for host, status, number in rows.annotate(n=Count("pk")):
        found[host][status] = number
    for host in hosts:
        counts = found[host.pk]
        host.container_count = counts.total()  # type: ignore[attr-defined]
        host.waiting_count = counts[Container.Status.UPDATE_AVAILABLE]  # type: ignore[attr-defined]
        host.unknown_count = counts[Container.Status.UNKNOWN]  # type: ignore[attr-defined]


def give_next(hosts: Sequence[Host]) -> None:
    """Give each its `next_schedule`, or None; three statements."""
    coming: list[tuple[Schedule, set[int]]] = []
    if not SchedulePause.current():
        rows = Schedule.objects.enabled().exclude(next_at=None).prefetch_related("hosts")
        ordered = rows.order_by("next_at", "pk")
        coming = [(one, {host.pk for host in one.hosts.all()}) for one in ordered]
    for host in hosts:
        mine = (one for one, chosen in coming if not chosen or host.pk in chosen)
        host.next_schedule = next(mine, None) if host.enabled else None  # type: ignore[attr-defined]
