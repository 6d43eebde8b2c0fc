"""What comes next by itself, and what should have come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.models import Schedule, SchedulePause, ScheduleTick
from updates.views.overview.concern import Act, Concern

_IS_MISSED = timedelta(minutes=2)  # The clock looks twice a second; a restart takes a while.


@dataclass(frozen=True, slots=True)
class Plans:
    """The schedules that are on, the next first. `may_see` False: not for this person."""

    rows: list[Any]
    may_see: bool = True

    @property
    def is_paused(self) -> bool:
        return any(row.is_paused for row in self.rows)

    @property
    def coming(self) -> list[Any]:
        return [row for row in self.rows if row.next_at is not None]


def read_plans(request: HttpRequest) -> Plans:
    """One statement; none for those who may not see schedules."""
    if not request.user.has_perm("updates.view_schedule"):
        return Plans([], may_see=False)
    rows = Schedule.objects.enabled().select_related("last_tick")
    return Plans(list(rows.annotate(is_paused=SchedulePause.is_on()).order_by("next_at", "pk")))


def plan_concerns(plans: Plans) -> Iterator[Concern]:
    address = reverse("schedules")
    if plans.is_paused:
        resume = Act(_("Resume"), reverse("schedules-pause"), "change_schedule", (("resume", "1"),))
        sentence = _("Nothing is scanned or updated by itself until they are resumed.")
        yield Concern(_("paused"), "news", _("Every schedule"), sentence, address, resume)
        return
    for row in plans.rows:
        yield from _of(row)


def _of(row: Schedule) -> Iterator[Concern]:
    look = Act(_("Look"), row.get_absolute_url(), "view_schedule")
    tick = row.last_tick
    if row.next_at is not None and row.next_at < timezone.now() - _IS_MISSED:
        due = f"{timezone.localtime(row.next_at):%Y-%m-%d %H:%M}"
        sentence = _("It was due on %(due)s, and no worker took it. Is “watchweb up” running?")
        sentence %= {"due": due}
        yield Concern(_("missed"), "bad", row.name, sentence, look.address, look)
    elif tick is not None and tick.outcome == ScheduleTick.Outcome.FAILED:
        yield Concern(_("failed"), "bad", row.name, tick.reason, look.address, look)
    elif tick is not None and tick.outcome == ScheduleTick.Outcome.SKIPPED:
        yield Concern(_("skipped"), "busy", row.name, tick.reason, look.address, look)
