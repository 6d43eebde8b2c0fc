"""What keeps a container on the image it has: an image blocked for it, or a hold until further
notice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from updates.models.host import Host


class HoldQuerySet(models.QuerySet["Hold"]):
    def of(self, host_id: int, container: str) -> HoldQuerySet:
        return self.filter(host=host_id, container=container)

    def for_all(self) -> HoldQuerySet:
        """Those that hold back whatever the registry has."""
        return self.filter(digest="")


class Hold(models.Model):
    """`container` is a name: it counts again when the name comes back.

    `digest` "": held whatever the registry has. Else this image alone is blocked, by its digest
    (its id, where nobody knows a digest) or by its id on the host. `reason` is a sentence.
    """

    host = models.ForeignKey(Host, models.CASCADE, related_name="holds")
    container = models.CharField(max_length=255)
    digest = models.CharField(max_length=150, blank=True)
    image_id = models.CharField(max_length=150, blank=True)
    version = models.CharField(max_length=255, blank=True)
    reason = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ("host__name", "container", "digest")
        constraints = [
            models.UniqueConstraint(
                fields=["host", "container", "digest"], name="one_hold_per_image"
            )
        ]

    def __str__(self) -> str:
        what = f"Block of {self.digest}" if self.digest else "Hold"
        return f"{what} for {self.host}/{self.container}"

    def get_absolute_url(self) -> str:
        return reverse("container", args=[self.host_id, self.container])
