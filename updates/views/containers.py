"""All containers: search, filter, sort, select, and update."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from updates.filters import ContainerFilter
from updates.models import Container
from updates.tables import ContainerTable

PER_PAGE = 50


@require_safe
def containers(request: HttpRequest) -> HttpResponse:
    rows = Container.objects.select_related("host")
    chosen = ContainerFilter(request.GET, queryset=rows)
    table = ContainerTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    part = "#list" if request.headers.get("HX-Request") else ""
    context = {
        "filter": chosen,
        "table": table,
        "is_empty": not rows.exists(),
        "is_filtered": any(request.GET.get(name) for name in chosen.filters),
    }
    return render(request, f"updates/containers.html{part}", context)
