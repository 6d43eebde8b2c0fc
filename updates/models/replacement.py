"""The journal: one row per container being recreated, written before each effect and after it."""

from django.db import models

from updates.flow.session import Step
from updates.models.encrypted import EncryptedJSONField


class Replacement(models.Model):
    """What was there, what is being done, how far it got. Open while `closed_at` is empty.

    `volumes`: anonymous volumes by their place; `networks`: what the old container had in each, of
    its addresses and aliases. `failure`: why the new container has not proved itself; "" for
    any other end. A container's environment holds passwords: what has it is encrypted.
    """

    host_run = models.ForeignKey("HostRun", models.CASCADE, related_name="replacements")
    name = models.CharField(max_length=255)
    old_id = models.CharField(max_length=64)
    new_id = models.CharField(max_length=64, blank=True)
    step = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Step])
    is_done = models.BooleanField("step done", default=False)
    facts = models.JSONField(default=dict, blank=True)
    old_image_id = models.CharField(max_length=150, blank=True)
    new_image_id = models.CharField(max_length=150, blank=True)
    restart_policy = models.CharField(max_length=30, blank=True)
    volumes = models.JSONField("anonymous volumes", default=dict, blank=True)
    networks = models.JSONField(default=dict, blank=True)
    snapshot = EncryptedJSONField("inspect of the old container", default=dict, editable=False)
    body = EncryptedJSONField("body of the create", default=dict, editable=False)
    outcome = models.CharField(max_length=20, blank=True)
    failure = models.TextField("why the new one failed", blank=True, default="", db_default="")
    log = models.TextField("its last lines", blank=True, default="", db_default="")
    has_blocked = models.BooleanField("its image was blocked", default=False, db_default=False)
    opened_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at",)
        indexes = [
            models.Index(
                fields=["host_run"], condition=models.Q(closed_at=None), name="open_replacements"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.step})"
