"""All runs, newest first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_headers
from django_tables2 import RequestConfig

from updates.filters import RunFilter
from updates.models import UpdateRun
from updates.paging import AheadPaginator
from updates.runs.counting import add_counts, counts_of
from updates.tables import RunTable
from updates.views.etags import etag_of

PER_PAGE = 30


@require_safe
@vary_on_headers("HX-Request")  # Going back must not show the list without its page.
def runs(request: HttpRequest) -> HttpResponse:
    """The page, or its list alone when htmx asks."""
    return render(request, f"updates/runs.html{_part(request)}", _context(request))


def etag(request: HttpRequest) -> str:
    """Changes when a run begins, ends, is cancelled, or has another result."""
    last = UpdateRun.objects.order_by("-pk").values_list("pk", "state")[:PER_PAGE]
    moving = dict(UpdateRun.objects.open().order_by("pk").values_list("pk", "cancelled_at"))
    results = sorted((run, sorted(found.items())) for run, found in counts_of(moving).items())
    return etag_of(request, list(last), moving, results)


@require_safe
@cache_control(private=True, no_cache=True)
@condition(etag_func=etag)
def runs_live(request: HttpRequest) -> HttpResponse:
    """The list alone, narrowed as the address says; asks for itself again."""
    return render(request, "updates/runs.html#list", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    rows = UpdateRun.objects.select_related("user").defer("params")
    chosen = RunFilter(request.GET, queryset=rows)
    table = RunTable(chosen.qs, selected=request.GET.getlist("selected"))
    paginate = {"paginator_class": AheadPaginator, "per_page": PER_PAGE, "silent": True}
    RequestConfig(request, paginate=paginate).configure(table)
    add_counts([row.record for row in table.paginated_rows])
    return {
        "filter": chosen,
        "table": table,
        "query": request.GET.urlencode(),
        "is_empty": not UpdateRun.objects.exists(),
    }


def _part(request: HttpRequest) -> str:
    is_part = "HX-Request" in request.headers
    return "#list" if is_part and "HX-History-Restore-Request" not in request.headers else ""
