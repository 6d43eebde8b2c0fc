"""Rows that are of no use any more are taken away, once a minute."""

from datetime import timedelta

from django.utils import timezone

from updates.models import ImagePlatforms, RegistryToken, RemoteDigest

# Long enough for an image that is looked at once a month.
KEPT = timedelta(days=60)


def prune() -> None:
    """Delete expired tokens, and answers about images that nobody has asked for in two months."""
    now = timezone.now()
    RegistryToken.objects.prune(now)
    RemoteDigest.objects.filter(checked_at__lt=now - KEPT).delete()
    in_use = RemoteDigest.objects.values("digest")
    ImagePlatforms.objects.filter(read_at__lt=now - KEPT).exclude(digest__in=in_use).delete()
