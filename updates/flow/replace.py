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

Whatever breaks a step, the old container is what remains: work and unit call for the way back. The
journal knows of each effect before it happens and again after it.
"""

from collections.abc import Callable
from typing import NoReturn

from updates.engine.errors import EngineError, NoSuchObject
from updates.engine.losses import losses
from updates.flow import gate, lifecycle
from updates.flow.endings import ConfigurationLost, Declined, GateFailed
from updates.flow.job import Order, Outcome
from updates.flow.last_words import last_words
from updates.flow.ports import Clock, EnginePort, Journal, Page, Prober, no_prober
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot
from updates.flow.way_back import WayBack

Tell = Callable[[Step, str], None]
BROKEN_OFF = "The work on it was broken off."
NOT_STARTED = "Recreated and not started, as no-restart asks."
ASKED_TO_WAIT = "Its pre-update command asked to skip the update (exit code 75)."


class Replacement:
    """One container on its way to its replacement.

    note, make, hold, prove and release follow each other, once each; roll_back may come after any
    but the last. `current_id` is the id the container goes on under once it has been stopped, ""
    before that. `is_resting`: the new one is not started. `is_started`: it was told to start, and
    what fails from then on is its own failure.
    """

    def __init__(
        self,
        order: Order,
        engine: EnginePort,
        journal: Journal,
        tell: Tell,
        clock: Clock,
        prober: Prober = no_prober,
    ) -> None:
        self.order = order
        self.engine = engine
        self.journal = journal
        self.tell = tell
        self.clock = clock
        self.prober = prober
        self.current_id = ""
        self.is_resting = False
        self.is_started = False
        self.is_noted = False
        self.old: Snapshot
        self.back: WayBack
        self.page: Page

    def note(self) -> None:
        """Take its snapshot, and open its page in the journal. Raises Declined."""
        try:
            self.old = Snapshot.take(self.engine, self.order.container.id, ran=self.order.ran)
        except NoSuchObject as error:
            raise Declined(State.SKIPPED, "It is not there any more.") from error
        except EngineError as error:
            raise Declined(State.SKIPPED, f"It could not be inspected: {error}") from error
        self.back = WayBack(self.engine, self.clock, self.old, self.order.new_ids)
        self.page = self.journal.open(self.order.container, self.old.record())
        self.is_noted = True
        if self.order.parents:
            self.page.after(Step.SNAPSHOT, shares="yes")

    def make(self) -> None:
        """Up to the new container beside the old one, which is as it was.

        Raises Declined, ConfigurationLost, EngineError.
        """
        if not self.is_noted:
            self.note()
        self.is_resting = not self.order.starts(self.old)
        self._pre_update()
        self._create()

    def prove(self) -> None:
        """From the old one stopped to the new one in its place. Raises GateFailed, EngineError."""
        self._swap()
        self._start()
        self._pass_gate()
        self._post_update()
        self.current_id = self.back.new_id

    def leave(self, state: State) -> None:
        """Close the page of one that is left as it is."""
        self.page.close(state)

    def _pre_update(self) -> None:
        hook = lifecycle.hook(Step.PRE_UPDATE, self.order.settings)
        if hook is None or not self.order.is_update or not self.old.was_running:
            return
        self.page.before(Step.PRE_UPDATE)
        code = lifecycle.run_hook(hook, self.engine, self.old.container, self.tell)
        self.page.after(Step.PRE_UPDATE)
        if code == lifecycle.EX_TEMPFAIL:
            self._decline(State.SKIPPED, ASKED_TO_WAIT)
        if code:
            self._decline(State.FAILED, f"Its pre-update command failed with code {code}.")
        if code is None:
            self._decline(State.FAILED, "Its pre-update command did not end.")

    def _decline(self, state: State, reason: str) -> NoReturn:
        self.leave(state)
        raise Declined(state, reason)

    def _create(self) -> None:
        self.tell(Step.CREATE, "Creating the new container beside the old one")
        body = self.old.body(
            self.engine.info.api_version,
            image=self.order.image or self.old.own_image(self.engine),
            image_id=self.order.image_id or self.old.image_id,
            new_ids=self.order.new_ids,
            keeps_volumes=not self.order.removes_volumes,
        )
        self.page.plan(body.config, self.order.image_id or self.old.image_id)
        self.page.before(Step.CREATE, **self._facts())
        self.back.new_id = self.engine.create(self.old.temporary_name, body)
        self.page.after(Step.CREATE, new_id=self.back.new_id)
        if lost := losses(body, self.engine.inspect_container(self.back.new_id)):
            raise ConfigurationLost(f"The new container would be without {', '.join(lost)}.")

    def _facts(self) -> dict[str, str]:
        """What whoever finishes this has to know, beside the snapshot."""
        claims = {
            "restarts": not self.order.is_update,
            "rests": self.is_resting,
            "remove_volumes": self.order.removes_volumes,
        }
        told = {name: "yes" for name, is_so in claims.items() if is_so}
        return {"temporary_name": self.old.temporary_name, **told}

    def hold(self) -> None:
        """Stop the old one. Raises EngineError."""
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
        self.is_started = True
        self.engine.start(self.back.new_id)
        self.page.after(Step.START)

    def _pass_gate(self) -> None:
        if self.is_resting:
            return
        self.tell(Step.GATE, "Watching whether the new container works")
        self.page.before(Step.GATE)
        if trouble := self._gate_trouble():
            raise GateFailed(f"The new container did not pass: {trouble}")
        self.page.after(Step.GATE)

    def _gate_trouble(self) -> str:
        settings, new = self.order.settings, self.back.new_id
        may_end = settings.gate_passes_exit or not self.old.was_running
        trouble = gate.pass_gate(
            self.engine, new, seconds=settings.gate_seconds, clock=self.clock, may_end=may_end
        )
        if trouble or not settings.gate_probe:
            return trouble
        return gate.pass_probe(
            self.engine,
            new,
            settings.gate_probe,
            prober=self.prober,
            timeout_s=settings.gate_timeout,
            clock=self.clock,
        )

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

    def release(self) -> Outcome:
        """Give the old one up; the journal was told (Journal.commit)."""
        self.tell(Step.RELEASE, "Removing the old container")
        try:
            self.engine.remove(self.old.id, volumes=self.order.removes_volumes)
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

    def roll_back(self, why: str, *, is_cut_off: bool = False, has_failed: bool = False) -> Outcome:
        """Bring the old one back. `is_cut_off`: what it shares was touched, so it is stopped and
        started also if it still runs. `has_failed`: the new container did; its log is kept."""
        log = ""
        try:
            self.tell(Step.ROLL_BACK, f"Going back to the old container: {why}")
            self.back.is_cut_off = is_cut_off
            self.page.before(Step.ROLL_BACK, reason=why)
            log = last_words(self.engine, self.back.new_id) if has_failed else ""
        finally:  # A record that cannot be written must not cost the container.
            self.back.rests = self.is_resting
            troubles = self.back.go()
            if self.back.is_touched:
                self.current_id = self.back.current_id
        is_to_blame = has_failed and self.order.is_update
        new_id = self.back.kept_id or self.back.twin_id
        if troubles:
            self.page.close("")
            reason = " ".join([why, "Going back did not work in full:", *troubles])
            return Outcome(State.FAILED, reason, new_id, is_to_blame, log, is_left=True)
        self.page.after(Step.ROLL_BACK)
        is_back = self.back.is_touched and self.back.is_back
        state = State.ROLLED_BACK if is_back else State.FAILED
        self.page.close(state)
        return Outcome(state, f"{why} {self.back.note}".strip(), new_id, is_to_blame, log)
