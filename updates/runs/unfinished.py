"""Replacements that a dead worker left open: put right before anything else on their host."""

import logging
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone

from updates.engine.errors import EngineError
from updates.flow.job import Outcome
from updates.flow.ports import Clock, EnginePort
from updates.flow.recover import Unfinished, recover
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot
from updates.models import ContainerResult, HostRun, Replacement, RunEvent
from updates.runs.guard import guarded
from updates.runs.own import own_container_ids

logger = logging.getLogger(__name__)


def put_right(host_run: HostRun, engine: EnginePort, clock: Clock) -> None:
    """Look after each open journal row of this host; what cannot be put right stays open.

    Called by the one running host run of the host, so nobody else is at it. One row's trouble is
    its own: the others, and the run, go on.
    """
    for row in _left_on(host_run.host_id).exclude(host_run=host_run).order_by("pk"):
        outcome = guarded(partial(_recovered, row, engine, clock), partial(Outcome, State.FAILED))
        logger.warning("replacement recovered name=%s state=%s", row.name, outcome.state)
        _record(host_run, row, outcome)


def is_left_on(host_id: int) -> bool:
    """True if a replacement on this host is neither finished nor undone."""
    return _left_on(host_id).exists()


def _left_on(host_id: int) -> QuerySet[Replacement]:
    return Replacement.objects.filter(host_run__host=host_id, closed_at=None)


def _recovered(row: Replacement, engine: EnginePort, clock: Clock) -> Outcome:
    unfinished = Unfinished(
        Snapshot.of_record(row.snapshot),
        _step(row),
        row.new_id,
        removes_volumes="remove_volumes" in row.facts,
        shares="shares" in row.facts,
    )
    try:
        return recover(unfinished, engine, clock)
    except EngineError as error:
        return Outcome(State.FAILED, str(error))


def _step(row: Replacement) -> Step:
    """How far it had come. Whoever runs this in the new container itself is the proof that it
    works, and could not remove it without ending half-way."""
    return Step.RELEASE if row.new_id in own_container_ids() else Step(row.step)


def _record(host_run: HostRun, row: Replacement, outcome: Outcome) -> None:
    """The truth goes to the run that was interrupted, and to the one that put it right."""
    results = ContainerResult.objects.filter(host_run=row.host_run_id, container_id=row.old_id)
    results.update(state=outcome.state, reason=outcome.reason, new_id=outcome.new_id)
    RunEvent.objects.create(host_run=host_run, container=row.name, message=outcome.reason)
    if outcome.state is not State.FAILED:
        row.outcome, row.closed_at = outcome.state, timezone.now()
        row.save(update_fields=["outcome", "closed_at", "changed_at"])
