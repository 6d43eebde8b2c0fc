"""One container recreated: nothing of the old one is given up before the new one has proved itself.

    snapshot   inspect of container and old image
    create     the new one under a temporary name, while the old one still runs
    hold       the old one's restart policy set to "no", then it is stopped
    swap       the old one steps aside by name, the new one takes its name
    start      the new one is started, if the old one ran
    gate       the proof that it works
    release    the old one is removed

Whatever breaks a step, the old container is what remains (way_back). The journal knows of each
effect before it happens and again after it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineError, NoSuchObject
from updates.flow import gate
from updates.flow.ports import Clock, EnginePort, Journal
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot
from updates.flow.way_back import WayBack

Tell = Callable[[Step, str], None]
BROKEN_OFF = "The work on it was broken off."


@dataclass(frozen=True, slots=True)
class Order:
    """What to make of which container.

    `image` is a reference, "" for the image it has. `new_ids` maps the ids of containers that
    came back before this one to the ids they have now. Times in seconds.
    """

    container: ContainerSummary
    stop_timeout: int
    gate_seconds: int
    new_ids: Mapping[str, str]
    image: str = ""
    image_id: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: updated, rolled_back, failed (never stopped) or skipped (untouched)."""

    state: State
    reason: str = ""
    new_id: str = ""


class GateFailed(Exception):
    """The new container did not prove itself."""


class Replacement:
    """One container on its way to its replacement.

    `current_id` is the id it goes on under once it has been stopped, "" before that.
    """

    def __init__(
        self, order: Order, engine: EnginePort, journal: Journal, tell: Tell, clock: Clock
    ) -> None:
        self.order = order
        self.engine = engine
        self.journal = journal
        self.tell = tell
        self.clock = clock
        self.current_id = ""
        self.old: Snapshot
        self.back: WayBack

    def run(self) -> Outcome:
        """Go through the steps; an engine's error is an outcome.

        Anything else (a fault of ours, the end of this worker) goes the way back, then on.
        """
        try:
            self.old = Snapshot.take(self.engine, self.order.container.id)
        except NoSuchObject:
            return Outcome(State.SKIPPED, "It is not there any more.")
        except EngineError as error:
            return Outcome(State.SKIPPED, f"It could not be inspected: {error}")
        self.back = WayBack(self.engine, self.clock, self.old, self.order.new_ids)
        self.journal.open(self.order.container, self.old.container)
        try:
            for step in (self._create, self._hold, self._swap, self._start, self._pass_gate):
                step()
        except (EngineError, GateFailed) as error:
            return self._roll_back(str(error))
        except BaseException:
            self._roll_back(BROKEN_OFF)
            raise
        return self._release()

    def _create(self) -> None:
        self.tell(Step.CREATE, "Creating the new container beside the old one")
        self.journal.before(Step.CREATE, temporary_name=self.old.temporary_name)
        body = self.old.body(
            self.engine.info.api_version,
            image=self.order.image or self.old.own_image(self.engine),
            image_id=self.order.image_id or self.old.image_id,
            new_ids=self.order.new_ids,
        )
        self.back.new_id = self.engine.create(self.old.temporary_name, body)
        self.journal.after(Step.CREATE, new_id=self.back.new_id)

    def _hold(self) -> None:
        self.tell(Step.HOLD, "Stopping the old container")
        policy = str(self.old.restart_policy.get("Name", ""))
        self.journal.before(Step.HOLD, restart_policy=policy)
        self.back.is_held = True
        if self.old.has_restart_policy:
            # A restarting engine must not bring the old one back beside the new one.
            self.engine.set_restart_policy(self.old.id, {"Name": "no"})
        if self.old.was_running:
            own = self.old.stop_timeout
            timeout_s = self.order.stop_timeout if own is None else own
            signal = self.old.stop_signal or None
            self.engine.stop(self.old.id, signal=signal, timeout_s=timeout_s)
        self.journal.after(Step.HOLD)

    def _swap(self) -> None:
        self.tell(Step.SWAP, "Giving the new container its name")
        self.journal.before(Step.SWAP, aside=self.old.aside_name)
        if not self.back.old_has_vanished():
            self.engine.rename(self.old.id, self.old.aside_name)
        self.engine.rename(self.back.new_id, self.old.name)
        self.journal.after(Step.SWAP)

    def _start(self) -> None:
        if not self.old.was_running:
            return
        self.tell(Step.START, "Starting the new container")
        self.journal.before(Step.START)
        self.engine.start(self.back.new_id)
        self.journal.after(Step.START)

    def _pass_gate(self) -> None:
        if not self.old.was_running:
            return
        self.tell(Step.GATE, "Watching whether the new container works")
        self.journal.before(Step.GATE)
        seconds = self.order.gate_seconds
        trouble = gate.pass_gate(self.engine, self.back.new_id, seconds=seconds, clock=self.clock)
        if trouble:
            raise GateFailed(f"The new container did not pass: {trouble}")
        self.journal.after(Step.GATE)

    def _release(self) -> Outcome:
        self.current_id = self.back.new_id
        self.tell(Step.RELEASE, "Removing the old container")
        self.journal.before(Step.RELEASE)
        try:
            self.engine.remove(self.old.id)
        except NoSuchObject:
            pass  # A --rm container is gone already.
        except EngineError as error:
            self.journal.close("")
            reason = f"The old container is still there as {self.old.aside_name}: {error}"
            return Outcome(State.UPDATED, reason, self.current_id)
        self.journal.after(Step.RELEASE)
        self.journal.close(State.UPDATED)
        return Outcome(State.UPDATED, new_id=self.current_id)

    def _roll_back(self, why: str) -> Outcome:
        try:
            self.tell(Step.ROLL_BACK, f"Going back to the old container: {why}")
            self.journal.before(Step.ROLL_BACK, reason=why)
        finally:  # A record that cannot be written must not cost the container.
            troubles = self.back.go()
            if self.back.is_held:
                self.current_id = self.back.twin_id or self.old.id
        if troubles:
            self.journal.close("")
            reason = " ".join([why, "Going back did not work in full:", *troubles])
            return Outcome(State.FAILED, reason, self.back.twin_id)
        self.journal.after(Step.ROLL_BACK)
        state = State.ROLLED_BACK if self.back.is_held else State.FAILED
        self.journal.close(state)
        return Outcome(state, why, self.back.twin_id)
