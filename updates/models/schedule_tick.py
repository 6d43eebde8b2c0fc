"""What became of a schedule's tick."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from updates.flow.session import Kind
from updates.models.run import UpdateRun
from updates.models.schedule import Schedule


class ScheduleTick(models.Model):
    """One tick, carried out once: the run that it started, or why it started none.

    `kind` may be a scan though the schedule is for updates: its window was closed. `reason` is a
    sentence, "" when there is nothing to say.
    """

    class Outcome(models.TextChoices):
        STARTED = "started", _("Started")
        SKIPPED = "skipped", _("Skipped")
        FAILED = "failed", _("Failed")

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="ticks")
    due_at = models.DateTimeField()
    happened_at = models.DateTimeField(default=timezone.now, db_index=True)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField(blank=True)
    run = models.ForeignKey(
        UpdateRun, models.SET_NULL, null=True, blank=True, related_name="schedule_ticks"
    )

    class Meta:
        ordering = ("-due_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="a_tick_once"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} at {self.due_at:%Y-%m-%d %H:%M:%S}"
