"""A registry's bearer token, kept so that no process has to ask for it again."""

from django.db import models
from django.utils import timezone

from updates.models.encrypted import EncryptedTextField
from updates.models.single_flight import FilledOnce


class RegistryToken(FilledOnce):
    """One token per (registry, realm, service, scope, credential); its value is never shown."""

    registry = models.CharField(max_length=255)
    realm = models.CharField(max_length=500)
    service = models.CharField(max_length=255, blank=True)
    scope = models.CharField(max_length=500, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    value = EncryptedTextField(blank=True, editable=False)
    fetched_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)
    hits = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("registry", "scope")
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
