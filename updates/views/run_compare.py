"""Two runs compared."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from updates.models import UpdateRun
from updates.runs.comparing import before, pairs
from updates.runs.counting import add_counts

PER_PAGE = 50
_MAX_DIGITS = 15


@require_safe
def compare_runs(request: HttpRequest) -> HttpResponse:
    """`a` and `b`, or two that are `selected`; one alone is compared with the last of its kind
    before it. `all`: those too that are the same in both."""
    a, b = _chosen(request)
    context = {"a": a, "b": b, "wanted": _wanted(request)}
    if a and b:
        add_counts([a, b])
        context |= _differences(a, b, request)
    return render(request, "updates/run_compare.html", context)


def _differences(a: UpdateRun, b: UpdateRun, request: HttpRequest) -> dict[str, Any]:
    both = pairs(a, b)
    different = [pair for pair in both if pair.differences]
    shows_all = "all" in request.GET
    pages = Paginator(both if shows_all else different, PER_PAGE)
    return {
        "page": pages.get_page(request.GET.get("page")),
        "different": len(different),
        "same": len(both) - len(different),
        "shows_all": shows_all,
    }


def _chosen(request: HttpRequest) -> tuple[UpdateRun | None, UpdateRun | None]:
    """The earlier first, unless they were named as a and b."""
    wanted = _wanted(request)
    rows = UpdateRun.objects.select_related("user").in_bulk(
        [int(text) for text in wanted if text.isdecimal() and len(text) <= _MAX_DIGITS]
    )
    a, b = (rows.get(int(text)) if text.isdecimal() else None for text in wanted)
    if b and not wanted[0]:
        a = before(b)
    return a, b


def _wanted(request: HttpRequest) -> tuple[str, str]:
    """As they were asked for, "" for none."""
    if selected := request.GET.getlist("selected"):
        first, *others = sorted(selected[:2], key=lambda text: (len(text), text))
        return (first, others[0]) if others else ("", first)
    return request.GET.get("a", ""), request.GET.get("b", "")
