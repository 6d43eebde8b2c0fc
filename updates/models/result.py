"""What became of each container in a run, and what happened on the way."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from updates.flow.session import State, Step
from updates.models.host_run import HostRun


class ResultQuerySet(models.QuerySet["ContainerResult"]):
    def eventful(self) -> "ResultQuerySet":
        """Those of containers that were acted on, or were to be."""
        states = ContainerResult.States
        return self.filter(
            state__in=(states.UPDATED, states.RESTARTED, states.ROLLED_BACK, states.FAILED)
        )


class ContainerResult(models.Model):
    """One container in one host run. `state` is empty while it is being worked on.

    `place`: where it comes in the plan of its host, from 1; 0 is in none. `wave`: 1 waits for
    nobody of the plan, 2 for one of wave 1, and so on. `waits_for`, `shares_with`: names, with
    commas.
    `gate_until`: its new container has proved itself by then, or has failed.
    """

    class States(models.TextChoices):
        FRESH = State.FRESH.value, _("Up to date")
        STALE = State.STALE.value, _("Update available")
        UPDATED = State.UPDATED.value, _("Updated")
        RESTARTED = State.RESTARTED.value, _("Restarted")
        ROLLED_BACK = State.ROLLED_BACK.value, _("Rolled back")
        FAILED = State.FAILED.value, _("Failed")
        SKIPPED = State.SKIPPED.value, _("Skipped")

    host_run = models.ForeignKey(HostRun, models.CASCADE, related_name="results")
    container_id = models.CharField(max_length=64)
    new_id = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=255)
    image = models.CharField(max_length=500)
    state = models.CharField(max_length=12, choices=States.choices, blank=True)
    step = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Step], blank=True)
    reason = models.TextField(blank=True)
    old_image_id = models.CharField(max_length=150, blank=True)
    new_image_id = models.CharField(max_length=150, blank=True)
    old_digest = models.CharField(max_length=150, blank=True)
    new_digest = models.CharField(max_length=150, blank=True)
    old_version = models.CharField(max_length=255, blank=True)
    new_version = models.CharField(max_length=255, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    place = models.PositiveIntegerField("place in the plan", default=0, db_default=0)
    wave = models.PositiveIntegerField(default=0, db_default=0)
    waits_for = models.TextField(blank=True, default="", db_default="")
    shares_with = models.TextField(blank=True, default="", db_default="")
    gate_until = models.DateTimeField(null=True, blank=True)
    pulled_bytes = models.BigIntegerField(default=0)
    total_bytes = models.BigIntegerField(default=0)
    pulled_layers = models.PositiveIntegerField(default=0, db_default=0)
    total_layers = models.PositiveIntegerField(default=0, db_default=0)
    seconds = models.FloatField(default=0)
    log = models.TextField(
        "last lines", blank=True, help_text="Of a new container that failed, without secrets."
    )

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ("host_run", "name")
        indexes = [
            # The newest failures among a million, and what is being worked on.
            models.Index(fields=["state", "id"], name="results_by_state"),
            models.Index(fields=["name", "state"], name="results_by_container"),
            # The runs in which something failed are found by this alone, among a million results.
            models.Index(fields=["state", "host_run"], name="results_by_state_and_run"),
            # Counting the states of a run with thousands of results reads this alone.
            models.Index(fields=["host_run", "state"], name="results_by_host_run"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["host_run", "container_id"], name="one_result_per_container"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_state_display() or self.step}"

    @property
    def pull_percent(self) -> int | None:
        """How much of the pull is done, 0 to 100; None while nothing is known."""
        if not self.total_bytes:
            return None
        return min(100, round(100 * self.pulled_bytes / self.total_bytes))


class RunEvent(models.Model):
    """One line of a run's story."""

    host_run = models.ForeignKey(HostRun, models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    container = models.CharField(max_length=255, blank=True)
    step = models.CharField(max_length=20, blank=True)
    message = models.TextField()

    class Meta:
        ordering = ("pk",)
        indexes = [
            # The story of one container, and the last line of a host run with thousands of them.
            models.Index(fields=["host_run", "container"], name="events_of_container"),
            models.Index(fields=["host_run", "id"], name="events_in_order"),
        ]

    def __str__(self) -> str:
        return self.message
