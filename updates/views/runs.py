"""All runs, newest first."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_headers
from django_tables2 import RequestConfig

from updates.filters import RunFilter
from updates.models import UpdateRun
from updates.paging import AheadPaginator
from updates.runs.counting import add_counts, add_names, counts_of
from updates.tables import RunTable
from updates.views.etags import etag_of
from updates.views.parts import is_part

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

PER_PAGE = 30
# What most come for, each by what it sets in the address.
_VIEWS: "tuple[tuple[StrPromise, dict[str, str]], ...]" = (
    (pgettext_lazy("runs", "All"), {}),
    (_("With trouble"), {"trouble": "on"}),
    (_("Updates"), {"kind": "update"}),
    (_("Scans"), {"kind": "scan"}),
    (pgettext_lazy("run", "Running"), {"state": "running"}),
)
_VIEWED_BY = ("trouble", "kind", "state")
_NARROWING = ("state", "trigger", "host", "user", "since", "until")


@require_safe
@vary_on_headers("HX-Request")  # Going back must not show the list without its page.
def runs(request: HttpRequest) -> HttpResponse:
    """The page, or its list alone when htmx asks."""
    part = "#list" if is_part(request) else ""
    return render(request, f"updates/runs.html{part}", _context(request))


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
    shown = [row.record for row in table.paginated_rows]
    add_counts(shown)
    add_names(shown)
    return {
        "filter": chosen,
        "views": _views(request.GET),
        "kept": [(name, request.GET[name]) for name in ("kind", "trouble") if name in request.GET],
        "is_narrowed": any(request.GET.get(name) for name in _NARROWING),
        "table": table,
        "query": request.GET.urlencode(),
        "is_empty": not UpdateRun.objects.exists(),
    }


def _views(sent: QueryDict) -> list[tuple[str, str, bool]]:
    """(label, query, whether it is the present one); the other filters stay as they are."""
    chosen = {name: sent[name] for name in _VIEWED_BY if sent.get(name)}
    kept = sent.copy()
    for name in (*_VIEWED_BY, "page", "selected"):
        kept.pop(name, None)
    found = []
    for label, wanted in _VIEWS:
        query = kept.copy()
        query.update(wanted)
        found.append((str(label), query.urlencode(), wanted == chosen))
    return found
