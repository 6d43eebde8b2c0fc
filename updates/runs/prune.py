"""Rows that are of no use any more are taken away, once a minute."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from updates.models import (
    AuditEntry,
    IdempotencyKey,
    ImageConfig,
    ImagePlatforms,
    RegistryToken,
    RemoteDigest,
    ScheduleTick,
    WebhookDelivery,
)

# Long enough for an image that is looked at once a month.
KEPT = timedelta(days=60)


def prune() -> None:
    """Delete expired tokens, old ticks, keys of requests, and answers about images that nobody
    asked for lately."""
    now = timezone.now()
    RegistryToken.objects.prune(now)
    IdempotencyKey.objects.prune(now)
    unused = Q(checked_at__lt=now - KEPT) | Q(checked_at=None)  # None: its asker died.
    RemoteDigest.objects.filter(unused, RemoteDigest.free()).delete()
    in_use = RemoteDigest.objects.values("digest")
    ImagePlatforms.objects.filter(read_at__lt=now - KEPT).exclude(digest__in=in_use).delete()
    ImageConfig.objects.filter(read_at__lt=now - KEPT).delete()  # It can be read again.
    WebhookDelivery.objects.prune(now, KEPT)
    AuditEntry.objects.prune(now, timedelta(days=settings.WATCHWEB_AUDIT_DAYS))
    ScheduleTick.objects.filter(happened_at__lt=now - KEPT, last_of=None).delete()
