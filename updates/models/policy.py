"""What people set: for everything, for a host, for a container. Unset values are inherited."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from updates.flow.policy import Policies, checked
from updates.flow.setting import Level
from updates.flow.values import BadValue
from updates.models.host import Host


class PolicyQuerySet(models.QuerySet["Policy"]):
    def set_for(self, host: Host | None = None, container: str = "") -> Policy:
        """The row of this level, or a new one that is not saved yet."""
        found = self.filter(host=host, container=container).first()
        return found or Policy(host=host, container=container)

    def of_host(self, host: Host) -> Policies:
        """All that is set for a host and its containers, in one query; no environment."""
        everywhere: dict[str, Any] = {}
        own: dict[str, Any] = {}
        containers: dict[str, dict[str, Any]] = {}
        for row in self.filter(models.Q(host=None) | models.Q(host=host)):
            if row.host_id is None:
                everywhere = row.values
            elif row.container:
                containers[row.container] = row.values
            else:
                own = row.values
        return Policies(everywhere=everywhere, host=own, containers=containers)


class Policy(models.Model):
    """The settings of one level. `container` is a name: it counts again when the name comes back.

    `values`: settings by name, those of updates.flow.settings; validated whenever it is saved.
    """

    host = models.ForeignKey(Host, models.CASCADE, null=True, blank=True, related_name="policies")
    container = models.CharField(max_length=255, blank=True)
    values = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ("host__name", "container")
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["host", "container"], name="one_policy_per_container"),
            models.UniqueConstraint(
                fields=["container"],
                condition=models.Q(host=None),
                name="one_policy_for_everything",
            ),
            models.CheckConstraint(
                condition=models.Q(host__isnull=False) | models.Q(container=""),
                name="a_container_policy_has_a_host",
            ),
        ]

    def __str__(self) -> str:
        if self.host is None:
            return "Settings for everything"
        place = f"{self.host}/{self.container}" if self.container else str(self.host)
        return f"Settings for {place}"

    def save(self, **how: Any) -> None:
        """Raises ValidationError for a value that is unknown, wrong or not for this level."""
        self.values = self._checked()
        super().save(**how)

    def get_absolute_url(self) -> str:
        if self.host_id is None:
            return reverse("settings")
        if not self.container:
            return reverse("host-settings", args=[self.host_id])
        return reverse("container-settings", args=[self.host_id, self.container])

    def clean(self) -> None:
        self.values = self._checked()

    @property
    def heading(self) -> str:
        """The same for a page, in the language of who looks at it."""
        if self.host is None:
            return _("Settings for everything")
        place = f"{self.host}/{self.container}" if self.container else str(self.host)
        return _("Settings for %(place)s") % {"place": place}

    @property
    def level(self) -> Level:
        """Which of the levels its values are of."""
        if self.host_id is None:
            return Level.GLOBAL
        return Level.CONTAINER if self.container else Level.HOST

    def _checked(self) -> dict[str, Any]:
        try:
            return checked(self.values, self.level)
        except BadValue as error:
            raise ValidationError({"values": str(error)}) from error
