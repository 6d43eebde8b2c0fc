"""One host: what it is, what runs on it, what depends on it, what was done to it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from updates.engine.probing.findings import Finding
from updates.models import Host, Policy, Schedule, SchedulePause, UpdateRun
from updates.runs import past
from updates.runs.counting import add_counts
from updates.runs.own import own_hosts
from updates.tables import HostContainerTable
from updates.views.graph import graph_of
from updates.views.host_facts import give_counts
from updates.views.hosts import TLS

PER_PAGE = 50
RUNS_SHOWN = 10
VANISHED_SHOWN = 10


@require_safe
def host(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Host.objects.defer(*TLS), pk=pk)
    return render(request, "updates/host.html", page_context(request, shown))


def page_context(
    request: HttpRequest, shown: Host, findings: Sequence[Finding] = ()
) -> dict[str, Any]:
    """All that the page shows; `findings` are of a test that has just ended."""
    table = HostContainerTable(shown.containers.all())
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    give_counts([shown])
    runs = UpdateRun.objects.filter(host_runs__host=shown).select_related("user")
    last = list(runs[:RUNS_SHOWN])
    add_counts(last, shown.pk)
    return {
        "host": shown,
        "findings": findings,
        "is_own": own_hosts().filter(pk=shown.pk).exists(),
        "table": table,
        "runs": last,
        "graph": graph_of(shown),
        "vanished": past.vanished_from(shown, VANISHED_SHOWN),
        **_dependants(request, shown),
    }


def _dependants(request: HttpRequest, shown: Host) -> dict[str, Any]:
    """Schedules and settings that are for it, as far as one may see them; and the next."""
    for_it = Q(hosts=shown) | Q(hosts=None)
    rows = Schedule.objects.filter(for_it).annotate(is_paused=SchedulePause.is_on())
    schedules = list(rows.distinct().prefetch_related("hosts"))
    planned = [
        one
        for one in schedules
        if one.enabled and one.next_at and shown.enabled and not getattr(one, "is_paused", False)
    ]
    coming = min(planned, key=lambda one: one.next_at or one.created_at, default=None)
    found: dict[str, Any] = {"coming": coming}
    if request.user.has_perm("updates.view_schedule"):
        found["schedules"] = schedules
    if request.user.has_perm("updates.view_policy"):
        found["policies"] = list(Policy.objects.filter(host=shown).select_related("host"))
    return found
