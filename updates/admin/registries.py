"""Registries, with their credentials and their trust; and the tokens kept for them."""

from datetime import UTC, datetime

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget

from updates.admin.read_only import ReadOnlyAdmin
from updates.admin.write_only import WriteOnlyField, WriteOnlyForm
from updates.models import Registry, RegistryToken
from updates.registry.errors import TrustError
from updates.registry.trust import load_ca_bundle


class RegistryForm(WriteOnlyForm):
    secrets = ("password",)
    password = WriteOnlyField(label="Password or token")

    class Meta:
        model = Registry
        fields = ("domain", "username", "password", "realm_hosts", "trust", "ca_pem", "plain_http")
        # Or the browser fills in whom its user signs in to Watchweb as.
        widgets = {"username": AdminTextInputWidget(attrs={"autocomplete": "off"})}


@admin.register(Registry)
class RegistryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = RegistryForm
    view_on_site = False
    list_display = ("domain", "username", "trust", "insecure")
    list_filter = ("trust", "plain_http")
    search_fields = ("domain", "username")
    readonly_fields = ("certificates", "created_at")
    fieldsets = (
        (None, {"fields": ("domain", "username", "password", "realm_hosts")}),
        ("Trust", {"fields": ("trust", "ca_pem", "certificates", "plain_http")}),
        (None, {"fields": ("created_at",)}),
    )

    @admin.display(boolean=True, description="insecure")
    def insecure(self, registry: Registry) -> bool:
        return registry.is_insecure

    @admin.display(description="certificates in it")
    def certificates(self, registry: Registry) -> str:
        """Subject, issuer, expiry and fingerprint of each, in words."""
        if not registry.ca_pem:
            return "None."
        try:
            bundle = load_ca_bundle(registry.ca_pem, now=datetime.now(UTC))
        except TrustError as error:
            return str(error)
        return "\n".join(
            f"{one.subject}, issued by {one.issuer}, until {one.not_after:%Y-%m-%d}, "
            f"SHA-256 {one.fingerprint_sha256}"
            for one in bundle.certificates
        )


@admin.register(RegistryToken)
class RegistryTokenAdmin(ReadOnlyAdmin):
    list_display = (
        "registry",
        "scope",
        "fingerprint",
        "fetched_at",
        "expires_at",
        "hits",
        "usable",
    )
    list_filter = ("registry",)
    search_fields = ("registry", "scope", "realm")
    fields = (
        "registry",
        "realm",
        "service",
        "scope",
        "fingerprint",
        "fetched_at",
        "expires_at",
        "hits",
    )
    readonly_fields = fields

    @admin.display(boolean=True, description="usable")
    def usable(self, token: RegistryToken) -> bool:
        return bool(token.expires_at) and not token.is_expired
