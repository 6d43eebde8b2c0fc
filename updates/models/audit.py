"""Who did what, when, and from where: written once, never changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone


class Deed(models.TextChoices):
    """What was done."""

    ADDED = "added", "Added"
    CHANGED = "changed", "Changed"
    DELETED = "deleted", "Deleted"
    REVEALED = "revealed", "Secret shown"
    REVOKED = "revoked", "Revoked"
    SETTINGS = "settings", "Settings changed"
    STARTED = "started", "Run started"
    CANCELLED = "cancelled", "Run cancelled"
    ROLLED_BACK = "rolled_back", "Roll-back started"
    HELD = "held", "Held"
    SKIPPED = "skipped", "Image skipped"
    RELEASED = "released", "Released"
    PAUSED = "paused", "Schedules paused"
    RESUMED = "resumed", "Schedules resumed"
    FLUSHED = "flushed", "Tokens flushed"
    SIGNED_IN = "signed_in", "Signed in"
    REFUSED = "refused", "Sign-in failed"
    SIGNED_OUT = "signed_out", "Signed out"


class Origin(models.TextChoices):
    """Where somebody acts from."""

    PAGE = "page", "Page"
    API = "api", "API"
    COMMAND = "command", "Command"
    ADMIN = "admin", "Admin"


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def since(self, moment: datetime) -> AuditQuerySet:
        """From then on; found by the first of them, so that an index answers."""
        first = self.model.objects.filter(at__gte=moment).order_by("at").values("pk")[:1]
        return self.filter(pk__gte=models.Subquery(first), at__gte=moment)

    def prune(self, now: datetime, kept: timedelta) -> None:
        """Delete what is older than is kept: the one way in which rows go."""
        self.filter(at__lt=now - kept).delete()


class AuditEntry(models.Model):
    """One deed. Names are kept as they were: no row follows what was renamed or deleted since.

    `changes`: [what, old, new] each, "" for what was not there; a secret is never among them.
    `link`: a page about it that stays, "" for none.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    username = models.CharField("who", max_length=150, blank=True)
    origin = models.CharField("from", max_length=10, choices=Origin.choices)
    token = models.CharField("API token", max_length=100, blank=True)
    address = models.CharField(max_length=45, blank=True)
    deed = models.CharField(max_length=12, choices=Deed.choices)
    subject = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=list, blank=True)
    link = models.CharField(max_length=200, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = "audit entry"
        verbose_name_plural = "audit trail"
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["username", "id"], name="audit_by_person"),
            models.Index(fields=["deed", "id"], name="audit_by_deed"),
        ]

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.get_deed_display(), self.subject)))

    def save(self, *args: Any, **how: Any) -> None:
        """Raises TypeError for a row that is there already."""
        if not self._state.adding:
            raise TypeError("The audit trail is not changed.")
        super().save(*args, **how)
