"""Channels and what became of their messages, to look through; channels have pages of their own."""

from django.contrib import admin

from updates.admin.read_only import ReadOnlyAdmin
from updates.models import Channel, Delivery, Notice, Told


@admin.register(Channel)
class ChannelAdmin(ReadOnlyAdmin):
    exclude = ("url",)  # It holds passwords and tokens.
    list_display = ("name", "enabled", "kind", "service", "min_severity", "digest_minutes")
    list_filter = ("enabled", "kind")
    search_fields = ("name", "service")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "run", "attempts", "next_try_at", "created_at", "error")
    list_filter = ("state", "kind", "channel")
    search_fields = ("channel__name", "title", "error")
    list_select_related = ("channel", "run")


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("event", "channel", "run", "delivery", "at")
    list_filter = ("event", "channel")
    search_fields = ("channel__name",)
    list_select_related = ("channel", "run", "delivery__channel")


@admin.register(Told)
class ToldAdmin(ReadOnlyAdmin):
    list_display = ("subject", "topic", "value", "channel", "at")
    list_filter = ("topic", "channel")
    search_fields = ("subject",)
    list_select_related = ("channel",)
