"""A host run that is to end early: where it does, and how its rest is gone on with.

Its process is told to stop, and the rest waits for the next worker; or a person cancelled the run.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from updates.engine.pull import PullSnapshot
from updates.flow.plan import Action, Plan
from updates.flow.session import Cancelled, Interrupted, Result, State
from updates.models import ContainerResult, HostRun, RunEvent, UpdateRun
from updates.runs.recorder import RowRecorder
from watchweb import stopping

TOLD = "It was told to stop."
HANDED_BACK = "The worker was told to stop. What is left of this run waits for the next worker."
CANCEL_PAUSE_S = 1.0
_CAME_BACK = (State.UPDATED, State.RESTARTED)
_ACTED_ON = (*_CAME_BACK, State.ROLLED_BACK, State.FAILED)

Enqueue = Callable[[HostRun], None]


class ToldToStop(Interrupted):
    """This process was told to stop; nothing is half done."""


@dataclass(slots=True)
class Debt:
    """Actions that have to follow others: a parent or leader of theirs came back already.

    A later run would find that one fresh, and would never know that these were to be restarted.
    """

    actions: tuple[Action, ...] = ()
    came_back: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)

    def take(self, result: Result) -> None:
        self.done.add(result.container_id)
        if result.state in _CAME_BACK:
            self.came_back.add(result.container_id)

    @property
    def is_open(self) -> bool:
        return any(
            (one.parents | one.leaders) & self.came_back and one.container.id not in self.done
            for one in self.actions
        )


class StoppableRecorder(RowRecorder):
    """Raises ToldToStop or Cancelled where nothing is half done: before the first container, within
    a pull, and between two that do not depend on each other."""

    debt: Debt
    asked_at = 0.0

    def planned(self, plan: Plan) -> None:
        self.debt = Debt(plan.actions)
        super().planned(plan)

    def result(self, result: Result) -> None:
        super().result(result)
        self.debt.take(result)

    def may_go_on(self) -> None:
        super().may_go_on()
        if self.debt.is_open:
            return
        self._is_cancelled()
        if stopping.is_told():
            raise ToldToStop(TOLD)

    def progress(self, container_id: str, snapshot: PullSnapshot) -> None:
        """The engine keeps the layers that it has."""
        super().progress(container_id, snapshot)
        if self.monotonic() - self.asked_at >= CANCEL_PAUSE_S:
            self._is_cancelled()
        if stopping.is_told():
            raise ToldToStop(TOLD)

    def _is_cancelled(self) -> None:
        """One query. Raises Cancelled, with who did it."""
        self.asked_at = self.monotonic()
        rows = UpdateRun.objects.filter(pk=self.host_run.run_id).exclude(cancelled_at=None)
        if run := rows.select_related("cancelled_by").first():
            raise Cancelled(f"{run.cancelled}.")


def hand_back(host_run: HostRun, enqueue: Enqueue) -> None:
    """Put a running host run back into the queue. What was done to its containers is kept; what
    was only looked at is looked at anew, and gets its results then."""
    with transaction.atomic():
        if not HostRun.objects.put_back(host_run.pk):
            return  # Somebody gave up on this worker, and has closed it.
        rows = ContainerResult.objects.filter(host_run=host_run)
        rows.exclude(state__in=_ACTED_ON).delete()
        RunEvent.objects.create(host_run=host_run, message=HANDED_BACK)
        enqueue(host_run)


def done_before(host_run: HostRun) -> frozenset[str]:
    """Ids of containers that this host run has dealt with already, old and new; none at first."""
    rows = ContainerResult.objects.filter(host_run=host_run, state__in=_ACTED_ON)
    pairs = rows.values_list("container_id", "new_id")
    return frozenset(one for pair in pairs for one in pair if one)
