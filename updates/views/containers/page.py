"""All containers: search, narrow, sort, group, choose, and act on what is chosen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Q, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_headers
from django_tables2 import RequestConfig

from updates.models import Container, Host, Policy, UpdateRun
from updates.views.containers.columns import shown_to
from updates.views.containers.narrowing import ContainerFilter, narrowed, stacks
from updates.views.containers.sections import AHEAD, SAID, sections
from updates.views.containers.standing import RULES, Standing
from updates.views.containers.table import FleetTable, choosable
from updates.views.etags import etag_of
from updates.views.overview.marks import read_marks
from updates.views.parts import is_part
from updates.views.person import preference_of

PER_PAGE = 40
_VIEWS = (
    (gettext_noop("All"), "", "total"),
    (gettext_noop("Update available"), "status=update_available", "updates"),
    (gettext_noop("Not checked"), "status=unknown", "unknown"),
    (gettext_noop("Unhealthy"), "health=unhealthy", "unhealthy"),
    (gettext_noop("Held"), "policy=held", "held"),
    (gettext_noop("Image blocked"), "policy=blocked", "blocked"),
    (gettext_noop("Monitor only"), "policy=monitor_only", "monitor_only"),
)
_STANDINGS = ("held", "blocked", "monitor_only")
_ALWAYS = ("total", "updates")  # The rest is offered while there are any.


@dataclass(frozen=True, slots=True)
class View:
    """A link above the list, with how many of all containers it leads to."""

    label: str
    query: str
    count: int
    is_shown: bool


@require_safe
@vary_on_headers("HX-Request")  # Going back must not show the list without its page.
def containers(request: HttpRequest) -> HttpResponse:
    """The page, or its list alone when htmx asks. `?selected=` ticks boxes."""
    context = _context(request)
    if is_part(request):
        answer = render(request, "updates/containers.html#list", context)
        answer.headers["HX-Push-Url"] = f"{request.path}?{context['query']}".rstrip("?")
        return answer
    return render(request, "updates/containers.html", context | _around(request, context["total"]))


def etag(request: HttpRequest) -> str:
    """Changes whenever something of the list may have."""
    return _etag(request, _hosts())


def _etag(request: HttpRequest, hosts: list[Any]) -> str:
    columns = preference_of(request).columns
    return etag_of(request, _query(request.GET), columns, read_marks(), hosts)


def _hosts() -> list[Any]:
    """(name, when settings were changed last, whether a run is open) of each; one statement."""
    set_at = Policy.objects.order_by("-changed_at").values("changed_at")[:1]
    is_moving = Exists(UpdateRun.objects.open())
    rows = Host.objects.order_by("pk").annotate(set_at=Subquery(set_at), is_moving=is_moving)
    return list(rows.values_list("name", "set_at", "is_moving"))


@require_safe
@cache_control(private=True, no_cache=True)
@condition(etag_func=etag)
def containers_live(request: HttpRequest) -> HttpResponse:
    """The list alone, narrowed as the address says; asks for itself again."""
    return render(request, "updates/containers.html#list", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    hosts = _hosts()
    seen = _etag(request, hosts)  # Before the rows: a change in between is asked for again.
    chosen = narrowed(request.GET)
    shown = shown_to(preference_of(request)) - SAID[chosen.grouped_by]
    table = FleetTable(chosen.qs, shown=shown, ahead=AHEAD[chosen.grouped_by])
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    counts = _counts()
    views = list(_views(chosen, counts))
    return {
        "etag": seen,
        "address": reverse("containers"),
        "filter": chosen,
        "table": table,
        "sections": sections(table.paginated_rows, chosen.grouped_by, chosen.qs),
        "views": views,
        "is_unfolded": chosen.is_narrowed_further and not any(one.is_shown for one in views),
        "total": counts["total"],
        "is_moving": any(is_moving for *_, is_moving in hosts),
        "says_stack": "stack" not in shown | SAID[chosen.grouped_by],
        "query": _query(request.GET),
        "selected": _keys(request.GET.getlist("selected")),
    }


def _around(request: HttpRequest, total: int) -> dict[str, Any]:
    """What stands on the page besides the list."""
    shown = shown_to(preference_of(request))
    return {
        "stacks": stacks(),
        "columns": [(name, label, name in shown) for name, label in choosable()],
        "has_host": bool(total) or Host.objects.exists(),
    }


def _counts() -> dict[str, int]:
    """Of all containers, whatever the filters are."""
    return Container.objects.with_holds().aggregate(
        total=Count("pk"),
        updates=Count("pk", filter=Q(status=Container.Status.UPDATE_AVAILABLE)),
        unknown=Count("pk", filter=Q(status=Container.Status.UNKNOWN)),
        unhealthy=Count("pk", filter=Q(health="unhealthy")),
        **{name: Count("pk", filter=RULES[Standing(name)]) for name in _STANDINGS},
    )


def _query(given: QueryDict) -> str:
    """What the address asks for, without what is empty and what was ticked."""
    kept = QueryDict(mutable=True)
    for name, values in given.lists():
        if name != "selected" and any(values):
            kept.setlist(name, [one for one in values if one])
    return kept.urlencode()


def _keys(texts: list[str]) -> set[int]:
    return {int(one) for one in texts if one.isascii() and one.isdigit()}


def _views(chosen: ContainerFilter, counts: dict[str, int]) -> Iterator[View]:
    narrowing = {name: str(value) for name, value in chosen.chosen.items() if name != "group"}
    for label, query, name in _VIEWS:
        wanted = QueryDict(query)
        is_shown = wanted.dict() == narrowing
        if not (counts[name] or is_shown or name in _ALWAYS):
            continue
        kept = wanted.copy()
        if chosen.grouped_by:
            kept["group"] = chosen.grouped_by
        yield View(_(label), kept.urlencode(), counts[name], is_shown)
