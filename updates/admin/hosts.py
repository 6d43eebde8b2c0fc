"""Hosts: their address and TLS material."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from updates.admin.secrets import SecretsAdmin
from updates.flow.session import Kind, Params
from updates.forms import PublicPemField, WriteOnlyField, WriteOnlyForm
from updates.models import Host, UpdateRun
from updates.triggers import NothingToDo, trigger_run


class HostForm(WriteOnlyForm):
    secrets = ("tls_key",)
    tls_key = WriteOnlyField(label="Client key", rows=6)

    class Meta:
        model = Host
        fields = ("name", "url", "enabled", "queue", "tls_ca", "tls_cert", "tls_key")
        field_classes = dict.fromkeys(("tls_ca", "tls_cert"), PublicPemField)


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
                    "scanned_at",
                    "last_error",
                    "created_at",
                )
            },
        ),
    )
    actions = ("scan_now",)

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
