"""One host run, from claim to end: the flow wired to an engine, the registries and the rows."""

import logging
import time
from collections.abc import Collection
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from updates.engine.client import Engine
from updates.engine.errors import EngineError
from updates.flow.ports import Clock
from updates.flow.session import Cancelled, Interrupted
from updates.metrics.ended import count_host_run, count_run
from updates.models import ContainerResult, Host, HostRun, UpdateRun
from updates.models.run import RunState
from updates.notifications.tasks import announce
from updates.runs import lease
from updates.runs.course import take_course
from updates.runs.guard import guarded
from updates.runs.mirrors import within_reach
from updates.runs.registries import Registries
from updates.runs.settle import settle
from updates.runs.stoppable import (
    Enqueue,
    StoppableRecorder,
    ToldToStop,
    hand_back,
)
from updates.runs.unfinished import is_left_for, put_right

logger = logging.getLogger(__name__)
CLOCK = Clock(monotonic=time.monotonic, sleep=time.sleep)


def execute_host_run(
    host_run_id: int, *, clock: Clock = CLOCK, enqueue: Enqueue | None = None
) -> bool:
    """Do a host run's work if it is there to be had; False if somebody else has it.

    When this process is told to stop, `enqueue` queues what is left; with None it is skipped.
    """
    if not HostRun.objects.claim(host_run_id, lease=lease.duration()):
        return False
    _execute(host_run_id, clock, enqueue)
    return True


def execute_reserved(host_run_id: int, *, clock: Clock = CLOCK) -> bool:
    """Do the work of a host run that was kept for this helper; False if it is over or taken."""
    if not HostRun.objects.take_reserved(host_run_id, lease=lease.duration()):
        return False
    _execute(host_run_id, clock)
    return True


def _execute(host_run_id: int, clock: Clock, enqueue: Enqueue | None = None) -> None:
    parts = HostRun.objects.select_related("run__cancelled_by", "host")
    host_run = parts.get(pk=host_run_id)
    if host_run.run.cancelled_at:  # While it was on its way to this worker.
        close_host_run(host_run, RunState.CANCELLED, f"{host_run.run.cancelled}.")
        return
    UpdateRun.objects.start(host_run.run_id)
    logger.info("host run started host_run=%d host=%s", host_run_id, host_run.host)
    state, error = RunState.INTERRUPTED, "The worker was stopped."
    try:
        with lease.kept(host_run_id):
            state, error = _carry_out(host_run, clock)
    except ToldToStop as told:
        state = RunState.QUEUED if enqueue else state
        error = str(told)
    finally:
        connection.close_if_unusable_or_obsolete()  # What broke off may have been the database.
        if state is RunState.QUEUED and enqueue:
            hand_back(host_run, enqueue)
        else:
            close_host_run(host_run, state, error)


def close_host_run(host_run: HostRun, state: RunState, error: str) -> None:
    """End a host run, what it left unfinished, and its run if it was the last."""
    reason = f"The run ended before it: {error}"
    if state is RunState.CANCELLED:
        reason = f"{error.removesuffix('.')} before its turn."
    with transaction.atomic():
        has_ended = HostRun.objects.end(host_run.pk, state, error=error)
        settle(host_run)
        left = ContainerResult.objects.filter(host_run=host_run, state="")
        left.update(state=ContainerResult.States.SKIPPED, reason=reason)
        if has_ended:
            count_host_run(host_run.pk)
    logger.info("host run ended host_run=%d state=%s", host_run.pk, state)
    close_run(host_run.run_id)


def close_run(run_id: int) -> None:
    """End a run, and have it told of, if none of its host runs is open."""
    if UpdateRun.objects.finish(run_id):
        count_run(run_id)
        announce(run_id)


def _carry_out(host_run: HostRun, clock: Clock) -> tuple[RunState, str]:
    """(state, error) of the work."""
    try:
        fault = guarded(partial(_update, host_run, clock), lambda sentence: sentence)
    except EngineError as error:
        host_run.host.mark_failed(str(error))
        return RunState.FAILED, str(error)
    except ToldToStop:
        raise
    except Cancelled as error:
        return RunState.CANCELLED, str(error)
    except Interrupted as error:
        return RunState.INTERRUPTED, str(error)
    return (RunState.FAILED, fault) if fault else (RunState.FINISHED, "")


def _update(host_run: HostRun, clock: Clock) -> str:
    """Do it; why nothing was begun, or "". Raises EngineError, Interrupted."""
    host, params = host_run.host, host_run.run.parameters()
    since = host_run.run.created_at - timedelta(seconds=params.max_age_s)
    registries = Registries(since=since)
    engine = Engine(
        host.endpoint(), timeout_s=settings.WATCHWEB_ENGINE_TIMEOUT, info=host.known_engine()
    )
    try:
        if is_left_for(host_run):
            engine.open()
        put_right(host_run, engine, clock)
        recorder = StoppableRecorder(
            host_run, registries.times, partial(_note, host, engine, registries)
        )
        return take_course(host_run, engine, registries, recorder, clock)
    finally:
        engine.close()
        registries.close()
        HostRun.objects.filter(pk=host_run.pk).update(
            engine_calls=F("engine_calls") + engine.calls.total(),
            registry_calls=F("registry_calls") + len(registries.requests),
        )


def _note(host: Host, engine: Engine, registries: Registries) -> None:
    """The engine has answered. Keep what it is, if that was asked anew, and heed its mirrors."""
    mirrors = _mirrors(engine) if engine.is_renewed else None
    host.mark_seen(engine.info, mirrors, engine.latency_s)
    registries.mirrors = within_reach(host.mirrors, host.url)


def _mirrors(engine: Engine) -> Collection[str] | None:
    """Docker Hub's mirrors; none of an engine that does not tell, None if that may pass."""
    try:
        return engine.mirrors()
    except EngineError as error:
        return None if error.retryable else ()
