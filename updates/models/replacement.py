"""The journal: one row per container being recreated, written before each effect and after it."""

from django.db import models

from updates.flow.session import Step


class Replacement(models.Model):
    """What was there, what is being done, how far it got. Open while `closed_at` is empty."""

    host_run = models.ForeignKey("HostRun", models.CASCADE, related_name="replacements")
    name = models.CharField(max_length=255)
    old_id = models.CharField(max_length=64)
    new_id = models.CharField(max_length=64, blank=True)
    step = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Step])
    is_done = models.BooleanField("step done", default=False)
    facts = models.JSONField(default=dict, blank=True)
    snapshot = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
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
