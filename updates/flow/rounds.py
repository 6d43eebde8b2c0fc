"""The rounds of a run: the pre-check and post-check commands of all that take part."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineError
from updates.flow import lifecycle
from updates.flow.lifecycle import Hook
from updates.flow.ports import EnginePort, Guard, Recorder
from updates.flow.rules import Rules
from updates.flow.session import Step


@dataclass(frozen=True, slots=True)
class Rounds:
    """Runs them one by one. What fails is told, and holds nothing up."""

    engine: EnginePort
    recorder: Recorder
    rules: Rules
    guard: Guard

    def run(self, step: Step, containers: Sequence[ContainerSummary]) -> None:
        """In every one of these that runs and has a command for this step."""
        for container in containers:
            hook = lifecycle.hook(step, self.rules.of(container))
            if hook is not None and container.state == "running":
                self.guard(partial(self._visit, hook, container), lambda _: None)

    def _visit(self, hook: Hook, container: ContainerSummary) -> None:
        tell = partial(self.recorder.step, container.id)
        try:
            # By name: it may have been recreated since it was listed.
            document = self.engine.inspect_container(container.name)
        except EngineError as error:
            tell(hook.step, f"The {hook.name} command could not run: {error}")
            return
        lifecycle.run_hook(hook, self.engine, document, tell)
