"""One container recreated: nothing of the old one is given up before the new one has proved itself.

    snapshot   inspect of container and old image; the create body is computed
    create     the new one under a temporary name, while the old one still runs
    hold       the old one's restart policy set to "no", then it is stopped
    swap       the old one steps aside by name, the new one takes its name
    start      the new one is started, if the old one ran
    gate       the proof that it works
    release    the old one is removed

Each step that has an effect leaves its undo behind; a failure runs the undos backwards, so the old
container is what remains. The journal knows of each effect before it happens and again after it.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineError, NoSuchObject
from updates.engine.spec import create_body
from updates.flow import gate, labels
from updates.flow.ports import Clock, EnginePort, Journal
from updates.flow.session import State, Step

Tell = Callable[[Step, str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to make of which container. `image` is a reference or an image id; times in seconds."""

    container: ContainerSummary
    image: str
    image_id: str
    stop_timeout: int
    gate_seconds: int
    new_ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: updated, rolled_back, failed (never stopped) or skipped (untouched)."""

    state: State
    reason: str = ""
    new_id: str = ""


class GateFailed(Exception):
    """The new container did not prove itself."""


class Replacement:
    """One container on its way to its replacement."""

    def __init__(
        self, order: Order, engine: EnginePort, journal: Journal, tell: Tell, clock: Clock
    ) -> None:
        self.order = order
        self.engine = engine
        self.journal = journal
        self.tell = tell
        self.clock = clock
        self.old_id = order.container.id
        self.name = order.container.name
        self.aside = f"{self.name}-watchweb-{self.old_id[:12]}"
        self.new_id = ""
        self.snapshot: dict[str, Any] = {}
        self.old_image: dict[str, Any] | None = None
        self.held = False
        self.undos: list[tuple[str, Callable[[], None]]] = []

    def run(self) -> Outcome:
        """Go through the steps; never raises EngineError."""
        try:
            self._take_snapshot()
        except EngineError as error:
            return Outcome(State.SKIPPED, f"It could not be inspected: {error}")
        self.journal.open(self.order.container, self.snapshot)
        try:
            for step in (self._create, self._hold, self._swap, self._start, self._pass_gate):
                step()
        except (EngineError, GateFailed) as error:
            return self._roll_back(str(error))
        return self._release()

    @property
    def was_running(self) -> bool:
        return bool(self.snapshot["State"].get("Running"))

    @property
    def removes_itself(self) -> bool:
        """A --rm container vanishes when it stops; it comes back from its snapshot."""
        return bool(self.snapshot["HostConfig"].get("AutoRemove"))

    @property
    def restart_policy(self) -> Mapping[str, Any]:
        return self.snapshot["HostConfig"].get("RestartPolicy") or {"Name": "no"}

    # The steps.

    def _take_snapshot(self) -> None:
        self.snapshot = self.engine.inspect_container(self.old_id)
        try:
            self.old_image = self.engine.inspect_image(self.snapshot["Image"])
        except NoSuchObject:
            self.old_image = None  # Removed by hand, or forgotten by a containerd store.

    def _create(self) -> None:
        self.tell(Step.CREATE, "Creating the new container beside the old one")
        temporary = f"{self.name}-watchweb-new-{self.old_id[:12]}"
        self.journal.before(Step.CREATE, temporary_name=temporary)
        body = create_body(
            self.snapshot,
            self.old_image,
            image=self.order.image,
            image_id=self.order.image_id,
            api_version=self.engine.info.api_version,
            new_ids=self.order.new_ids,
        )
        self.new_id = self.engine.create(temporary, body)
        self.undos.append(("remove the new container", self._remove_new))
        self.journal.after(Step.CREATE, new_id=self.new_id)

    def _hold(self) -> None:
        self.tell(Step.HOLD, "Stopping the old container")
        self.journal.before(Step.HOLD, restart_policy=str(self.restart_policy.get("Name", "")))
        self.held = True
        self.undos.append(("start the old container", self._let_go))
        if self._has_restart_policy():
            # A restarting engine must not bring the old one back beside the new one.
            self.engine.set_restart_policy(self.old_id, {"Name": "no"})
        if self.was_running:
            signal = labels.text(self.order.container.labels, "stop-signal") or None
            self.engine.stop(self.old_id, signal=signal, timeout_s=self._stop_timeout())
        self.journal.after(Step.HOLD)

    def _swap(self) -> None:
        self.tell(Step.SWAP, "Giving the new container its name")
        self.journal.before(Step.SWAP, aside=self.aside)
        self.undos.append(("give the old container its name back", self._swap_back))
        if not self._has_vanished():
            self.engine.rename(self.old_id, self.aside)
        self.engine.rename(self.new_id, self.name)
        self.journal.after(Step.SWAP)

    def _start(self) -> None:
        if not self.was_running:
            return
        self.tell(Step.START, "Starting the new container")
        self.journal.before(Step.START)
        self.engine.start(self.new_id)
        self.journal.after(Step.START)

    def _pass_gate(self) -> None:
        if not self.was_running:
            return
        self.tell(Step.GATE, "Watching whether the new container works")
        self.journal.before(Step.GATE)
        seconds = self.order.gate_seconds
        trouble = gate.pass_gate(self.engine, self.new_id, seconds=seconds, clock=self.clock)
        if trouble:
            raise GateFailed(f"The new container did not pass: {trouble}")
        self.journal.after(Step.GATE)

    def _release(self) -> Outcome:
        self.tell(Step.RELEASE, "Removing the old container")
        self.journal.before(Step.RELEASE)
        reason = ""
        try:
            self.engine.remove(self.old_id)
        except NoSuchObject:
            pass  # A --rm container is gone already.
        except EngineError as error:
            reason = f"The old container is still there as {self.aside}: {error}"
        self.journal.after(Step.RELEASE)
        self.journal.close(State.UPDATED)
        return Outcome(State.UPDATED, reason, self.new_id)

    # The way back.

    def _roll_back(self, why: str) -> Outcome:
        self.tell(Step.ROLL_BACK, f"Going back to the old container: {why}")
        self.journal.before(Step.ROLL_BACK, reason=why)
        troubles = [trouble for name, undo in reversed(self.undos) if (trouble := _try(name, undo))]
        self.journal.after(Step.ROLL_BACK)
        if troubles:
            state = State.FAILED
            why = " ".join([why, "Going back did not work in full:", *troubles])
        else:
            state = State.ROLLED_BACK if self.held else State.FAILED
        self.journal.close("" if troubles else state)
        return Outcome(state, why)

    def _remove_new(self) -> None:
        with suppress(NoSuchObject):
            self.engine.remove(self.new_id, force=True)

    def _let_go(self) -> None:
        if self._has_vanished():
            self._bring_back()
            return
        if self._has_restart_policy():
            self.engine.set_restart_policy(self.old_id, self.restart_policy)
        if self.was_running:
            self.engine.start(self.old_id)

    def _swap_back(self) -> None:
        # The new one may hold the name, its ports and its address: it has to go first.
        self._remove_new()
        if self._has_vanished():
            return
        if self.engine.inspect_container(self.old_id)["Name"].lstrip("/") != self.name:
            self.engine.rename(self.old_id, self.name)

    def _bring_back(self) -> None:
        self._remove_new()
        version = self.engine.info.api_version
        body = create_body(
            self.snapshot, self.old_image, image=self.snapshot["Image"], api_version=version
        )
        self.engine.start(self.engine.create(self.name, body))

    def _has_vanished(self) -> bool:
        if not (self.removes_itself and self.was_running):
            return False
        try:
            self.engine.inspect_container(self.old_id)
        except NoSuchObject:
            return True
        return False

    def _has_restart_policy(self) -> bool:
        return self.restart_policy.get("Name", "no") not in ("", "no")

    def _stop_timeout(self) -> int:
        own = self.snapshot["Config"].get("StopTimeout")
        return self.order.stop_timeout if own is None else int(own)


def _try(name: str, undo: Callable[[], None]) -> str:
    try:
        undo()
    except EngineError as error:
        return f"Could not {name}: {error}"
    return ""
