"""What is left to put right, and what became of what was: for a person to read."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from updates.models import ContainerResult, HostRun, Replacement
from updates.models.run import RunState

AT_WORK = "A worker has it in hand, or has died less than a lease ago."
AWAY = "Its engine does not answer, or the container could not be put right yet."


def left_now(hosts: Collection[int]) -> list[Replacement]:
    """The open journal rows on these hosts."""
    rows = _rows().filter(closed_at=None, host_run__host__in=hosts)
    return list(rows.order_by("pk"))


def told(row: Replacement) -> dict[str, Any]:
    """An open one, as JSON has it, with the reason why it is still open."""
    is_busy = HostRun.objects.filter(pk=row.host_run_id, state=RunState.RUNNING).exists()
    reason = AT_WORK if is_busy else _results(row).get("reason") or AWAY
    return _where(row) | {"step": row.step, "reason": reason}


def outcomes(rows: Collection[int]) -> list[dict[str, Any]]:
    """What became of those of these rows that are closed by now."""
    closed = _rows().filter(pk__in=rows).exclude(closed_at=None).order_by("pk")
    return [_where(row) | {"state": row.outcome, **_results(row)} for row in closed]


def _rows() -> QuerySet[Replacement]:
    return Replacement.objects.select_related("host_run__host").defer("snapshot", "body")


def _where(row: Replacement) -> dict[str, Any]:
    run = row.host_run.run_id
    return {"host": row.host_run.host.name, "name": row.name, "run": run, "id": row.old_id}


def _results(row: Replacement) -> dict[str, Any]:
    rows = ContainerResult.objects.filter(host_run=row.host_run_id, container_id=row.old_id)
    return dict(rows.values("reason", "new_id").first() or {})
