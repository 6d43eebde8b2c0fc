"""A container that vanished, made again from what was known of it when it was last replaced.

Its volumes are found again by their names, those that had none too, unless they were removed with
it. It counts as made when it passes its gate; else what was made is taken away again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineError, NoSuchObject
from updates.flow.making import Making, NotMade
from updates.flow.past import Past
from updates.flow.plan import Action, ActionKind, Plan
from updates.flow.ports import (
    Clock,
    EnginePort,
    Guard,
    Journal,
    Prober,
    Recorder,
    RegistryPort,
    no_prober,
    unguarded,
)
from updates.flow.pull import NewImage
from updates.flow.rules import Rules
from updates.flow.session import Result, State, Step
from updates.flow.snapshot import Snapshot
from updates.flow.update import without_helpers


@dataclass(slots=True)
class Rebuild:
    """The run of one container on its host.

    `old`: as it was when it was last replaced. `last_id`: the id it had since then. `past`: the
    image it had last. `new_ids`: ids of other containers that it may name, to those they have now.
    """

    engine: EnginePort
    registries: RegistryPort
    recorder: Recorder
    journal: Journal
    rules: Rules
    clock: Clock
    old: Snapshot
    last_id: str
    past: Past
    new_ids: Mapping[str, str] = field(default_factory=dict)
    guard: Guard = unguarded
    pull_timeout_s: float = 1800.0
    prober: Prober = no_prober

    def run(self) -> str:
        """Do it; the sentence that says why nothing was begun, "" when it was.

        Raises EngineError if the host itself fails, Interrupted if told to stop.
        """
        containers = without_helpers(self.engine.containers())
        self.recorder.inventory(containers, self.engine.images())
        if any(one.name == self.old.name for one in containers):
            return f"There is a container {self.old.name} on this host: nothing is made again."
        if why := self.past.why_lost(self.engine):
            return why
        self.recorder.planned(Plan((Action(self._listed, ActionKind.RESTART, self._reason),)))
        started = self.clock.monotonic()
        result = self.guard(self._made, partial(self._result, State.FAILED))
        seconds = round(self.clock.monotonic() - started, 3)
        self.recorder.result(replace(result, seconds=seconds))
        self.recorder.inventory(without_helpers(self.engine.containers()), self.engine.images())
        return ""

    @property
    def _listed(self) -> ContainerSummary:
        """As the engine would list it."""
        labels = self.old.container["Config"].get("Labels") or {}
        return ContainerSummary(
            self.last_id,
            self.old.name,
            self.old.reference,
            self.past.image_id,
            state="running" if self.old.was_running else "exited",
            labels=labels,
        )

    @property
    def _reason(self) -> str:
        return f"Made again, with {self.past}."

    def _result(self, state: State, reason: str) -> Result:
        return Result(
            self.last_id,
            self.old.name,
            self.old.reference,
            state,
            reason,
            old_image_id=self.past.image_id,
            old_digest=self.past.digest,
            old_version=self.past.version,
        )

    def _made(self) -> Result:
        try:
            image = self._image()
            made = self._container(image)
        except NotMade as error:
            return replace(self._result(State.FAILED, str(error)), log=error.log)
        except EngineError as error:
            return self._result(State.FAILED, str(error))
        without = f" The engine left out {', '.join(made.lost)}." if made.lost else ""
        if made.empty:
            without += f" These volumes were gone, and are empty now: {', '.join(made.empty)}."
        return replace(
            self._result(State.RESTARTED, self._reason + without),
            new_id=made.new_id,
            new_image_id=image.id,
            new_digest=self.past.digest,
            new_version=image.version,
        )

    def _image(self) -> NewImage:
        """Found, or pulled. Raises NotMade, EngineError."""
        wanted = self.past.pinned()
        pulls = self.past.pulls(
            self.engine, self.registries, self.recorder, self.guard, self.pull_timeout_s
        )
        pulls.run([self._listed], {self.last_id: wanted})
        if why := pulls.errors.get(wanted) or pulls.unavailable.get(wanted):
            raise NotMade(why)
        return pulls.images[wanted]

    def _container(self, image: NewImage) -> Making:
        """What was made. Raises NotMade: then nothing stays of it."""
        body = replace(self.old, image=self._old_image()).body(
            self.engine.info.api_version,
            image=self.old.name_for(image.id, self.engine),
            image_id=image.id,
            new_ids=self.new_ids,
        )
        facts = {"rebuild": "yes", "restarts": "yes"}
        making = Making(
            self.old,
            self.engine,
            self.journal,
            self.journal.open(self._listed, self.old.record(), **facts),
            self._tell,
            self.clock,
            self.prober,
            self.rules.of(self._listed),
            {"digest": self.past.digest, "version": image.version},
        )
        making.run(body, image.id)
        return making

    def _old_image(self) -> Mapping[str, object] | None:
        """What it had from its image; None if nobody knows: then all is taken for its own."""
        if self.old.image:
            return self.old.image
        try:
            return self.engine.inspect_image(self.old.image_id)
        except NoSuchObject:
            return None

    def _tell(self, step: Step, message: str, limit_s: float | None = None) -> None:
        self.recorder.step(self.last_id, step, message, limit_s)
