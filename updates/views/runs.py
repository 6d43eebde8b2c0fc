"""All runs, newest first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from updates.filters import RunFilter
from updates.models import UpdateRun
from updates.tables import RunTable

PER_PAGE = 30


@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    rows = UpdateRun.objects.with_counts().select_related("user")
    chosen = RunFilter(request.GET, queryset=rows)
    table = RunTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    context = {"filter": chosen, "table": table, "is_empty": not UpdateRun.objects.exists()}
    return render(request, "updates/runs.html", context)
