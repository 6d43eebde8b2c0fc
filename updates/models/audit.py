"""Who did what, when, and from where: written once, never changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    """What was done."""

    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    DELETED = "deleted", _("Deleted")
    REVEALED = "revealed", _("Secret shown")
    REVOKED = "revoked", _("Revoked")
    SETTINGS = "settings", _("Settings changed")
    STARTED = "started", _("Run started")
    CANCELLED = "cancelled", _("Run cancelled")
    ROLLED_BACK = "rolled_back", _("Roll-back started")
    HELD = "held", _("Held")
    SKIPPED = "skipped", _("Image skipped")
    RELEASED = "released", _("Released")
    PAUSED = "paused", _("Schedules paused")
    RESUMED = "resumed", _("Schedules resumed")
    FLUSHED = "flushed", _("Tokens flushed")
    SIGNED_IN = "signed_in", _("Signed in")
    REFUSED = "refused", _("Sign-in failed")
    SIGNED_OUT = "signed_out", _("Signed out")


class Origin(models.TextChoices):
    """Where somebody acts from."""

    PAGE = "page", _("Page")
    API = "api", "API"
    COMMAND = "command", _("Command")
    ADMIN = "admin", _("Admin")


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
