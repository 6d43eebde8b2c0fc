"""One container recreated: nothing of the old one is given up before the new one has proved itself.

    snapshot     inspect of container and old image
    pre-update   the container's own command; it may ask to be left alone
    create       the new one under a temporary name, while the old one still runs
    hold         the old one's restart policy set to "no", then it is stopped
    swap         the old one steps aside by name, the new one takes its name
    start        the new one is started, if the old one ran
    gate         the proof that it works
    post-update  the container's own command, in the new one
    release      the old one is removed

Whatever breaks a step, the old container is what remains (way_back). The journal knows of each
effect before it happens and again after it.
"""

from collections.abc import Callable

from updates.engine.errors import EngineError, NoSuchObject
from updates.engine.losses import losses
from updates.flow import gate, lifecycle
from updates.flow.job import Order, Outcome
from updates.flow.ports import Clock, EnginePort, Journal, Page
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot
from updates.flow.way_back import WayBack

Tell = Callable[[Step, str], None]
BROKEN_OFF = "The work on it was broken off."
NOT_STARTED = "Recreated and not started, as no-restart asks."
ASKED_TO_WAIT = "Its pre-update command asked to skip the update (exit code 75)."


class ConfigurationLost(Exception):
    """The engine left out some of what the new container was to have."""


class GateFailed(Exception):
    """The new container did not prove itself."""


class Declined(Exception):
    """The old container is left as it is: skipped if it asked for that, else failed."""

    def __init__(self, state: State, reason: str) -> None:
        super().__init__(reason)
        self.state = state


class Replacement:
    """One container on its way to its replacement.

    make, hold and finish follow each other; each but the last gives None when it went well, and
    the outcome when it did not. `current_id` is the id the container goes on under once it has
    been stopped, "" before that. `is_resting`: the new one is not started.
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
        self.is_resting = False
        self.old: Snapshot
        self.back: WayBack
        self.page: Page

    def run(self) -> Outcome:
        """Go through the steps; an engine's error is an outcome.

        Anything else (a fault of ours, the end of this worker) goes the way back, then on.
        """
        return self.make() or self.hold() or self.finish()

    def make(self) -> Outcome | None:
        """Up to the new container beside the old one, which is as it was."""
        try:
            self.old = Snapshot.take(self.engine, self.order.container.id, ran=self.order.ran)
        except NoSuchObject:
            return Outcome(State.SKIPPED, "It is not there any more.")
        except EngineError as error:
            return Outcome(State.SKIPPED, f"It could not be inspected: {error}")
        self.back = WayBack(self.engine, self.clock, self.old, self.order.new_ids)
        self.is_resting = not self.order.starts(self.old)
        self.page = self.journal.open(self.order.container, self.old.container)
        return self._through(self._pre_update, self._create)

    def hold(self) -> Outcome | None:
        """Stop the old one."""
        return self._through(self._hold)

    def finish(self) -> Outcome:
        """From the old one stopped to its end."""
        return (
            self._through(self._swap, self._start, self._pass_gate, self._post_update)
            or self._release()
        )

    def break_off(self) -> None:
        """Bring the old one back: nobody will finish this."""
        self._roll_back(BROKEN_OFF)

    def _through(self, *steps: Callable[[], None]) -> Outcome | None:
        try:
            for step in steps:
                step()
        except Declined as declined:
            self.page.close(declined.state)
            return Outcome(declined.state, str(declined))
        except (EngineError, ConfigurationLost, GateFailed) as error:
            return self._roll_back(str(error))
        except BaseException:
            self.break_off()
            raise
        return None

    def _pre_update(self) -> None:
        hook = lifecycle.hook(Step.PRE_UPDATE, self.order.settings)
        if hook is None or not self.order.is_update or not self.old.was_running:
            return
        self.page.before(Step.PRE_UPDATE)
        code = lifecycle.run_hook(hook, self.engine, self.old.container, self.tell)
        self.page.after(Step.PRE_UPDATE)
        if code == lifecycle.EX_TEMPFAIL:
            raise Declined(State.SKIPPED, ASKED_TO_WAIT)
        if code:
            raise Declined(State.FAILED, f"Its pre-update command failed with code {code}.")
        if code is None:
            raise Declined(State.FAILED, "Its pre-update command did not end.")

    def _create(self) -> None:
        self.tell(Step.CREATE, "Creating the new container beside the old one")
        self.page.before(Step.CREATE, temporary_name=self.old.temporary_name)
        body = self.old.body(
            self.engine.info.api_version,
            image=self.order.image or self.old.own_image(self.engine),
            image_id=self.order.image_id or self.old.image_id,
            new_ids=self.order.new_ids,
            keeps_volumes=not self.order.removes_volumes,
        )
        self.back.new_id = self.engine.create(self.old.temporary_name, body)
        self.page.after(Step.CREATE, new_id=self.back.new_id)
        if lost := losses(body, self.engine.inspect_container(self.back.new_id)):
            raise ConfigurationLost(f"The new container would be without {', '.join(lost)}.")

    def _hold(self) -> None:
        self.tell(Step.HOLD, "Stopping the old container")
        policy = str(self.old.restart_policy.get("Name", ""))
        self.page.before(Step.HOLD, restart_policy=policy)
        self.back.is_held = True
        if self.old.has_restart_policy:
            # A restarting engine must not bring the old one back beside the new one.
            self.engine.set_restart_policy(self.old.id, {"Name": "no"})
        if self.old.was_running:
            timeout_s = self.order.stop_timeout(self.old)
            signal = self.order.settings.stop_signal or None
            self.engine.stop(self.old.id, signal=signal, timeout_s=timeout_s)
        self.page.after(Step.HOLD)

    def _swap(self) -> None:
        self.tell(Step.SWAP, "Giving the new container its name")
        self.page.before(Step.SWAP, aside=self.old.aside_name)
        if not self.back.old_has_vanished():
            self.engine.rename(self.old.id, self.old.aside_name)
        self.engine.rename(self.back.new_id, self.old.name)
        self.page.after(Step.SWAP)

    def _start(self) -> None:
        if self.is_resting:
            return
        self.tell(Step.START, "Starting the new container")
        self.page.before(Step.START)
        self.engine.start(self.back.new_id)
        self.page.after(Step.START)

    def _pass_gate(self) -> None:
        if self.is_resting:
            return
        self.tell(Step.GATE, "Watching whether the new container works")
        self.page.before(Step.GATE)
        trouble = gate.pass_gate(
            self.engine,
            self.back.new_id,
            seconds=self.order.settings.gate_seconds,
            clock=self.clock,
            may_end=not self.old.was_running,
        )
        if trouble:
            raise GateFailed(f"The new container did not pass: {trouble}")
        self.page.after(Step.GATE)

    def _post_update(self) -> None:
        hook = lifecycle.hook(Step.POST_UPDATE, self.order.settings)
        if hook is None or not self.order.is_update or self.is_resting:
            return
        self.page.before(Step.POST_UPDATE)
        document = self.engine.inspect_container(self.back.new_id)
        code = lifecycle.run_hook(hook, self.engine, document, self.tell)
        if code != 0 and self.order.settings.post_update_rolls_back:
            raise GateFailed("The post-update command failed in the new container.")
        self.page.after(Step.POST_UPDATE)

    def _release(self) -> Outcome:
        self.current_id = self.back.new_id
        self.tell(Step.RELEASE, "Removing the old container")
        volumes = self.order.removes_volumes
        self.page.before(Step.RELEASE, **({"remove_volumes": "yes"} if volumes else {}))
        try:
            self.engine.remove(self.old.id, volumes=volumes)
        except NoSuchObject:
            pass  # A --rm container is gone already.
        except EngineError as error:
            self.page.close("")
            reason = f"The old container is still there as {self.old.aside_name}: {error}"
            return Outcome(State.UPDATED, reason, self.current_id)
        self.page.after(Step.RELEASE)
        self.page.close(State.UPDATED)
        reason = NOT_STARTED if self.is_resting and self.old.was_running else ""
        return Outcome(State.UPDATED, reason, self.current_id)

    def _roll_back(self, why: str) -> Outcome:
        try:
            self.tell(Step.ROLL_BACK, f"Going back to the old container: {why}")
            self.page.before(Step.ROLL_BACK, reason=why)
        finally:  # A record that cannot be written must not cost the container.
            troubles = self.back.go()
            if self.back.is_held:
                self.current_id = self.back.twin_id or self.old.id
        if troubles:
            self.page.close("")
            reason = " ".join([why, "Going back did not work in full:", *troubles])
            return Outcome(State.FAILED, reason, self.back.twin_id)
        self.page.after(Step.ROLL_BACK)
        state = State.ROLLED_BACK if self.back.is_held else State.FAILED
        self.page.close(state)
        return Outcome(state, why, self.back.twin_id)
