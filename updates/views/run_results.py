"""A run's containers: what is at work, what went wrong and what changed first; a page at a time."""

from typing import Any

from django.core.paginator import Page
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest

from updates.filters import ResultFilter
from updates.models import ContainerResult, HostRun, RunEvent, UpdateRun
from updates.paging import AheadPaginator
from updates.runs.plan_shown import IDLE
from updates.runs.story import stories

PER_PAGE = 30
EVENTS_SHOWN = 60
# So few are seen at one glance; more can be narrowed.
FEW = 15
HOSTS_COUNTED = 8
# No page of a run needs them, and a key would be decrypted.
HOST_UNUSED = ("tls_ca", "tls_cert", "tls_key", "engine_info", "mirrors")
_UNUSED = tuple(f"host_run__host__{name}" for name in HOST_UNUSED)
States = ContainerResult.States
_RANKS = (
    Q(state="") & ~Q(step__in=IDLE),
    Q(state=States.FAILED),
    Q(state=States.ROLLED_BACK),
    Q(state=States.UPDATED),
    Q(state=States.RESTARTED),
    Q(state=States.STALE),
    Q(state=""),
    Q(state=States.SKIPPED),
)


def results_of(run: UpdateRun) -> QuerySet[ContainerResult]:
    rows = ContainerResult.objects.filter(host_run__run=run)
    return rows.select_related("host_run__host").defer(*_UNUSED)


def results_context(request: HttpRequest, run: UpdateRun, parts: list[HostRun]) -> dict[str, Any]:
    """One page of them, each with its `story`; and the last events."""
    rows = results_of(run).order_by(*by_urgency())
    chosen = ResultFilter(request.GET, queryset=rows, hosts=_hosts(parts))
    page = AheadPaginator(chosen.qs, PER_PAGE).page_or_first(request.GET.get("page"))
    told = stories(list(page))
    for row in page:
        row.story = told[row.pk]
    return {
        "run": run,
        "filter": chosen,
        "is_narrowed": any(request.GET.get(name) for name in chosen.filters),
        "page": page,
        "query": request.GET.urlencode(),
        "has_hosts": len(parts) > 1,
        "only_host": parts[0].host if len(parts) == 1 else None,
        "is_long": _is_long(run, page),
        "parts": parts[:HOSTS_COUNTED],
        "events": last_events(parts),
        "events_shown": EVENTS_SHOWN,
    }


def _is_long(run: UpdateRun, page: Page[Any]) -> bool:
    """Whether narrowing them helps; while a run is open, whether it may get so far."""
    if run.is_open and not 0 < len(run.parameters().names) <= FEW:
        return True
    return len(page) > FEW or page.has_other_pages()


def by_urgency() -> tuple[Case | str, ...]:
    """What is being worked on first, then what went wrong, then what changed, then the rest."""
    ranks = [When(condition, then=Value(rank)) for rank, condition in enumerate(_RANKS)]
    rank = Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    return rank, "host_run__host__name", "name", "pk"


def last_events(parts: list[HostRun]) -> list[RunEvent]:
    """In their order. The index finds which; only those are read."""
    last = RunEvent.objects.filter(host_run__in=[part.pk for part in parts]).order_by("-pk")
    keys = last.values("pk")[:EVENTS_SHOWN]
    rows = RunEvent.objects.filter(pk__in=keys).select_related("host_run__host").defer(*_UNUSED)
    return list(rows.order_by("pk"))


def _hosts(parts: list[HostRun]) -> list[tuple[str, str]]:
    return [(str(part.host_id), part.host.name) for part in parts]
