"""Hosts: their address and TLS material."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from updates.admin.secrets import SecretsAdmin
from updates.flow.session import Kind, Params
from updates.forms import HostForm
from updates.models import Host, UpdateRun
from updates.runs.host_removal import HostBusy, remove
from updates.triggers import NothingToDo, trigger_run


@admin.register(Host)
class HostAdmin(SecretsAdmin):
    form = HostForm
    list_display = (
        "name",
        "url",
        "enabled",
        "queue",
        "engine_version",
        "api_version",
        "last_seen_at",
    )
    list_filter = ("enabled", "queue", "engine_version")
    search_fields = ("name", "url")
    readonly_fields = (
        "engine_version",
        "api_version",
        "last_seen_at",
        "latency_ms",
        "scanned_at",
        "last_error",
        "created_at",
    )
    fieldsets = (
        (None, {"fields": ("name", "url", "enabled", "queue")}),
        ("TLS", {"fields": ("tls_ca", "tls_cert", "tls_key")}),
        (
            "What is known of it",
            {
                "fields": (
                    "engine_version",
                    "api_version",
                    "last_seen_at",
                    "latency_ms",
                    "scanned_at",
                    "last_error",
                    "created_at",
                )
            },
        ),
    )
    actions = ("scan_now",)

    def delete_model(self, request: HttpRequest, obj: Host) -> None:
        """Schedules for it alone are switched off."""
        remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Host]) -> None:
        """All of them, or none."""
        with transaction.atomic():
            for host in queryset:
                remove(host)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Not while a run is open there."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except HostBusy as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:updates_host_change", object_id)

    def response_action(self, *args: Any, **how: Any) -> Any:
        """Not while a run is open on one of them."""
        try:
            return super().response_action(*args, **how)
        except HostBusy as error:
            self.message_user(args[0], str(error), messages.ERROR)
            return redirect("admin:updates_host_changelist")

    def has_start_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("updates.start_run")

    @admin.action(description="Scan now", permissions=["start"])
    def scan_now(self, request: HttpRequest, hosts: QuerySet[Host]) -> None:
        """Start one scan of the chosen hosts."""
        try:
            run = trigger_run(
                list(hosts),
                Params(kind=Kind.SCAN),
                source=UpdateRun.Trigger.PAGE,
                user=request.user,  # type: ignore[arg-type]
            )
        except NothingToDo as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, f"{run} started.", messages.SUCCESS)
