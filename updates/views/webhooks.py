"""Webhooks: the list, and one with its deliveries."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from updates.models import UpdateRun, Webhook, WebhookDelivery
from updates.tables import WebhookDeliveryTable

PER_PAGE = 25


@require_safe
@permission_required("updates.view_webhook", raise_exception=True)
def webhooks(request: HttpRequest) -> HttpResponse:
    last = WebhookDelivery.objects.filter(webhook=OuterRef("pk")).order_by("-received_at", "-pk")
    rows = Webhook.objects.defer("secret").annotate(
        last_outcome=Subquery(last.values("outcome")[:1]),
        last_at=Subquery(last.values("received_at")[:1]),
        last_run=Subquery(last.values("run")[:1]),
    )
    keys = {row.pk: getattr(row, "last_run", None) for row in rows}
    runs = UpdateRun.objects.in_bulk(key for key in keys.values() if key)
    shown = [(row, runs.get(keys[row.pk] or 0)) for row in rows]
    return render(request, "updates/webhooks.html", {"webhooks": shown})


@require_safe
@permission_required("updates.view_webhook", raise_exception=True)
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """htmx asks for the deliveries alone, as long as one waits."""
    row = get_object_or_404(Webhook.objects.defer("secret"), pk=pk)
    deliveries = WebhookDelivery.objects.filter(webhook=row).select_related("run")
    table = WebhookDeliveryTable(deliveries)
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    context = {
        "webhook": row,
        "address": whole_address(request, row),
        "table": table,
        "is_moving": deliveries.filter(outcome=WebhookDelivery.Outcome.WAITING).exists(),
    }
    part = "#deliveries" if request.headers.get("HX-Request") else ""
    return render(request, f"updates/webhook.html{part}", context)


def whole_address(request: HttpRequest, row: Webhook) -> str:
    """Where its sender delivers, as far as it is known from here."""
    if settings.WATCHWEB_URL:
        return f"{settings.WATCHWEB_URL}{row.path}"
    return request.build_absolute_uri(row.path)
