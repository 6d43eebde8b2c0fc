"""A run to take along: its report as JSON and CSV, and all its events."""

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from updates.models import RunEvent, UpdateRun
from updates.paging import AheadPaginator
from updates.runs import sheet
from updates.runs.report import report
from updates.spreadsheet import lines

EVENTS_PER_PAGE = 200


@require_safe
def run_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The report, as the commands print it with --json."""
    return JsonResponse(report(get_object_or_404(UpdateRun, pk=pk)))


@require_safe
def run_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """A row for each container."""
    run = get_object_or_404(UpdateRun, pk=pk)
    answer = StreamingHttpResponse(
        lines(sheet.HEAD, sheet.rows_of(run)), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="run-{pk}.csv"'
    return answer


@require_safe
def run_events(request: HttpRequest, pk: int) -> HttpResponse:
    """All that happened, from the first line on."""
    run = get_object_or_404(UpdateRun, pk=pk)
    rows = RunEvent.objects.filter(host_run__in=list(run.host_runs.values_list("pk", flat=True)))
    keys = rows.order_by("pk").values_list("pk", flat=True)
    page = AheadPaginator(keys, EVENTS_PER_PAGE).page_or_first(request.GET.get("page"))
    shown = RunEvent.objects.filter(pk__in=list(page)).select_related("host_run__host")
    events = shown.only("at", "container", "message", "host_run__host__name").order_by("pk")
    context = {"run": run, "page": page, "events": events}
    return render(request, "updates/run_events.html", context)
