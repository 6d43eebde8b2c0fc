"""Replacements that a dead worker left open: put right before anything else on their host."""

import logging
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from updates.engine.errors import EngineError
from updates.flow.job import Outcome
from updates.flow.ports import Clock, EnginePort
from updates.flow.recover import Unfinished, recover
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot
from updates.models import Host, HostRun, Replacement, RunEvent
from updates.models.lease import has_run_out
from updates.models.run import RunState
from updates.runs import moved, settle
from updates.runs.guard import guarded
from updates.runs.journal import TAKEN_BY
from updates.runs.own import own_container_ids
from updates.runs.reunion import Reunion

logger = logging.getLogger(__name__)
_LONGEST_WAIT = timedelta(hours=1)
_ENDED_ITSELF = (RunState.FINISHED, RunState.FAILED, RunState.CANCELLED)


def put_right(host_run: HostRun, engine: EnginePort, clock: Clock) -> None:
    """Look after each open journal row of this host; what cannot be put right stays open.

    Called by the one running host run of the host, so nobody else is at it. One row's trouble is
    its own: the others, and the run, go on. Then what shared with a container that came back, and
    was left behind, is recreated. Raises EngineError if the engine cannot be asked at all.
    """
    looked_after = set()
    for row in _left_for(host_run):
        if taken := _taken(row.pk, host_run):
            work = partial(_recovered, taken, engine, clock)
            outcome = guarded(work, partial(Outcome, State.FAILED, is_left=True))
            logger.warning("replacement recovered name=%s state=%s", row.name, outcome.state)
            _record(host_run, taken, outcome)
            looked_after.add(taken.host_run_id)
    parts = moved.broken_off(host_run.host_id) | HostRun.objects.filter(pk__in=looked_after)
    if broken_off := list(parts):
        Reunion(host_run, broken_off, engine, clock).run()


def is_left_for(host_run: HostRun) -> bool:
    """True if a replacement on its host is neither finished nor undone, or what depends on one
    may have been left behind."""
    return _left_for(host_run).exists() or moved.broken_off(host_run.host_id).exists()


def hosts_in_need(*, is_asked_for: bool = False) -> QuerySet[Host]:
    """The enabled hosts where something is left to put right, and that no run is about to visit.

    `is_asked_for`: somebody waits for it, who may wait in vain for what is only queued.
    """
    left = _left_on(OuterRef("pk"))
    runs = (
        HostRun.objects.filter(state=RunState.RUNNING) if is_asked_for else HostRun.objects.open()
    )
    busy = runs.filter(host=OuterRef("pk"))
    broken_off = moved.broken_off(OuterRef("pk"))
    found = Host.objects.enabled().filter(Exists(left) | Exists(broken_off), ~Exists(busy))
    return found.order_by("name")


def is_due(host_id: int) -> bool:
    """False while all that is left was tried in vain not long ago: each time it is left alone for
    as long as it has been open, an hour at most."""
    now = timezone.now()
    rows = _left_on(host_id).values_list("facts", "opened_at", "changed_at")
    waits = [
        timedelta(0) <= now - changed < min(changed - opened, _LONGEST_WAIT)
        for facts, opened, changed in rows
        if TAKEN_BY in facts
    ]
    return len(waits) < len(rows) or not all(waits) or not rows


def _left_for(host_run: HostRun) -> QuerySet[Replacement]:
    """What a host run finds left on its host before it opens a row itself: what it has open then
    is of its part before it was handed back."""
    own = Q(host_run=host_run, closed_at=None)
    others = Q(pk__in=_left_on(host_run.host_id).values("pk"))
    return Replacement.objects.filter(own | others).order_by("pk")


def _left_on(host: int | OuterRef) -> QuerySet[Replacement]:
    """The open rows of a host that no worker has in hand."""
    nobodys = Q(host_run__state__in=_ENDED_ITSELF) | Q(host_run__lease_until=None)
    rows = Replacement.objects.filter(closed_at=None, host_run__host=host)
    lapsed = has_run_out("host_run__lease_until")
    return rows.exclude(host_run__state=RunState.RUNNING).filter(nobodys | lapsed)


def _taken(pk: int, host_run: HostRun) -> Replacement | None:
    """The row, which is this host run's from here on; None if its worker has closed it."""
    with transaction.atomic():
        row = Replacement.objects.select_for_update().filter(pk=pk, closed_at=None).first()
        if row is not None:
            row.facts[TAKEN_BY] = host_run.pk
            row.save(update_fields=["facts", "changed_at"])
    return row


def _recovered(row: Replacement, engine: EnginePort, clock: Clock) -> Outcome:
    unfinished = Unfinished(
        Snapshot.of_record(row.snapshot),
        _step(row),
        row.new_id,
        moved.ids(row.host_run),
        removes_volumes="remove_volumes" in row.facts,
        shares="shares" in row.facts,
        rests="rests" in row.facts,
        failure=row.failure,
        log=row.log,
        is_update="restarts" not in row.facts,
        is_rebuild="rebuild" in row.facts,
    )
    try:
        return recover(unfinished, engine, clock)
    except EngineError as error:
        return Outcome(State.FAILED, str(error), is_left=True)


def _step(row: Replacement) -> Step:
    """How far it had come. Whoever runs this in the new container itself is the proof that it
    works, and could not remove it without ending half-way."""
    return Step.RELEASE if row.new_id in own_container_ids() else Step(row.step)


def _record(host_run: HostRun, row: Replacement, outcome: Outcome) -> None:
    """The truth goes to the run that was interrupted, and to the one that put it right."""
    settle.write(row, outcome.state, outcome.new_id, outcome.reason)
    if outcome.blames_image:
        settle.blame(row)
    RunEvent.objects.create(host_run=host_run, container=row.name, message=outcome.reason)
    row.new_id = outcome.new_id or row.new_id
    if not outcome.is_left:
        row.outcome, row.closed_at = outcome.state, timezone.now()
    row.save(update_fields=["outcome", "closed_at", "new_id", "changed_at"])
