"""What a registry told, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from updates.models.run import UpdateRun
from updates.models.webhook import Webhook
from updates.webhooks.message import Push

# The same body again does nothing for so long; shorter if its sender marks no two apart.
REPLAYED_WITHIN = timedelta(minutes=10)
JOINED_WITHIN = timedelta(seconds=1)
# Older ones of a webhook go when it has more.
MOST_KEPT = 500


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def ready(self, now: datetime) -> WebhookDeliveryQuerySet:
        """Those that wait, if the first of them has waited long enough for others to join it."""
        waiting = self.filter(outcome=WebhookDelivery.Outcome.WAITING)
        if not waiting.filter(received_at__lte=now - JOINED_WITHIN).exists():
            return self.none()
        return waiting

    def repeat(self, webhook: Webhook, fingerprint: str, since: datetime) -> bool:
        """Count a body that came before, not longer ago; False if none did."""
        rows = self.filter(webhook=webhook, fingerprint=fingerprint, received_at__gt=since)
        return rows.update(repeats=F("repeats") + 1) > 0

    def fold(self, row: WebhookDelivery) -> bool:
        """Count one that was ignored with the last before it, if that was ignored for the same.

        A registry tells of every layer and every pull, and whoever reads wants the pushes.
        """
        last = self.filter(webhook=row.webhook_id).order_by("-pk").first()
        if last is None or row.outcome != WebhookDelivery.Outcome.IGNORED:
            return False
        if (last.outcome, last.event, last.reason) != (row.outcome, row.event, row.reason):
            return False
        same = self.filter(pk=last.pk)
        return same.update(repeats=F("repeats") + 1, received_at=row.received_at) == 1

    def prune(self, now: datetime, kept: timedelta) -> None:
        """Delete old ones, and those that are too many; not those that tell a replay."""
        self.filter(received_at__lt=now - kept).delete()
        for pk in Webhook.objects.values_list("pk", flat=True):
            mine = self.filter(webhook=pk).order_by("-pk")
            last = mine.values_list("pk", flat=True)[MOST_KEPT : MOST_KEPT + 1].first()
            if last is not None:
                mine.filter(pk__lte=last, received_at__lt=now - REPLAYED_WITHIN).delete()


class WebhookDelivery(models.Model):
    """One delivery that proved itself. Of its body no more is kept than the images it names."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        STARTED = "started", _("Started")
        UNMATCHED = "unmatched", _("Nothing runs it")
        IGNORED = "ignored", _("Ignored")
        MALFORMED = "malformed", _("Not understood")
        FAILED = "failed", _("Failed")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    received_at = models.DateTimeField(default=timezone.now)
    event = models.CharField(max_length=130, blank=True)
    pushes = models.JSONField("images", default=list, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, editable=False)
    repeats = models.PositiveIntegerField("came again", default=0)
    run = models.ForeignKey(
        UpdateRun, models.SET_NULL, null=True, blank=True, related_name="webhook_deliveries"
    )

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "webhook deliveries"
        ordering = ("-received_at", "-pk")
        indexes = [
            models.Index(fields=["webhook", "fingerprint"], name="webhook_repeats"),
            models.Index(
                fields=["received_at"],
                condition=models.Q(outcome="waiting"),
                name="webhook_deliveries_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.webhook}: {self.get_outcome_display()}"

    @property
    def images(self) -> Sequence[Push]:
        return [Push.of(one) for one in self.pushes]
