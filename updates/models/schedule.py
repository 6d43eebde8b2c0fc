"""What is done by itself, when, and for whom."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, time
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from updates.flow.session import Kind
from updates.models.host import Host
from updates.models.run import KINDS
from updates.models.schedule_pause import SchedulePause
from updates.timetable.course import Course
from updates.timetable.errors import BadTimetable
from updates.timetable.interval import Interval
from updates.timetable.when import MAX_LENGTH, parse, zone_of
from updates.timetable.window import Window
from updates.timetable.words import listed

_NOT_FOR_SCANS = _(
    "A scan changes nothing, so it needs no window: leave it empty, or plan an update."
)
_BOTH = _("A window has a beginning and an end: give both.")


def default_zone() -> str:
    """The installation's own (TZ)."""
    return settings.TIME_ZONE


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def enabled(self) -> ScheduleQuerySet:
        return self.filter(enabled=True)

    def due(self, now: datetime) -> ScheduleQuerySet:
        """What has to be done now; updates first: a scan may not keep one from its host."""
        rows = self.enabled().filter(~SchedulePause.is_on(), next_at__lte=now)
        return rows.order_by("-kind", "next_at", "pk")

    def claim(self, pk: int, due: datetime, **facts: Any) -> bool:
        """Take the tick that is due; False if another cluster has it, or it is not due any more.

        `facts` are what the row holds from then on, its next tick among them.
        """
        rows = self.enabled().filter(~SchedulePause.is_on(), pk=pk, next_at=due)
        return rows.update(**facts) == 1

    def bring_forward(self, now: datetime) -> int:
        """Let those that run at start be due now; how many they are."""
        return self.enabled().filter(update_on_start=True).update(next_at=now)

    def pause(self, user: User | None = None) -> None:
        """Let none of all schedules tick; pausing twice is harmless."""
        SchedulePause.objects.get_or_create(pk=1, defaults={"user": user})

    def resume(self, now: datetime) -> None:
        """Let them tick again. What fell due while they were paused is over."""
        with transaction.atomic():
            for row in self.enabled().filter(next_at__lte=now):
                with suppress(BadTimetable):  # Its next tick tells what is wrong.
                    row.plan(now)
                self.filter(pk=row.pk).update(next_at=row.next_at)
            SchedulePause.objects.all().delete()


class Schedule(models.Model):
    """Scans or updates by themselves. Without hosts: of all that are enabled."""

    name = models.CharField(max_length=100, unique=True, help_text=_("What it is called here."))
    enabled = models.BooleanField(default=True)
    kind = models.CharField(
        max_length=10,
        choices=KINDS,
        default=Kind.UPDATE.value,
        help_text=_("A scan looks for new images and changes nothing."),
    )
    when = models.CharField(
        max_length=MAX_LENGTH,
        help_text=_(
            "An interval like 6h or 1d12h; or cron: five fields, six with the seconds first, "
            "or @hourly, @daily, @weekly, @monthly."
        ),
    )
    zone = models.CharField(
        _("time zone"), max_length=64, default=default_zone, help_text=_("E.g. Europe/Berlin.")
    )
    hosts = models.ManyToManyField(
        Host, blank=True, related_name="schedules", help_text=_("None chosen: every enabled host.")
    )
    names = models.TextField(
        _("containers"),
        blank=True,
        max_length=4000,
        help_text=_(
            "Names with * and ?, separated by spaces; nas/web is web on the host nas alone. "
            "Empty: all."
        ),
    )
    stack = models.CharField(
        max_length=255,
        blank=True,
        help_text=_("The containers of this compose project, as the last scan listed them."),
    )
    window_days = models.JSONField(_("days of the window"), default=list, blank=True)
    window_begins = models.TimeField(_("window begins"), null=True, blank=True)
    window_ends = models.TimeField(
        _("window ends"),
        null=True,
        blank=True,
        help_text=_(
            "Earlier than it begins: on the next day. Outside of the window it only looks, "
            "and updates when the window opens."
        ),
    )
    update_on_start = models.BooleanField(
        _("also at start"), default=False, help_text=_("Whenever Watchweb is started.")
    )
    next_at = models.DateTimeField("next tick", null=True, editable=False, db_index=True)
    is_owed = models.BooleanField(default=False, editable=False)
    last_tick = models.ForeignKey(
        "ScheduleTick", models.SET_NULL, null=True, editable=False, related_name="last_of"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=Kind.UPDATE.value) | models.Q(is_owed=False),
                name="a_scan_owes_no_update",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("schedule-change", args=[self.pk])

    def clean(self) -> None:
        errors: dict[str, str] = {}
        try:
            zone = zone_of(self.zone)
        except BadTimetable as error:
            errors["zone"] = str(error)
            zone = ZoneInfo("UTC")
        try:
            parse(self.when, zone)
        except BadTimetable as error:
            errors["when"] = str(error)
        errors |= self._faults_of_window(zone)
        if errors:
            raise ValidationError(errors)

    def course(self) -> Course:
        """When it ticks, and when it may change things. Raises BadTimetable."""
        zone = zone_of(self.zone)
        return Course(parse(self.when, zone), self._window(zone))

    def plan(self, now: datetime) -> None:
        """Set the next tick as if there had been none before; nothing is saved."""
        self.next_at = None
        if self.enabled:
            self.next_at = self.course().after(None, now, is_owed=self.is_owed)

    def upcoming(self, count: int = 5) -> list[tuple[datetime, bool]]:
        """The next ticks in its own time zone, each with whether changes may be made then.

        Raises BadTimetable.
        """
        ticks = islice(self.course().upcoming(self.next_at, timezone.now()), count)
        zone = zone_of(self.zone)
        return [(tick.astimezone(zone), is_open) for tick, is_open in ticks]

    @property
    def patterns(self) -> tuple[str, ...]:
        """The containers that it names."""
        return tuple(self.names.replace(",", " ").split())

    @property
    def has_window(self) -> bool:
        return bool(self.window_days) or self.window_begins is not None

    @property
    def words(self) -> str:
        """When, in plain words: "every day at 04:00 (Europe/Berlin)"."""
        try:
            course = self.course()
        except BadTimetable as error:
            return str(error)
        timed = course.timetable.words
        if course.window is not None:
            parts = {"times": timed, "window": course.window.words}
            timed = gettext("%(times)s; changes are made %(window)s") % parts
        is_timeless = course.window is None and isinstance(course.timetable, Interval)
        return timed if is_timeless else f"{timed} ({self.zone})"

    def targets(self) -> str:
        """For whom, in plain words: "web-* and the stack shop on nas"."""
        parts = [*self.patterns]
        if self.stack:
            parts.append(gettext("the stack %(stack)s") % {"stack": self.stack})
        hosts = listed([host.name for host in self.hosts.all()])
        return gettext("%(containers)s on %(hosts)s") % {
            "containers": listed(parts) or gettext("every container"),
            "hosts": hosts or gettext("every host"),
        }

    def _window(self, zone: ZoneInfo) -> Window | None:
        if not self.has_window:
            return None
        begins, ends = self.window_begins or time(), self.window_ends or time()
        return Window.of(self.window_days, begins, ends, zone)

    def _faults_of_window(self, zone: ZoneInfo) -> dict[str, str]:
        if (self.window_begins is None) != (self.window_ends is None):
            missing = "window_begins" if self.window_begins is None else "window_ends"
            return {missing: str(_BOTH)}
        if self.has_window and self.kind == Kind.SCAN:
            return {"window_begins": str(_NOT_FOR_SCANS)}
        try:
            self._window(zone)
        except BadTimetable as error:
            return {"window_ends": str(error)}
        return {}
