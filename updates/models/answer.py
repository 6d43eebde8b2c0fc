"""What registries last answered, shared by all hosts, and which pulls turned out to be no news."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from updates.models.single_flight import FilledOnce


class RemoteDigestQuerySet(models.QuerySet["RemoteDigest"]):
    def of_registry(self, domain: str) -> RemoteDigestQuerySet:
        """The answers about images of this registry, by whatever way they came."""
        return self.filter(reference__startswith=f"{domain}/")


class RemoteDigest(FilledOnce):
    """The last answer about one reference: its digest, or why there was none.

    `via` is the mirror that was asked first, as its engine names it; empty for the registry
    itself. `digest` and what follows it are of the last good answer, whatever came later.
    """

    reference = models.CharField(max_length=500)
    via = models.CharField(_("mirror"), max_length=255, blank=True)
    digest = models.CharField(max_length=150, blank=True)
    media_type = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    etag = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)
    error_kind = models.CharField(max_length=40, blank=True)
    is_missing = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(_("last good answer"), null=True, blank=True)
    due_at = models.DateTimeField(_("next check from"), null=True, blank=True)

    objects = RemoteDigestQuerySet.as_manager()

    class Meta:
        ordering = ("reference", "via")
        constraints = [
            models.UniqueConstraint(fields=["reference", "via"], name="one_answer_per_reference"),
        ]

    def __str__(self) -> str:
        return self.reference


class ImagePlatforms(models.Model):
    """The platforms of the image that a digest names, which never change."""

    digest = models.CharField(max_length=150, unique=True)
    platforms = models.JSONField(default=list)
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "image platforms"

    def __str__(self) -> str:
        return f"{self.digest[7:19]}: {', '.join(self.platforms)}"


class SettledImage(models.Model):
    """Pulling `digest` gave `image_id`: a container on that image is up to date with that digest.

    Some registries' digests change while the image stays the same; without this row it would be
    pulled again in each run.
    """

    digest = models.CharField(max_length=150)
    image_id = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "image_id"], name="settled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.digest[7:19]} is {self.image_id[7:19]}"


class SeenDigest(models.Model):
    """When a digest was first seen in this fleet: its cooldown begins there."""

    digest = models.CharField(max_length=150, unique=True)
    first_seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.digest
