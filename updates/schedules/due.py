"""Carry out what is due, once: the claim of a tick, its run and its record are one transaction."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from updates.english import in_english
from updates.flow.session import Kind, Params
from updates.metrics.ended import count_tick
from updates.models import Container, Host, HostRun, Schedule, ScheduleTick, UpdateRun
from updates.runs.guard import guarded
from updates.timetable.course import Course
from updates.timetable.errors import BadTimetable
from updates.timetable.words import listed
from updates.triggers import trigger_run

logger = logging.getLogger(__name__)
Outcome = ScheduleTick.Outcome
NO_HOST = "None of its hosts is enabled."
CLOSED = "The window for changes is closed: it only looked."


@dataclass(frozen=True, slots=True)
class _Work:
    """What a tick is to do: a run of this kind on these hosts, () for none, and what to say."""

    kind: Kind
    hosts: Sequence[Host] = ()
    names: tuple[str, ...] = ()
    reason: str = ""


def trigger_due(now: datetime) -> int:
    """Carry out every tick that is due; how many were carried out here.

    A fault with one schedule is recorded as its tick, and keeps no other from its own.
    """
    rows = list(Schedule.objects.due(now))
    return sum(guarded(partial(_carry_out, row, now), partial(_give_up, row, now)) for row in rows)


def start_now(row: Schedule, now: datetime, user: User | None) -> ScheduleTick:
    """Do what a tick would do now, because a person says so; the next one comes as planned.

    Its window counts: outside of it an update only looks. Raises BadTimetable.
    """
    with transaction.atomic():
        work = _work_of(row, may_change=row.course().may_change(now))
        run = None
        if work.hosts:
            run = trigger_run(work.hosts, _params(work), source=UpdateRun.Trigger.PAGE, user=user)
        return _record(row, now, now, work, run)


def _carry_out(row: Schedule, now: datetime) -> bool:
    """False if another cluster was quicker."""
    try:
        course = row.course()
    except BadTimetable as error:
        return _give_up(row, now, str(error), is_plannable=False)
    with transaction.atomic():
        may_change = course.may_change(now)
        work = _work_of(row, may_change=may_change)
        if not _claim(row, course, now, is_owed=_is_owed(row, work, may_change=may_change)):
            return False
        run = _start(work) if work.hosts else None
        _record(row, row.next_at or now, now, work, run)
    return True


def _claim(row: Schedule, course: Course, now: datetime, *, is_owed: bool) -> bool:
    due = row.next_at or now
    next_at = course.after(due, now, is_owed=is_owed)
    return Schedule.objects.claim(row.pk, due, next_at=next_at, is_owed=is_owed)


def _is_owed(row: Schedule, work: _Work, *, may_change: bool) -> bool:
    """True if an update still waits for the window: it was closed, or its hosts were busy."""
    if row.kind != Kind.UPDATE or not row.has_window:
        return False
    return not may_change or (row.is_owed and not work.hosts)


def _start(work: _Work) -> UpdateRun:
    return trigger_run(work.hosts, _params(work), source=UpdateRun.Trigger.SCHEDULE)


def _params(work: _Work) -> Params:
    return Params(work.kind, work.names, max_age_s=settings.WATCHWEB_CHECK_WINDOW)


def _record(
    row: Schedule, due_at: datetime, now: datetime, work: _Work, run: UpdateRun | None
) -> ScheduleTick:
    tick = ScheduleTick.objects.create(
        schedule=row,
        due_at=due_at,
        happened_at=now,
        kind=work.kind,
        outcome=Outcome.STARTED if run else Outcome.SKIPPED,
        reason=work.reason,
        run=run,
    )
    Schedule.objects.filter(pk=row.pk).update(last_tick=tick)
    count_tick(row.pk, tick.outcome)
    logger.info("tick schedule=%s outcome=%s reason=%s", row, tick.outcome, tick.reason)
    return tick


def _give_up(row: Schedule, now: datetime, why: str, *, is_plannable: bool = True) -> bool:
    """Record a tick that could not be carried out; without a timetable there is no next one."""
    due = row.next_at or now
    next_at = row.course().after(due, now) if is_plannable else None
    with transaction.atomic():
        if not Schedule.objects.claim(row.pk, due, next_at=next_at):
            return False
        tick = ScheduleTick.objects.create(
            schedule=row, due_at=now, kind=row.kind, outcome=Outcome.FAILED, reason=why
        )
        Schedule.objects.filter(pk=row.pk).update(last_tick=tick)
        count_tick(row.pk, tick.outcome)
    logger.warning("tick failed schedule=%s reason=%s", row, why)
    return True


@in_english
def _work_of(row: Schedule, *, may_change: bool) -> _Work:
    """Hosts that are busy are left out, with the reason."""
    kind = Kind(row.kind) if may_change else Kind.SCAN
    enabled = Host.objects.enabled()
    chosen = enabled.filter(pk__in=row.hosts.values("pk")) if row.hosts.exists() else enabled
    hosts = list(chosen)
    if not hosts:
        return _Work(kind, reason=NO_HOST)
    hosts, names = _named(row, hosts)
    if not hosts:
        return _Work(
            kind, reason=f"No container of the stack {row.stack} is known yet: scan first."
        )
    free, busy = _apart(hosts)
    said = [] if may_change else [CLOSED]
    return _Work(kind, free, names, " ".join([*said, *busy]))


def _named(row: Schedule, hosts: list[Host]) -> tuple[list[Host], tuple[str, ...]]:
    """(the hosts that take part, the containers to name there). No name is every container."""
    if not row.stack:
        return hosts, row.patterns
    members = Container.objects.filter(stack=row.stack, host__in=hosts).select_related("host")
    if not row.patterns:
        places = {one.host_id for one in members}
        hosts = [host for host in hosts if host.pk in places]
    return hosts, (*row.patterns, *(f"{one.host.name}/{one.name}" for one in members))


def _apart(hosts: Collection[Host]) -> tuple[list[Host], list[str]]:
    """(the hosts that no open run is for, a sentence for each of the others)."""
    parts = HostRun.objects.open().filter(host__in=hosts).select_related("run")
    runs: dict[int, list[str]] = {}
    for part in parts.order_by("pk"):
        runs.setdefault(part.host_id, []).append(str(part.run))
    busy = [host for host in hosts if host.pk in runs]
    free = [host for host in hosts if host.pk not in runs]
    return free, [f"{host} is busy with {listed(runs[host.pk])}." for host in busy]
