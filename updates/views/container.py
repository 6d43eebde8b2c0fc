"""One container: what it is, what keeps it there, the images it had, what was done to it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from updates.models import Container, ContainerResult, Hold, Host
from updates.runs import past
from updates.runs.own import own_container_ids
from updates.tables import HistoryTable

PER_PAGE = 25


@require_safe
def container(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One that is there, or that the history knows."""
    host = get_object_or_404(Host, pk=pk)
    row = Container.objects.filter(host=host, name=name).first()
    holds = Hold.objects.of(host.pk, name).select_related("user")
    results = ContainerResult.objects.filter(host_run__host=host, name=name)
    remains = None if row else past.remains_of(host, name)
    if not (row or remains or results.exists()):
        raise Http404
    table = HistoryTable(results.eventful().select_related("host_run__run"))
    paging = {"per_page": PER_PAGE, "silent": True}
    RequestConfig(request, paginate=paging).configure(table)
    context = {
        "host": host,
        "name": name,
        "container": row,
        "is_own": row is not None and row.container_id in own_container_ids(),
        "remains": remains,
        "holds": list(holds),
        "is_held": any(not one.digest for one in holds),
        "images": past.images_of(host, name),
        "table": table,
    }
    return render(request, "updates/container.html", context)
