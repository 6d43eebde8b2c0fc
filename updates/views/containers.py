"""All containers: search, filter, sort, select, and update."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_tables2 import RequestConfig

from updates.filters import ContainerFilter
from updates.models import Container
from updates.tables import ContainerTable

PER_PAGE = 50


@require_safe
@vary_on_headers("HX-Request")  # Going back must not show the list without its page.
def containers(request: HttpRequest) -> HttpResponse:
    """The page, or its list alone when htmx asks. `?selected=` ticks boxes."""
    rows = Container.objects.select_related("host")
    chosen = ContainerFilter(request.GET, queryset=rows)
    table = ContainerTable(chosen.qs, selected=request.GET.getlist("selected"))
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    is_part = "HX-Request" in request.headers and (
        "HX-History-Restore-Request" not in request.headers
    )
    context = {"filter": chosen, "table": table, "is_empty": not rows.exists()}
    return render(request, f"updates/containers.html{'#list' if is_part else ''}", context)
