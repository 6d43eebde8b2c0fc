"""The inventory: containers as their host last listed them, so that no page waits for an engine."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from updates.flow.session import CheckStatus
from updates.models.hold import Hold
from updates.models.host import Host


class ContainerQuerySet(models.QuerySet["Container"]):
    def with_update(self) -> "ContainerQuerySet":
        return self.filter(status=CheckStatus.UPDATE_AVAILABLE)

    def with_holds(self) -> "ContainerQuerySet":
        """Each with `is_held`, and `is_blocked`: what its registry has now is blocked for it."""
        own = Hold.objects.filter(host=OuterRef("host"), container=OuterRef("name"))
        blocked = own.exclude(digest="").filter(digest=OuterRef("remote_digest"))
        return self.annotate(is_held=Exists(own.for_all()), is_blocked=Exists(blocked))


class Container(models.Model):
    """One container of one host. It is the same row when it is recreated under its name."""

    class Status(models.TextChoices):
        UP_TO_DATE = CheckStatus.UP_TO_DATE.value, _("Up to date")
        UPDATE_AVAILABLE = CheckStatus.UPDATE_AVAILABLE.value, _("Update available")
        UNKNOWN = CheckStatus.UNKNOWN.value, _("Not checked")
        LOCAL = CheckStatus.LOCAL.value, _("Local image")
        PINNED = CheckStatus.PINNED.value, _("Pinned")
        EXCLUDED = CheckStatus.EXCLUDED.value, _("Excluded")

    host = models.ForeignKey(Host, models.CASCADE, related_name="containers")
    name = models.CharField(max_length=255)
    container_id = models.CharField("id", max_length=64)
    image = models.CharField(max_length=500)
    image_id = models.CharField(max_length=150)
    stack = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=20)
    health = models.CharField(max_length=20, blank=True)
    labels = models.JSONField(default=dict, blank=True)
    network_mode = models.CharField(max_length=255, blank=True)
    ties = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="What binds it to others (flow.ties), of this container id; null: not asked yet.",
    )
    created_at = models.DateTimeField("created", null=True, blank=True)
    status = models.CharField(
        max_length=20, choices=Status.choices, default=Status.UNKNOWN, db_index=True
    )
    status_reason = models.TextField(blank=True)
    local_digest = models.CharField(max_length=150, blank=True)
    remote_digest = models.CharField(max_length=150, blank=True)
    version = models.CharField(
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text="What its image says of itself.",
    )
    available_version = models.CharField(
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text="Of the image its registry has, as far as that is known without a pull.",
    )
    monitor_only = models.BooleanField(
        default=False, db_default=False, help_text="By its label or what is set for it."
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField("last good answer", null=True, blank=True)
    updated_at = models.DateTimeField("last update", null=True, blank=True)
    held_until = models.DateTimeField("cooldown ends", null=True, blank=True)

    objects = ContainerQuerySet.as_manager()

    class Meta:
        ordering = ("host__name", "name")
        constraints = [
            models.UniqueConstraint(fields=["host", "name"], name="one_name_per_host"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("container", args=[self.host_id, self.name])

    def get_settings_url(self) -> str:
        return reverse("container-settings", args=[self.host_id, self.name])

    @property
    def has_update(self) -> bool:
        return self.status == self.Status.UPDATE_AVAILABLE
