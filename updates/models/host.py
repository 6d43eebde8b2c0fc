"""A Docker Engine that Watchweb looks after."""

import ssl
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from updates.engine.container import EngineInfo
from updates.engine.endpoint import Endpoint, TLSMaterial, check_url
from updates.models.encrypted import EncryptedTextField

# An engine that was updated says so in each answer; its mirrors are asked for again after this.
INFO_IS_NEW = timedelta(hours=1)


def validate_engine_url(value: str) -> None:
    """Refuse an address that no engine can have, with the reason."""
    try:
        check_url(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _loads(material: TLSMaterial) -> bool:
    try:
        material.context()
    except (ssl.SSLError, TypeError, ValueError):  # TypeError: letters that are not ASCII.
        return False
    return True


class HostQuerySet(models.QuerySet["Host"]):
    def enabled(self) -> "HostQuerySet":
        return self.filter(enabled=True)


class Host(models.Model):
    """One engine: its address, its TLS material, and what it said of itself when last seen."""

    name = models.SlugField(max_length=100, unique=True, help_text=_("Short and unique, e.g. nas."))
    url = models.CharField(
        _("address"),
        max_length=500,
        validators=[validate_engine_url],
        help_text=_("unix:///var/run/docker.sock, tcp://10.0.0.5:2376 or ssh://user@host."),
    )
    tls_ca = models.TextField(
        _("CA certificate"), blank=True, help_text=_("PEM. Empty: the system's own authorities.")
    )
    tls_cert = models.TextField(_("client certificate"), blank=True, help_text=_("PEM."))
    tls_key = EncryptedTextField(_("client key"), blank=True, help_text=_("PEM. Stored encrypted."))
    enabled = models.BooleanField(
        default=True, help_text=_("Runs leave out a host that is not enabled.")
    )
    queue = models.SlugField(
        max_length=50,
        blank=True,
        help_text=_("The cluster that serves this host; empty for the default one."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    scanned_at = models.DateTimeField(_("last whole scan"), null=True, blank=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    engine_version = models.CharField(max_length=50, blank=True, editable=False)
    api_version = models.CharField(_("API version"), max_length=20, blank=True, editable=False)
    engine_info = models.JSONField(default=dict, blank=True, editable=False)
    info_read_at = models.DateTimeField(null=True, blank=True, editable=False)
    latency_ms = models.PositiveIntegerField(_("latency in ms"), null=True, editable=False)
    mirrors = models.JSONField(default=list, blank=True, editable=False)

    objects = HostQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("host", args=[self.pk])

    def clean(self) -> None:
        if bool(self.tls_cert) != bool(self.tls_key):
            raise ValidationError(_("A client certificate and its key belong together: give both."))
        if self.tls_ca and not _loads(TLSMaterial(ca=self.tls_ca)):
            raise ValidationError({"tls_ca": _("This is no CA certificate in PEM form.")})
        if self.tls_cert and not _loads(TLSMaterial(cert=self.tls_cert, key=self.tls_key)):
            raise ValidationError(
                {
                    "tls_cert": _(
                        "This certificate and its key cannot be used: one of them is no "
                        "PEM, the key has a password, or they do not belong together."
                    )
                }
            )

    def endpoint(self) -> Endpoint:
        """Where its engine is, as the engine's client takes it."""
        tls = None
        if self.tls_ca or self.tls_cert:
            tls = TLSMaterial(ca=self.tls_ca, cert=self.tls_cert, key=self.tls_key)
        return Endpoint(url=self.url, tls=tls)

    def known_engine(self) -> EngineInfo | None:
        """What its engine said of itself in the last hour; None when it has to be asked."""
        if self.info_read_at is None or timezone.now() - self.info_read_at > INFO_IS_NEW:
            return None
        if self.engine_info.get("address") != self.url:
            return None  # It was another engine.
        return EngineInfo.from_dict(self.engine_info)

    def mark_seen(
        self,
        info: EngineInfo,
        mirrors: Collection[str] | None = None,
        latency_s: float | None = None,
    ) -> None:
        """Remember that it answered, and what it is; `mirrors` None: it was not asked anew."""
        facts: dict[str, Any] = {
            "last_seen_at": timezone.now(),
            "last_error": "",
            "engine_version": info.version,
            "api_version": info.api_version,
        }
        if latency_s is not None:
            facts["latency_ms"] = round(1000 * latency_s)
        if mirrors is not None:
            self.mirrors = list(mirrors)
            facts |= {
                "engine_info": info.to_dict() | {"address": self.url},
                "info_read_at": timezone.now(),
                "mirrors": self.mirrors,
            }
        Host.objects.filter(pk=self.pk).update(**facts)

    def mark_failed(self, error: str) -> None:
        """Remember why it did not answer; when it last did stays."""
        Host.objects.filter(pk=self.pk).update(last_error=error)
