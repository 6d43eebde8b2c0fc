"""A registry's bearer token, kept so that no process has to ask for it again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from updates.models.encrypted import EncryptedTextField
from updates.models.single_flight import FilledOnce

# Long enough that the page still shows what just expired.
KEPT_AFTER_EXPIRY = timedelta(hours=1)


class RegistryTokenQuerySet(models.QuerySet["RegistryToken"]):
    def usable(self, now: datetime) -> RegistryTokenQuerySet:
        """Those that hold a token which has not expired."""
        return self.exclude(value="").filter(expires_at__gt=now)

    def prune(self, now: datetime) -> int:
        """Delete what expired an hour ago, and rows that never got a token; how many."""
        end = now - KEPT_AFTER_EXPIRY
        nobody_is_at_it = models.Q(filling_until=None) | models.Q(filling_until__lt=end)
        never = models.Q(expires_at=None, created_at__lt=end)
        count, _ = self.filter(nobody_is_at_it, models.Q(expires_at__lt=end) | never).delete()
        return count


class RegistryToken(FilledOnce):
    """One token per (registry, realm, service, scope, credential); its value is never shown."""

    registry = models.CharField(max_length=255)
    realm = models.CharField(max_length=500)
    service = models.CharField(max_length=255, blank=True)
    scope = models.CharField(max_length=500, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    value = EncryptedTextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    fetched_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)
    hits = models.PositiveIntegerField(default=0)

    objects = RegistryTokenQuerySet.as_manager()

    class Meta:
        ordering = ("registry", "scope")
        permissions = (("flush_tokens", "Can flush the token cache"),)
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "realm", "service", "scope", "fingerprint"],
                name="one_token_per_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.registry} {self.scope}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is None or self.expires_at <= timezone.now()
