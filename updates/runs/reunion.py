"""What shared the network or the processes of a container that came back, and was left behind when
its worker died: recreated, in the run that puts things right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from updates.engine.container import ContainerSummary
from updates.flow.cut_off import is_cut_off
from updates.flow.job import Order, Outcome
from updates.flow.ports import Clock, EnginePort
from updates.flow.recover import DIED
from updates.flow.replace import Replacement
from updates.flow.rules import Rules
from updates.flow.session import Params, State, Step
from updates.flow.work import Work
from updates.models import Container, ContainerResult, HostRun, RunEvent
from updates.models import Replacement as Row
from updates.runs import moved
from updates.runs.guard import guarded
from updates.runs.journal import RowJournal
from updates.runs.policies import policies_of

SHARED = "It was recreated with the container that it shares with."


@dataclass(slots=True)
class Reunion:
    """`host_run` puts right what these `broken_off` ones left."""

    host_run: HostRun
    broken_off: Sequence[HostRun]
    engine: EnginePort
    clock: Clock
    new_ids: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> None:
        """An inspect for each container that was to be acted on, if anything came back at all.

        Raises EngineError.
        """
        self.new_ids = moved.ids(*self.broken_off)
        if not self.new_ids:
            return
        planned = ContainerResult.objects.filter(host_run__in=self.broken_off)
        ids = set(planned.values_list("container_id", flat=True))
        # What is itself half-way replaced goes its own way back, by another name until then.
        ids -= set(Row.objects.filter(closed_at=None).values_list("old_id", flat=True))
        for container in self.engine.containers():
            if container.id in ids:
                self._look_after(container)

    def _look_after(self, container: ContainerSummary) -> None:
        document = self.engine.inspect_container(container.id)
        ran = self._ran(container)
        if is_cut_off(document, self.engine, self.new_ids, ran=ran):
            work = partial(self._recreated, container, ran=ran)
            self._record(container, guarded(work, partial(Outcome, State.FAILED)))

    def _ran(self, container: ContainerSummary) -> bool:
        """Whether it ran when it was last listed: one that shares processes ends with them."""
        rows = Container.objects.filter(host=self.host_run.host_id, container_id=container.id)
        return container.state == "running" or rows.filter(state="running").exists()

    def _recreated(self, container: ContainerSummary, *, ran: bool) -> Outcome:
        host = self.host_run.host
        rules = Rules.of_run(Params(), policies_of(host), host.name)
        order = Order(container, rules.effective(container), self.new_ids, ran=ran)
        tell = partial(self._tell, container.name)
        journal = RowJournal(self.host_run)
        return Work(Replacement(order, self.engine, journal, tell, self.clock)).run()

    def _record(self, container: ContainerSummary, outcome: Outcome) -> None:
        is_back = outcome.state is State.UPDATED
        reason = f"{DIED} {SHARED if is_back else outcome.reason}"
        rows = ContainerResult.objects.filter(
            host_run__in=self.broken_off, container_id=container.id
        )
        state = State.RESTARTED if is_back else outcome.state
        rows.update(state=state, reason=reason, new_id=outcome.new_id)
        self._tell(container.name, Step.DONE, reason)

    def _tell(self, name: str, step: Step, message: str) -> None:
        RunEvent.objects.create(host_run=self.host_run, container=name, step=step, message=message)
