"""Notification channels: the list, and one with its deliveries."""

from django.contrib.auth.decorators import permission_required
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from updates.models import Channel, Delivery
from updates.models.channel import Event
from updates.tables import DeliveryTable

PER_PAGE = 25


@require_safe
@permission_required("updates.view_channel", raise_exception=True)
def channels(request: HttpRequest) -> HttpResponse:
    last = Delivery.objects.filter(channel=OuterRef("pk")).order_by("-pk")
    rows = Channel.objects.defer("url", "template").annotate(
        last_state=Subquery(last.values("state")[:1]),
        last_error=Subquery(last.values("error")[:1]),
        last_at=Subquery(last.values("created_at")[:1]),
    )
    return render(request, "updates/channels.html", {"channels": rows})


@require_safe
@permission_required("updates.view_channel", raise_exception=True)
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """htmx asks for the deliveries alone, as long as one is on its way."""
    row = get_object_or_404(Channel.objects.defer("url"), pk=pk)
    deliveries = Delivery.objects.filter(channel=row).select_related("run")
    table = DeliveryTable(deliveries)
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    context = {
        "channel": row,
        "table": table,
        "hosts": list(row.hosts.all()),
        "events": [event.label for event in Event if event in row.events],
        "is_moving": deliveries.filter(state=Delivery.State.QUEUED, attempts=0).exists(),
    }
    part = "#deliveries" if request.headers.get("HX-Request") else ""
    return render(request, f"updates/channel.html{part}", context)
