"""Webhooks and their deliveries, to look through; they are changed on their own pages."""

from django.contrib import admin

from updates.admin.read_only import ReadOnlyAdmin
from updates.models import Webhook, WebhookDelivery


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    exclude = ("secret",)
    list_display = ("name", "enabled", "kind", "action", "domain", "created_at", "refused_at")
    list_filter = ("enabled", "kind", "action")
    search_fields = ("name", "domain")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "webhook", "event", "outcome", "reason", "run", "repeats")
    list_filter = ("outcome", "webhook")
    search_fields = ("webhook__name", "event", "reason")
    list_select_related = ("webhook", "run")
