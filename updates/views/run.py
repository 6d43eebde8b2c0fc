"""One run: it moves by itself while it goes, and is complete when it is over."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from updates.models import ContainerResult, RunEvent, UpdateRun
from updates.runs.report import counts, report
from updates.runs.version import version_of

EVENTS_SHOWN = 500


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "updates/run.html", _context(pk))


def etag(request: HttpRequest, pk: int) -> str | None:
    version = version_of(pk)
    return f'"{version}"' if version else None


@require_safe
@cache_control(private=True, no_cache=True)
@condition(etag_func=etag)
def run_live(request: HttpRequest, pk: int) -> HttpResponse:
    """The part that moves. It asks for itself again as long as the run is open."""
    return render(request, "updates/run.html#live", _context(pk))


@require_safe
def run_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The report, as the commands print it with --json."""
    return JsonResponse(report(get_object_or_404(UpdateRun, pk=pk)))


def _context(pk: int) -> dict[str, Any]:
    shown = get_object_or_404(UpdateRun.objects.select_related("user", "cancelled_by"), pk=pk)
    results = ContainerResult.objects.filter(host_run__run=shown).select_related("host_run__host")
    rows = sorted(results, key=_urgency)
    events = RunEvent.objects.filter(host_run__run=shown).select_related("host_run__host")
    return {
        "run": shown,
        "params": shown.parameters(),
        "host_runs": list(shown.host_runs.select_related("host")),
        "results": rows,
        "counts": {state: n for state, n in counts([row.state for row in rows]).items() if n},
        "events": list(events.order_by("-pk")[:EVENTS_SHOWN])[::-1],
    }


def _urgency(row: ContainerResult) -> tuple[int, str, str]:
    """What is being worked on first, then what went wrong, then what changed, then the rest."""
    states = ContainerResult.States
    order = ["", states.FAILED, states.ROLLED_BACK, states.UPDATED, states.RESTARTED, states.STALE]
    rank = order.index(row.state) if row.state in order else len(order)
    return rank, row.host_run.host.name, row.name
