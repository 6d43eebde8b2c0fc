"""Webhooks to deliver to, and deliveries that wait."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from updates.models import Webhook, WebhookDelivery
from updates.webhooks.senders import Kind

SECRET = "s3cret-of-the-webhook"
LATER = timedelta(seconds=2)


def webhook(kind: Kind = Kind.GENERIC, **facts: Any) -> Webhook:
    """One that only checks, but for `facts`."""
    name = f"hook-{Webhook.objects.count()}"
    return Webhook.objects.create(**{"name": name, "kind": kind, "secret": SECRET} | facts)


def waiting(hook: Webhook, *pushes: str, at: datetime | None = None) -> WebhookDelivery:
    return WebhookDelivery.objects.create(
        webhook=hook,
        pushes=list(pushes),
        received_at=at or timezone.now(),
        fingerprint=f"{WebhookDelivery.objects.count()}",
    )
