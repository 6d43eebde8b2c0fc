"""One glance: what needs me, what is happening, what happened."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from updates.models import Container, Host, UpdateRun

WAITING_SHOWN = 12
RUNS_SHOWN = 8


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    return render(request, "updates/dashboard.html", _context())


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The part of the dashboard that moves; fetched again while a run is open."""
    return render(request, "updates/dashboard.html#overview", _context())


def _context() -> dict[str, Any]:
    updates = Q(containers__status=Container.Status.UPDATE_AVAILABLE)
    hosts: list[Any] = list(
        Host.objects.annotate(
            container_count=Count("containers"), update_count=Count("containers", filter=updates)
        )
    )
    waiting = Container.objects.with_update().select_related("host")
    runs = UpdateRun.objects.with_counts().select_related("user")
    return {
        "hosts": hosts,
        "container_count": sum(host.container_count for host in hosts),
        "update_count": sum(host.update_count for host in hosts),
        "away": [host for host in hosts if host.enabled and host.last_error],
        "unknown_count": Container.objects.filter(status=Container.Status.UNKNOWN).count(),
        "waiting": list(waiting[:WAITING_SHOWN]),
        "open_runs": list(runs.open()),
        "runs": list(runs[:RUNS_SHOWN]),
    }
