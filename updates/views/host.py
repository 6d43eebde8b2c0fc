"""One host: what it is, what runs on it, what depends on it, what was done to it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from updates.engine.probing.findings import Finding
from updates.models import Host, Policy, Schedule, UpdateRun
from updates.runs import past
from updates.runs.own import own_hosts
from updates.tables import HostContainerTable
from updates.views.graph import graph_of
from updates.views.host_facts import give_counts, give_next
from updates.views.hosts import TLS

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
    RequestConfig(request, paginate={"per_page": 100, "silent": True}).configure(table)
    give_counts([shown])
    give_next([shown])
    # Each run counts what it did here.
    runs = UpdateRun.objects.filter(host_runs__host=shown).with_counts()
    last = runs.select_related("user")[:RUNS_SHOWN]
    return {
        "host": shown,
        "findings": findings,
        "is_own": own_hosts().filter(pk=shown.pk).exists(),
        "table": table,
        "runs": list(last),
        "graph": graph_of(shown),
        "vanished": past.vanished_from(shown, VANISHED_SHOWN),
        **_dependants(request, shown),
    }


def _dependants(request: HttpRequest, shown: Host) -> dict[str, Any]:
    """Schedules and settings that are for it, as far as this person may see them."""
    found: dict[str, Any] = {}
    if request.user.has_perm("updates.view_schedule"):
        named, for_all = Schedule.objects.filter(hosts=shown), Schedule.objects.filter(hosts=None)
        found["schedules"] = list((named | for_all).distinct().prefetch_related("hosts"))
    if request.user.has_perm("updates.view_policy"):
        found["policies"] = list(Policy.objects.filter(host=shown).select_related("host"))
    return found
