"""Hosts: their address and TLS material."""

import ssl
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from updates.admin.write_only import WriteOnlyField, WriteOnlyForm
from updates.engine.endpoint import TLSMaterial
from updates.flow.session import Kind, Params
from updates.models import Host, UpdateRun
from updates.triggers import NothingToDo, trigger_run


class HostForm(WriteOnlyForm):
    secrets = ("tls_key",)
    tls_key = WriteOnlyField(label="Client key", rows=6)

    class Meta:
        model = Host
        fields = ("name", "url", "enabled", "queue", "tls_ca", "tls_cert", "tls_key")

    def clean(self) -> dict[str, Any]:
        """Refuse TLS material that the engine's client could not load, at the field it is in."""
        cleaned = super().clean()
        ca, cert, key = (cleaned.get(name, "") for name in ("tls_ca", "tls_cert", "tls_key"))
        if not _loads(TLSMaterial(ca=ca)):
            self.add_error("tls_ca", "This is no CA certificate in PEM form.")
        if cert and key and not _loads(TLSMaterial(cert=cert, key=key)):
            self.add_error(
                "tls_cert",
                "This certificate and its key cannot be used: one of them is no PEM, the key has "
                "a password, or they do not belong together.",
            )
        return cleaned


def _loads(material: TLSMaterial) -> bool:
    try:
        material.context()
    except (ssl.SSLError, TypeError, ValueError):  # TypeError: letters that are not ASCII.
        return False
    return True


@admin.register(Host)
class HostAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
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
    readonly_fields = ("engine_version", "api_version", "last_seen_at", "last_error", "created_at")
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
