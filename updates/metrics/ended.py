"""What is counted when something is over. Each caller has won the row's end, so it counts once."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Count

from updates.flow.session import State, Step
from updates.metrics.sums import Sums
from updates.models import ContainerResult, Host, HostRun, HourCount, RunEvent, UpdateRun
from updates.models.run import RunState
from updates.models.tally import Summed

type _Steps = Mapping[tuple[str, str], datetime]
_CAME_BACK = (State.UPDATED, State.RESTARTED)
_ACTED_ON = {*_CAME_BACK, State.ROLLED_BACK, State.FAILED}
_TIMED = (Step.PULL, Step.PULLED, Step.HOLD, Step.GATE)


def count_host_run(pk: int) -> None:
    """Add a host run that has just ended, with its results. A handful of statements."""
    row = HostRun.objects.select_related("run").get(pk=pk)
    kind, host = row.run.kind, row.host_id
    sums = Sums()
    sums.count(Summed.HOST_RUNS, kind, row.state, subject=host)
    if row.started_at and row.finished_at:
        seconds = (row.finished_at - row.started_at).total_seconds()
        sums.observe(Summed.HOST_RUN_SECONDS, seconds, kind, subject=host)
    sums.count(Summed.ENGINE_CALLS, subject=host, by=row.engine_calls)
    sums.count(Summed.FREED_BYTES, subject=host, by=row.freed_bytes)
    _add_results(row, sums)
    sums.save()
    if row.state == RunState.FINISHED and not row.run.params.get("names"):
        Host.objects.filter(pk=host).update(scanned_at=row.finished_at)


def count_run(pk: int) -> None:
    """Add a run that has just ended."""
    row = UpdateRun.objects.only("kind", "trigger", "state").get(pk=pk)
    _count(Summed.RUNS, row.kind, row.trigger, row.state)


def count_tick(schedule_id: int, outcome: str) -> None:
    """Add a schedule's tick."""
    _count(Summed.TICKS, outcome, subject=schedule_id)


def count_delivery(outcome: str) -> None:
    """Add a message that was sent, given up or put off."""
    _count(Summed.DELIVERIES, outcome)


def _count(family: Summed, *labels: str, subject: int = 0) -> None:
    sums = Sums()
    sums.count(family, *labels, subject=subject)
    sums.save()


def _add_results(row: HostRun, sums: Sums) -> None:
    results = ContainerResult.objects.filter(host_run=row).order_by()
    counted = dict(results.values_list("state").annotate(Count("pk")))
    for state, number in counted.items():
        sums.count(Summed.RESULTS, row.run.kind, state, subject=row.host_id, by=number)
    if row.finished_at:
        HourCount.objects.add(row.finished_at, counted)
    if counted.keys() & _ACTED_ON:
        acted_on = list(results.eventful())
        steps = _steps(row)
        _add_pulls(row, acted_on, steps, sums)
        for one in acted_on:
            if one.state in _CAME_BACK:
                sums.observe(Summed.UPDATE_SECONDS, one.seconds, subject=row.host_id)
                away_s = _between(steps, one.name, Step.HOLD, Step.GATE)
                if away_s is not None:
                    sums.observe(Summed.DOWNTIME_SECONDS, away_s, subject=row.host_id)


def _add_pulls(
    row: HostRun, results: Collection[ContainerResult], steps: _Steps, sums: Sums
) -> None:
    """Once per image, however many of its containers waited for it."""
    for one in {one.image: one for one in results}.values():
        sums.count(Summed.PULLED_BYTES, subject=row.host_id, by=one.pulled_bytes)
        took_s = _between(steps, one.name, Step.PULL, Step.PULLED)
        if took_s is not None:
            sums.observe(Summed.PULL_SECONDS, took_s, subject=row.host_id)


def _steps(row: HostRun) -> _Steps:
    """When each container came to each step, the last time. A line is written before its step."""
    rows = RunEvent.objects.filter(host_run=row, step__in=_TIMED).order_by("pk")
    return {(name, step): at for name, step, at in rows.values_list("container", "step", "at")}


def _between(steps: _Steps, name: str, begin: Step, end: Step) -> float | None:
    """Seconds from one step's line to another's; None unless both are there, in this order."""
    began, ended = steps.get((name, begin)), steps.get((name, end))
    if began is None or ended is None or ended < began:
        return None
    return (ended - began).total_seconds()
