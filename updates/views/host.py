"""One host: what it is, what runs on it, what was done to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from updates.models import Host, UpdateRun
from updates.runs import past
from updates.runs.own import own_hosts
from updates.tables import HostContainerTable
from updates.views.graph import graph_of

RUNS_SHOWN = 10
VANISHED_SHOWN = 10


@require_safe
def host(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Host, pk=pk)
    table = HostContainerTable(shown.containers.all())
    RequestConfig(request, paginate={"per_page": 100, "silent": True}).configure(table)
    # Each run counts what it did here.
    runs = UpdateRun.objects.filter(host_runs__host=shown).with_counts()
    last = runs.select_related("user")[:RUNS_SHOWN]
    context = {
        "host": shown,
        "is_own": own_hosts().filter(pk=pk).exists(),
        "table": table,
        "runs": list(last),
        "graph": graph_of(shown),
        "vanished": past.vanished_from(shown, VANISHED_SHOWN),
    }
    return render(request, "updates/host.html", context)
