"""What registries said of the contents of images, which never change under their digest."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import models

from updates.registry.contents import ImageContents


class ImageConfigQuerySet(models.QuerySet["ImageConfig"]):
    def known(self, digests: Collection[str], platform: str) -> Mapping[str, ImageContents]:
        """By digest, what is known of these for a platform; one query."""
        rows = self.filter(digest__in=set(digests) - {""}, platform=platform)
        return {row.digest: ImageContents.from_json(row.contents) for row in rows}


class ImageConfig(models.Model):
    """One digest's image for one platform; `digest` may be an index's.

    `platform` is the one asked for, "" if none was. `contents`: ImageContents as JSON, without the
    secrets that somebody built into the image.
    """

    digest = models.CharField(max_length=150)
    platform = models.CharField(max_length=64, blank=True)
    contents = models.JSONField(default=dict)
    read_at = models.DateTimeField(auto_now_add=True)

    objects = ImageConfigQuerySet.as_manager()

    class Meta:
        ordering = ("digest", "platform")
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "platform"], name="one_config_per_digest_and_platform"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest[7:19]} for {self.platform or 'any platform'}"
