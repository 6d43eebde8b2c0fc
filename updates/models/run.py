"""One trigger and all that came of it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from updates.flow.session import Kind, Params


class RunState(models.TextChoices):
    """Where a run or a host run is. Failed: a host's part could not be carried out at all.
    Cancelled: a person ended it; of a host run, before it was complete."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", pgettext_lazy("run", "Running")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")
    INTERRUPTED = "interrupted", _("Interrupted")
    CANCELLED = "cancelled", _("Cancelled")


KINDS = (
    (Kind.SCAN.value, pgettext_lazy("noun", "Scan")),
    (Kind.UPDATE.value, pgettext_lazy("noun", "Update")),
)
OPEN = (RunState.QUEUED, RunState.RUNNING)


def now_after(column: str) -> Greatest:
    """The present, to be written; the time in the column where the clock was set back since."""
    now = Value(timezone.now(), models.DateTimeField())
    return Greatest(now, Coalesce(models.F(column), now))


class UpdateRunQuerySet(models.QuerySet["UpdateRun"]):
    def open(self) -> UpdateRunQuerySet:
        return self.filter(state__in=OPEN)

    def start(self, pk: int) -> bool:
        """The first host run begins; False if another one began before."""
        rows = self.filter(pk=pk, state=RunState.QUEUED)
        return rows.update(state=RunState.RUNNING, started_at=timezone.now()) == 1

    def cancel(self, pk: int, by: User | None) -> bool:
        """Ask an open run to end; False if it is over, or was asked before."""
        rows = self.open().filter(pk=pk, cancelled_at=None)
        return rows.update(cancelled_at=timezone.now(), cancelled_by=by) == 1

    def finish(self, pk: int) -> bool:
        """Close the run; False while a host run is open, or if it is closed already.

        One that was cancelled ends so, whatever its parts came to.
        """
        from updates.models.host_run import HostRun

        parts = HostRun.objects.filter(run=pk)
        if parts.filter(state__in=OPEN).exists():
            return False
        states = set(parts.values_list("state", flat=True))
        state = RunState.FINISHED
        for worse in (RunState.FAILED, RunState.INTERRUPTED):
            state = worse if worse in states else state
        is_cancelled = models.When(cancelled_at__isnull=False, then=models.Value("cancelled"))
        ended = models.Case(is_cancelled, default=models.Value(state.value))
        return (
            self.open().filter(pk=pk).update(state=ended, finished_at=now_after("created_at")) == 1
        )


class UpdateRun(models.Model):
    """What was asked, by whom, when, and how it ended."""

    class Trigger(models.TextChoices):
        PAGE = "page", _("Page")
        COMMAND = "command", _("Command")
        API = "api", "API"
        SCHEDULE = "schedule", _("Schedule")
        WEBHOOK = "webhook", "Webhook"

    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    state = models.CharField(
        max_length=12, choices=RunState.choices, default=RunState.QUEUED, db_index=True
    )
    trigger = models.CharField(max_length=10, choices=Trigger.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    api_token = models.ForeignKey(
        "ApiToken", models.SET_NULL, null=True, blank=True, related_name="runs"
    )
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = UpdateRunQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        permissions = (("start_run", "Can start scans and updates"),)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at=None)
                | models.Q(finished_at__gte=models.F("created_at")),
                name="run_ends_after_it_began",
            )
        ]

    def __str__(self) -> str:
        if self.kind == Kind.SCAN:
            return gettext("Scan #%(number)s") % {"number": self.pk}
        return gettext("Update #%(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("run", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_ending(self) -> bool:
        """It was cancelled, and what is at hand is being finished."""
        return self.is_open and self.cancelled_at is not None

    @property
    def cancelled(self) -> str:
        """ "Cancelled by NAME", without its full stop; it is kept, so no page translates it."""
        name = self.cancelled_by.get_username() if self.cancelled_by else ""
        return f"Cancelled by {name}" if name else "Cancelled"

    @property
    def seconds(self) -> float | None:
        """From start to end, or until now while it runs; None before it starts."""
        if self.started_at is None:
            return None
        return max(0.0, ((self.finished_at or timezone.now()) - self.started_at).total_seconds())

    def parameters(self) -> Params:
        return Params.from_json(self.params)
