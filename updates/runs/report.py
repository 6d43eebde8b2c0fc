"""A run as the one document that `--json` prints; scripts rely on its shape."""

from typing import Any

from updates.flow.session import State
from updates.models import ContainerResult, HostRun, UpdateRun
from updates.models.run import RunState

_FIELDS = (
    "name",
    "image",
    "state",
    "reason",
    "old_image_id",
    "new_image_id",
    "old_digest",
    "new_digest",
    "old_version",
    "new_version",
    "settings",
    "log",
)
UNCOMPLETED = (RunState.FAILED, RunState.INTERRUPTED, RunState.CANCELLED)
TROUBLE = (State.FAILED, State.ROLLED_BACK)


def report(run: UpdateRun) -> dict[str, Any]:
    """The run with its hosts and containers. Times are ISO 8601, `seconds` the run's length."""
    results = list(
        ContainerResult.objects.filter(host_run__run=run)
        .select_related("host_run__host")
        .order_by("host_run__host__name", "name")
    )
    parts = list(HostRun.objects.filter(run=run).select_related("host"))
    return {
        "run": run.pk,
        "state": run.state,
        "trigger": run.trigger,
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "seconds": round(run.seconds or 0.0, 3),
        "counts": counts([result.state for result in results]),
        "freed_bytes": sum(part.freed_bytes for part in parts),
        "hosts": [
            {"host": part.host.name, "state": part.state, "error": part.error} for part in parts
        ],
        "containers": [_container(result) for result in results],
    }


def counts(states: list[str]) -> dict[str, int]:
    """How many of each state; `scanned` are those that could be looked at (all but skipped)."""
    counted = {state.value: states.count(state) for state in State}
    return {"scanned": len(states) - counted[State.SKIPPED]} | counted


def has_trouble(run: UpdateRun) -> bool:
    """True if anything failed, was rolled back or not come to: a command's exit code 1."""
    if HostRun.objects.filter(run=run, state__in=UNCOMPLETED).exists():
        return True
    return ContainerResult.objects.filter(host_run__run=run, state__in=TROUBLE).exists()


def _container(result: ContainerResult) -> dict[str, Any]:
    return {
        "host": result.host_run.host.name,
        "id": result.container_id,
        "new_id": result.new_id,
        **{name: getattr(result, name) for name in _FIELDS},
        "seconds": round(result.seconds, 3),
    }
