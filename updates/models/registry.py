"""A registry: who we are to it, and whom we trust to be it."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from updates.models.encrypted import EncryptedTextField
from updates.registry.client import RegistryConfig
from updates.registry.credentials import Credentials
from updates.registry.errors import InvalidReference, TrustError
from updates.registry.reference import Reference
from updates.registry.trust import TrustMode, load_ca_bundle


def validate_domain(value: str) -> None:
    """Refuse what cannot stand before the first slash of an image's name."""
    try:
        parsed = Reference.parse(f"{value}/x")
    except InvalidReference:
        parsed = None
    if parsed is None or parsed.domain != value:
        raise ValidationError(
            "Give the registry as it stands in image names, e.g. docker.io, ghcr.io or "
            "registry.example.com:5000; no https:// and no path."
        )


def validate_ca(value: str) -> None:
    """Refuse a bundle that the transport could not use, with the reason."""
    try:
        load_ca_bundle(value, now=datetime.now(UTC))
    except TrustError as error:
        raise ValidationError(str(error)) from error


class Registry(models.Model):
    """Credentials and trust for one domain. A row appears when an image of it is first checked."""

    class Trust(models.TextChoices):
        SYSTEM = TrustMode.SYSTEM.value, "The system's authorities"
        SYSTEM_AND_CA = TrustMode.SYSTEM_AND_CA.value, "The system's authorities and this CA"
        CA_ONLY = TrustMode.CA_ONLY.value, "This CA alone"
        INSECURE = TrustMode.INSECURE.value, "Anybody (insecure: certificates are not checked)"

    domain = models.CharField(
        max_length=255,
        unique=True,
        validators=[validate_domain],
        help_text="As it stands in image names: docker.io, ghcr.io, registry.example.com:5000.",
    )
    username = models.CharField("user name", max_length=255, blank=True)
    password = EncryptedTextField(
        "password or token", blank=True, help_text="Stored encrypted; never shown again."
    )
    ca_pem = models.TextField(
        "CA certificates", blank=True, validators=[validate_ca], help_text="PEM, one or several."
    )
    trust = models.CharField(max_length=20, choices=Trust.choices, default=Trust.SYSTEM)
    plain_http = models.BooleanField(
        "plain HTTP", default=False, help_text="Insecure: everything is sent unencrypted."
    )
    realm_hosts = models.CharField(
        "token hosts",
        max_length=500,
        blank=True,
        help_text="Other hosts that may be given the password for a token, separated by spaces.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    hint_realm = models.CharField(max_length=500, blank=True, editable=False)
    hint_service = models.CharField(max_length=255, blank=True, editable=False)
    hint_basic = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ("domain",)
        verbose_name_plural = "registries"

    def __str__(self) -> str:
        return self.domain

    def get_absolute_url(self) -> str:
        return reverse("admin:updates_registry_change", args=[self.pk])

    def clean(self) -> None:
        if bool(self.username) != bool(self.password):
            raise ValidationError("A user name and its password belong together: give both.")
        if self.trust in (self.Trust.CA_ONLY, self.Trust.SYSTEM_AND_CA) and not self.ca_pem:
            raise ValidationError({"ca_pem": "This kind of trust needs a CA certificate."})
        if self.ca_pem and self.trust == self.Trust.SYSTEM:
            self.trust = self.Trust.SYSTEM_AND_CA

    @property
    def is_insecure(self) -> bool:
        return self.plain_http or self.trust == self.Trust.INSECURE

    def credentials(self) -> Credentials | None:
        return Credentials(self.username, self.password) if self.username else None

    def config(self) -> RegistryConfig:
        """The registry as its client takes it."""
        return RegistryConfig(
            domain=self.domain,
            credentials=self.credentials(),
            trust=TrustMode(self.trust),
            ca_pem=self.ca_pem,
            plain_http=self.plain_http,
            realm_hosts=tuple(self.realm_hosts.split()),
            hint_realm=self.hint_realm,
            hint_service=self.hint_service,
            hint_basic=self.hint_basic,
        )
