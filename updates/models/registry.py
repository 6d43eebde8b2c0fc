"""A registry: who we are to it, and whom we trust to be it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from updates.models.encrypted import EncryptedTextField
from updates.models.registry_state import RegistryState
from updates.models.token import RegistryToken
from updates.models.trust import trust_defaults
from updates.registry.config import RegistryConfig
from updates.registry.errors import InvalidReference, TrustError
from updates.registry.logins.credentials import Credentials, fingerprint_of
from updates.registry.logins.kinds import RegistryKind, complaint, form_of
from updates.registry.reference import Reference
from updates.registry.tls.client_certificate import load_client_certificate
from updates.registry.tls.trust import CABundle, ClientCertificate, TrustMode, load_ca_bundle


def validate_domain(value: str) -> None:
    """Refuse what cannot stand before the first slash of an image's name."""
    try:
        parsed = Reference.parse(f"{value}/x")
    except InvalidReference:
        parsed = None
    if parsed is None or parsed.domain != value:
        raise ValidationError(
            _(
                "Give the registry as it stands in image names, e.g. docker.io, ghcr.io or "
                "registry.example.com:5000; no https:// and no path."
            )
        )


def validate_ca(value: str) -> None:
    """Refuse a bundle that the transport could not use, with the reason."""
    try:
        load_ca_bundle(value, now=datetime.now(UTC))
    except TrustError as error:
        raise ValidationError(str(error)) from error


class Registry(RegistryState):
    """Credentials and trust for one domain. A row appears when an image of it is first checked."""

    class Trust(models.TextChoices):
        SYSTEM = TrustMode.SYSTEM.value, _("The system's authorities")
        SYSTEM_AND_CA = TrustMode.SYSTEM_AND_CA.value, _("The system's authorities and this CA")
        CA_ONLY = TrustMode.CA_ONLY.value, _("This CA alone")
        INSECURE = TrustMode.INSECURE.value, _("Anybody (insecure: certificates are not checked)")

    domain = models.CharField(
        max_length=255,
        unique=True,
        validators=[validate_domain],
        help_text=_("As it stands in image names: docker.io, ghcr.io, registry.example.com:5000."),
    )
    kind = models.CharField(
        max_length=20,
        choices=[(kind.value, _(form_of(kind).label)) for kind in RegistryKind],
        default=RegistryKind.GENERIC.value,
        help_text=_("What to enter below depends on it."),
    )
    username = models.CharField(_("user name"), max_length=255, blank=True)
    password = EncryptedTextField(
        _("password or token"), blank=True, help_text=_("Stored encrypted; never shown again.")
    )
    identity_token = EncryptedTextField(
        _("identity token"),
        blank=True,
        help_text=_("In place of a password: the refresh token that a docker login saved."),
    )
    ca_pem = models.TextField(
        _("CA certificates"),
        blank=True,
        validators=[validate_ca],
        help_text=_("PEM, one or several."),
    )
    trust = models.CharField(max_length=20, choices=Trust.choices, default=Trust.SYSTEM)
    client_cert = models.TextField(
        _("client certificate"),
        blank=True,
        help_text=_("PEM, for a registry that asks for one (mTLS)."),
    )
    client_key = EncryptedTextField(
        _("client key"), blank=True, help_text=_("PEM, without a password. Stored encrypted.")
    )
    plain_http = models.BooleanField(
        _("plain HTTP"), default=False, help_text=_("Insecure: everything is sent unencrypted.")
    )
    realm_hosts = models.CharField(
        _("token hosts"),
        max_length=500,
        blank=True,
        help_text=_("Other hosts that may be given the password for a token, separated by spaces."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("domain",)
        verbose_name_plural = "registries"

    def __str__(self) -> str:
        return self.domain

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and drop what other credentials got: tokens, hints, sign-in, and their limit."""
        self._note_ends()
        fingerprint = fingerprint_of(self.credentials())
        is_changed = fingerprint != self.fingerprint
        if is_changed:
            self.fingerprint = fingerprint
            self.paused_until, self.pause_reason = None, ""
            self.budget_limit = self.budget_remaining = self.budget_seen_at = None
            self.hint_realm, self.hint_service = "", ""
            self.hint_basic = self.hint_open = False
            self.forget_sign_in()
        super().save(*args, **kwargs)
        if is_changed:
            RegistryToken.objects.filter(registry=self.address).delete()

    def get_absolute_url(self) -> str:
        return reverse("registry", args=[self.pk])

    def clean(self) -> None:
        if self.password and self.identity_token:
            raise ValidationError(_("Give a password or an identity token, not both."))
        if self.username and not (self.password or self.identity_token):
            raise ValidationError(_("A user name and its password belong together: give both."))
        if self.password and not self.username:
            self.username = form_of(RegistryKind(self.kind)).fixed_username
            if not self.username:
                raise ValidationError(_("A user name and its password belong together: give both."))
        self._clean_kind()
        self._clean_trust()
        self._clean_client_certificate()

    def _clean_kind(self) -> None:
        reason = complaint(RegistryKind(self.kind), self.domain, self.username, self.password)
        if reason is not None:
            field, sentence = reason
            raise ValidationError({field: sentence})

    def _clean_trust(self) -> None:
        if self.trust in (self.Trust.CA_ONLY, self.Trust.SYSTEM_AND_CA) and not self.ca_pem:
            raise ValidationError({"ca_pem": _("This kind of trust needs a CA certificate.")})
        if self.ca_pem and self.trust == self.Trust.SYSTEM:
            self.trust = self.Trust.SYSTEM_AND_CA

    def _clean_client_certificate(self) -> None:
        if bool(self.client_cert) != bool(self.client_key):
            raise ValidationError(
                {"client_cert": _("A client certificate and its key belong together: give both.")}
            )
        if self.client_cert:
            try:
                load_client_certificate(self.client_cert, self.client_key, now=datetime.now(UTC))
            except TrustError as error:
                raise ValidationError({"client_cert": str(error)}) from error

    @property
    def address(self) -> str:
        """Host and port of its API: what tokens are filed under."""
        return RegistryConfig(self.domain).address

    @property
    def is_insecure(self) -> bool:
        return self.plain_http or self.trust == self.Trust.INSECURE

    def credentials(self) -> Credentials | None:
        """What a person saved; None when that is nothing."""
        if not (self.password or self.identity_token):
            return None
        return Credentials(self.username, self.password, self.identity_token)

    def ca_bundle(self) -> CABundle | None:
        """The saved CA certificates that have not expired; None without a usable one."""
        try:
            return load_ca_bundle(self.ca_pem, now=datetime.now(UTC), expired_may_stay=True)
        except TrustError:
            return None

    def config(self) -> RegistryConfig:
        """The registry as its client takes it, with the settings for all registries applied."""
        trust, ca_pem = self._trust()
        certificate = (
            ClientCertificate(self.client_cert, self.client_key) if self.client_cert else None
        )
        return RegistryConfig(
            domain=self.domain,
            credentials=self.credentials(),
            trust=trust,
            ca_pem=ca_pem,
            client_certificate=certificate,
            plain_http=self.plain_http,
            realm_hosts=tuple(self.realm_hosts.split()),
            hint_realm=self.hint_realm,
            hint_service=self.hint_service,
            hint_basic=self.hint_basic,
            hint_open=self.hint_open,
        )

    def _trust(self) -> tuple[TrustMode, str]:
        """(mode, CA certificates): its own, or the settings' where it has none."""
        own, everywhere = TrustMode(self.trust), trust_defaults()
        if own is TrustMode.SYSTEM and everywhere.insecure:
            return TrustMode.INSECURE, ""
        if own is TrustMode.SYSTEM and everywhere.ca_pem:
            return TrustMode.SYSTEM_AND_CA, everywhere.ca_pem
        if own is TrustMode.SYSTEM_AND_CA:
            return own, f"{self.ca_pem}\n{everywhere.ca_pem}"
        return own, self.ca_pem

    def _note_ends(self) -> None:
        """Keep when the certificates end, for the warning; what has ended keeps its day."""
        if not self.ca_pem:
            self.ca_expires_at = None
        elif bundle := self.ca_bundle():
            self.ca_expires_at = min(one.not_after for one in bundle.certificates)
        self.client_expires_at = self._client_end() if self.client_cert else None
        if self.plain_http:
            self.certificate_expires_at = None
            self.certificate_subject = self.certificate_issuer = ""

    def _client_end(self) -> datetime | None:
        try:
            now = datetime.now(UTC)
            return load_client_certificate(self.client_cert, self.client_key, now=now).not_after
        except TrustError:
            return self.client_expires_at
