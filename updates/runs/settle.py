"""Results taken from the journal, where a worker came no further than that."""

from updates.flow.session import State
from updates.models import ContainerResult, HostRun, Replacement


def settle(host_run: HostRun) -> None:
    """What the journal has brought to its end has a result, though nobody lived to write it."""
    closed = Replacement.objects.filter(host_run=host_run).exclude(closed_at=None)
    unwritten = ContainerResult.objects.filter(host_run=host_run, state="").values("container_id")
    for row in closed.filter(old_id__in=unwritten):
        write(row, State(row.outcome), row.new_id if row.outcome == State.UPDATED else "")


def write(row: Replacement, state: State, new_id: str, reason: str | None = None) -> None:
    """The result of the container that a row is about; the reason stays where none is given."""
    result = ContainerResult.objects.filter(host_run=row.host_run_id, container_id=row.old_id)
    facts = {"new_id": new_id} | ({} if reason is None else {"reason": reason})
    if state is State.UPDATED:
        facts["new_image_id"] = row.new_image_id or row.old_image_id
        state = State.RESTARTED if "restarts" in row.facts else state
    result.update(state=state, **facts)
