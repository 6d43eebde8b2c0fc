"""What registries last answered, shared by all hosts, and which pulls turned out to be no news."""

from django.db import models

from updates.models.single_flight import FilledOnce


class RemoteDigest(FilledOnce):
    """The last answer about one reference: its digest, or why there was none."""

    reference = models.CharField(max_length=500, unique=True)
    digest = models.CharField(max_length=150, blank=True)
    error = models.TextField(blank=True)
    is_missing = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField("last good answer", null=True, blank=True)

    class Meta:
        ordering = ("reference",)

    def __str__(self) -> str:
        return self.reference


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
