"""Results taken from the journal, where a worker came no further than that; and the blocks of
images that failed, each written once."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from updates.flow.session import Result, State
from updates.models import ContainerResult, HostRun, Replacement
from updates.runs import holds


def settle(host_run: HostRun) -> None:
    """What the journal has brought to its end has a result, though nobody lived to write it."""
    closed = Replacement.objects.filter(host_run=host_run).exclude(closed_at=None)
    unwritten = ContainerResult.objects.filter(host_run=host_run, state="").values("container_id")
    for row in closed.filter(old_id__in=unwritten):
        new_id = row.new_id if row.outcome == State.UPDATED else ""
        write(row, State(row.outcome), new_id, row.failure or None)
        blame(row)


def write(row: Replacement, state: State, new_id: str, reason: str | None = None) -> None:
    """The result of the container that a row is about; the reason stays where none is given."""
    facts: dict[str, Any] = {"new_id": new_id} | ({} if reason is None else {"reason": reason})
    if state is State.UPDATED or row.failure:
        facts["new_image_id"] = row.new_image_id or row.old_image_id
    if row.failure:
        facts["log"] = row.log
    if state is State.UPDATED and "restarts" in row.facts:
        state = State.RESTARTED
    known = {"new_digest": row.facts.get("digest"), "new_version": row.facts.get("version")}
    if "rebuild" in row.facts:  # It has the image that it had.
        known |= {"old_digest": known["new_digest"], "old_version": known["new_version"]}
    facts |= {name: value for name, value in known.items() if value}
    _result(row).update(state=state, **facts)


def blame(row: Replacement) -> None:
    """Block the image that failed in it, if that was not done before."""
    result = None if "restarts" in row.facts else _result(row).first()
    rows = Replacement.objects.filter(pk=row.pk, has_blocked=False).exclude(failure="")
    with transaction.atomic():
        if result is not None and rows.update(has_blocked=True):
            holds.block(row.host_run.host_id, result)


def block(host_run: HostRun, result: Result) -> None:
    """Block the image that failed; whoever settles its row later does not do it again."""
    rows = Replacement.objects.filter(host_run=host_run, old_id=result.container_id)
    with transaction.atomic():
        rows.update(has_blocked=True)
        holds.block(host_run.host_id, result)


def _result(row: Replacement) -> QuerySet[ContainerResult]:
    return ContainerResult.objects.filter(host_run=row.host_run_id, container_id=row.old_id)
