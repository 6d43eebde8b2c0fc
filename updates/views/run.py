"""One run: it moves by itself while it goes, and is complete when it is over."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from updates.flow.session import Kind, State
from updates.models import HostRun, UpdateRun
from updates.models.run import RunState
from updates.runs.counting import counts_of, give_counts
from updates.runs.plan_shown import at_work_of, plan_of, waiting_in
from updates.runs.version import version_of
from updates.views.etags import etag_of
from updates.views.run_origin import origin_of
from updates.views.run_results import HOST_UNUSED, results_context, results_of

_UNUSED = tuple(f"host__{name}" for name in HOST_UNUSED)
HOSTS_SHOWN = 8
# In the order a person wants to know.
_STATES = (
    *(State.FAILED, State.ROLLED_BACK, State.UPDATED, State.RESTARTED, State.STALE),
    *(State.FRESH, State.SKIPPED),
)


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    shown, parts = _found(pk)
    context = _moving(request, shown, parts) | results_context(request, shown, parts)
    return render(request, "updates/run.html", context)


def etag(request: HttpRequest, pk: int) -> str | None:
    version = version_of(pk)
    return etag_of(request, version) if version else None


@require_safe
@cache_control(private=True, no_cache=True)
@condition(etag_func=etag)
def run_live(request: HttpRequest, pk: int) -> HttpResponse:
    """What is going on. It asks for itself again as long as the run is open."""
    return render(request, "updates/run.html#live", _moving(request, *_found(pk)))


@require_safe
@cache_control(private=True, no_cache=True)
@condition(etag_func=etag)
def run_results(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of the containers, narrowed as the address says; asks for itself too."""
    return render(request, "updates/run.html#results", results_context(request, *_found(pk)))


def _found(pk: int) -> tuple[UpdateRun, list[HostRun]]:
    """Without what the hosts keep secret."""
    rows = UpdateRun.objects.select_related("user", "cancelled_by", "api_token")
    shown = get_object_or_404(rows, pk=pk)
    return shown, list(shown.host_runs.select_related("host").defer(*_UNUSED))


def _by_trouble(parts: list[HostRun]) -> dict[str, list[HostRun]]:
    """Of many hosts, those first that somebody should look at; one alone that is well is not
    worth a line."""
    if len(parts) == 1 and not parts[0].error and not parts[0].freed_bytes:
        return {"loud_parts": [], "calm_parts": []}
    if len(parts) <= HOSTS_SHOWN:
        return {"loud_parts": parts, "calm_parts": []}
    return {
        "loud_parts": [part for part in parts if part.error],
        "calm_parts": [part for part in parts if not part.error],
    }


def _moving(request: HttpRequest, shown: UpdateRun, parts: list[HostRun]) -> dict[str, Any]:
    found = counts_of([shown.pk])[shown.pk]
    results = results_of(shown)
    total = found.total()
    give_counts(shown, found, sum(part.state == RunState.FAILED for part in parts))
    plan = plan_of(results) if shown.kind == Kind.UPDATE else []
    return {
        "run": shown,
        "params": shown.parameters(),
        "origin": origin_of(shown, request.user),
        "host_runs": parts,
        **_by_trouble(parts),
        "counts": {state: found[state] for state in _STATES if found[state]},
        "total": total,
        "done": total - found[""],
        "waiting": found[""],
        "at_work": at_work_of(results) if found[""] else [],
        "plan": plan,
        "planned_left": found[""] - waiting_in(plan) if plan else 0,
    }
