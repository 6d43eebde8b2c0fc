"""News on its way: what a channel was told, what waits for it, and what became of each message."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from updates.models.channel import Channel, Event
from updates.models.host import Host
from updates.models.run import UpdateRun

# One try at once, and one after each of these.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
# A worker that dies while it sends leaves the delivery to the next after this.
SENDS_WITHIN = timedelta(minutes=10)


class Told(models.Model):
    """The last state of a subject that a channel knows, so that a change is told once.

    `subject`: "container nas/web", "host nas", "registry ghcr.io". `topic`: what of it.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="told")
    host = models.ForeignKey(Host, models.CASCADE, null=True)
    subject = models.CharField(max_length=400)
    topic = models.CharField(max_length=10)
    value = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "subject", "topic"], name="one_memory_per_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.subject}, {self.topic}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> DeliveryQuerySet:
        return self.filter(state=Delivery.State.QUEUED, next_try_at__lte=now)

    def claim(self, pk: int, now: datetime) -> bool:
        """Take a delivery that is due for one try; False if another worker has it."""
        return (
            self.due(now)
            .filter(pk=pk)
            .update(attempts=models.F("attempts") + 1, next_try_at=now + SENDS_WITHIN)
            == 1
        )

    def close(self, pk: int, state: str, *, error: str = "") -> bool:
        """End a queued delivery; False if it has ended."""
        rows = self.filter(pk=pk, state=Delivery.State.QUEUED)
        now = timezone.now()
        return rows.update(state=state, error=error, next_try_at=None, ended_at=now) == 1

    def try_later(self, pk: int, at: datetime, error: str) -> bool:
        rows = self.filter(pk=pk, state=Delivery.State.QUEUED)
        return rows.update(next_try_at=at, error=error) == 1


class Delivery(models.Model):
    """One message to one channel. Its text and its error hold no secret."""

    class Kind(models.TextChoices):
        NEWS = "news", _("News")
        DIGEST = "digest", _("Digest")
        TEST = "test", _("Test")

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        EMPTY = "empty", _("Nothing to send")

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="deliveries")
    run = models.ForeignKey(UpdateRun, models.SET_NULL, null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NEWS)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    severity = models.PositiveSmallIntegerField(default=1)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ("-created_at", "-pk")
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state="queued"),
                name="deliveries_to_send",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.channel}: {self.get_state_display()}"


class Notice(models.Model):
    """One piece of news for one channel. It waits for its delivery while that is empty.

    `facts`: a notifications.happening.Happening as JSON.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="notices")
    run = models.ForeignKey(UpdateRun, models.CASCADE)
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, related_name="notices")
    event = models.CharField(max_length=20, choices=Event.choices)
    facts = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        indexes = [
            models.Index(
                fields=["channel"], condition=models.Q(delivery=None), name="notices_that_wait"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}, for {self.channel}"
