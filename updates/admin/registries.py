"""Registries, with their credentials and their trust; and the tokens kept for them."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from updates.admin.read_only import ReadOnlyAdmin
from updates.admin.secrets import SecretsAdmin
from updates.audit.record import record
from updates.certificates import Held, held_by
from updates.forms import RegistryForm
from updates.models import Registry, RegistryToken
from updates.models.audit import Deed
from updates.templatetags.registries import is_insecure, signs_in

_LEARNED = (
    "hint_realm",
    "hint_service",
    "answered_at",
    "latency_ms",
    "failed_at",
    "last_error",
    "budget_remaining",
    "budget_limit",
    "budget_window_s",
    "budget_resets_at",
    "budget_seen_at",
    "paused_until",
    "pause_reason",
    "sign_in",
    "signed_in_as",
    "sign_in_refusal",
    "certificate_expires_at",
    "certificate_subject",
    "certificate_issuer",
)


@admin.register(Registry)
class RegistryAdmin(SecretsAdmin):
    form = RegistryForm
    list_display = ("domain", "kind", "who", "trust", "safety", "answered_at", "paused_until")
    list_filter = ("kind", "trust", "plain_http")
    search_fields = ("domain", "username")
    readonly_fields = ("certificates", "connection", "created_at", *_LEARNED)
    fieldsets = (
        (None, {"fields": ("domain", "kind", "username", "password", "identity_token")}),
        (None, {"fields": ("realm_hosts", "connection")}),
        ("Trust", {"fields": ("trust", "ca_pem", "client_cert", "client_key", "plain_http")}),
        (None, {"fields": ("certificates", "created_at")}),
        ("Learned from its answers", {"fields": _LEARNED, "classes": ("collapse",)}),
    )

    def delete_model(self, request: HttpRequest, obj: Registry) -> None:
        """Its tokens go with it."""
        with transaction.atomic():
            RegistryToken.objects.filter(registry=obj.address).delete()
            obj.delete()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Registry]) -> None:
        for row in queryset:
            self.delete_model(request, row)

    @admin.display(description="signs in as", ordering="username")
    def who(self, registry: Registry) -> str:
        return signs_in(registry)

    @admin.display(description="safety")
    def safety(self, registry: Registry) -> str:
        return "insecure" if is_insecure(registry) else "checked"

    @admin.display(description="connection")
    def connection(self, registry: Registry) -> SafeString | str:
        if not registry.pk:
            return "Save it first; then it can be tested."
        return format_html(
            '<a href="{}#test">Test the connection</a> on its page', registry.get_absolute_url()
        )

    @admin.display(description="certificates in it")
    def certificates(self, registry: Registry) -> str:
        """Subject, issuer, expiry and fingerprint of each, in words."""
        return "\n".join(map(_described, held_by(registry))) or "None."


@admin.register(RegistryToken)
class RegistryTokenAdmin(ReadOnlyAdmin):
    fields = (
        "registry",
        "realm",
        "service",
        "scope",
        "fingerprint",
        "created_at",
        "fetched_at",
        "expires_at",
        "hits",
        "usable",
    )
    readonly_fields = fields
    list_display = (
        "registry",
        "realm",
        "service",
        "scope",
        "fetched_at",
        "expires_at",
        "hits",
        "usable",
    )
    list_filter = ("registry",)
    search_fields = ("registry", "scope", "realm", "service")
    actions = ("flush",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegistryToken]:
        """Without the tokens themselves: nothing here needs them."""
        return super().get_queryset(request).defer("value")

    def has_flush_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("updates.flush_tokens")

    @admin.action(description="Flush the selected tokens", permissions=["flush"])
    def flush(self, request: HttpRequest, tokens: QuerySet[RegistryToken]) -> None:
        """Delete them; one that is being fetched just now stays, it will be new."""
        count, _ = tokens.filter(RegistryToken.free()).delete()
        record(Deed.FLUSHED, f"chosen tokens, {count} in number")
        self.message_user(
            request, f"{count} token{'' if count == 1 else 's'} flushed.", messages.SUCCESS
        )

    @admin.display(boolean=True, description="usable")
    def usable(self, token: RegistryToken) -> bool:
        return not token.is_expired


def _described(held: Held) -> str:
    one = held.certificate
    state = ", EXPIRED" if held.is_expired else ""
    return (
        f"{held.role} certificate {one.subject}, issued by {one.issuer}, "
        f"until {one.not_after:%Y-%m-%d}{state}, SHA-256 {held.fingerprint}"
    )
