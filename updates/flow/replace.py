"""One container recreated: nothing of the old one is given up before the new one has proved itself.

    snapshot     inspect of container and old image
    pre-update   the container's own command; it may ask to be left alone
    create       the new one under a temporary name, while the old one still runs
    hold         the old one's restart policy set to "no", then it is stopped
    swap         the old one steps aside by name, the new one takes its name
    start        the new one is started, if the old one ran
    gate         the proof that it works
    post-update  the container's own command, in the new one
    release      the old one is removed (closing)

Whatever breaks a step, the old container is what remains: work and unit call for the way back. The
journal knows of each effect before it happens and again after it.
"""

from functools import partial
from typing import NoReturn

from updates.engine.errors import EngineConflict, EngineError, NoSuchObject
from updates.engine.losses import losses
from updates.engine.spec import CreateBody
from updates.flow import gate, lifecycle, needs
from updates.flow.closing import Closing
from updates.flow.endings import ConfigurationLost, Declined, GateFailed, Lacking, Meddled
from updates.flow.half_way import is_half_way
from updates.flow.look import look
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot
from updates.flow.way_back import WayBack

OTHERS = (
    "The container {name} is on its host: another Watchweb is at work on it, or has left it. If "
    "none is, remove that one."
)
BROKEN_OFF = "The work on it was broken off."
ASKED_TO_WAIT = "Its pre-update command asked to skip the update (exit code 75)."


class Replacement(Closing):
    """One container on its way to its replacement.

    note, make, hold, prove and release follow each other, once each; roll_back may come after any
    but the last.
    """

    is_noted = False
    body: CreateBody

    def note(self) -> None:
        """Take its snapshot, and open its page in the journal. Raises Declined."""
        try:
            self.old = Snapshot.take(self.engine, self.order.container.id, ran=self.order.ran)
        except NoSuchObject as error:
            raise Declined(State.SKIPPED, "It is not there any more.") from error
        except EngineError as error:
            raise Declined(State.SKIPPED, f"It could not be inspected: {error}") from error
        if is_half_way(self.old.name, self.old.id):
            raise Declined(State.SKIPPED, OTHERS.format(name=self.old.name))
        self.back = WayBack(self.engine, self.clock, self.old, self.order.new_ids)
        facts = {"shares": "yes"} if self.order.parents else {}
        self.page = self.journal.open(self.order.container, self.old.record(), **facts)
        self.is_noted = True

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
        self._check_needs(body)
        self.page.plan(body.config, self.order.image_id or self.old.image_id)
        self.page.before(Step.CREATE, **self._facts())
        try:
            self.back.new_id = self.engine.create(self.old.temporary_name, body)
        except EngineConflict:
            self._decline(State.SKIPPED, OTHERS.format(name=self.old.temporary_name))
        self.page.after(Step.CREATE, new_id=self.back.new_id)
        if lost := losses(body, self.engine.inspect_container(self.back.new_id)):
            raise ConfigurationLost(f"The new container would be without {', '.join(lost)}.")

    def _check_needs(self, body: CreateBody) -> None:
        """Before a create would make a volume of the same name. Raises Declined, EngineError."""
        self.body = body
        try:
            needs.check(body, self.engine)
        except Lacking as lacking:
            self._decline(State.FAILED, str(lacking))

    def _facts(self) -> dict[str, str]:
        """What whoever finishes this has to know, beside the snapshot."""
        claims = {
            "restarts": not self.order.is_update,
            "rests": self.is_resting,
            "remove_volumes": self.order.removes_volumes,
        }
        told = {name: "yes" for name, is_so in claims.items() if is_so}
        known = {"digest": self.order.digest, "version": self.order.version}
        told |= {name: value for name, value in known.items() if value}
        return {"temporary_name": self.old.temporary_name, **told}

    def hold(self) -> None:
        """Stop the old one. Raises EngineError."""
        self._look_again()
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

    def _look_again(self) -> None:
        """The old one and what it needs, right before it is stopped.

        Raises Meddled, Lacking, EngineError.
        """
        name = self.engine.inspect_container(self.old.id)["Name"].lstrip("/")
        if name != self.old.name:
            raise Meddled(f"Somebody renamed it to {name} meanwhile: it was left alone.")
        needs.check(self.body, self.engine)

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
        self.page.before(Step.GATE)
        trouble = gate.trouble_with(
            self.engine,
            self.back.new_id,
            self.order.settings,
            prober=self.prober,
            clock=self.clock,
            may_end=not self.old.was_running,
            watching=partial(self.tell, Step.GATE),
        )
        if trouble and not self.old.removes_itself and not look(self.engine, self.back.new_id):
            raise Meddled("Somebody removed the new container meanwhile.")
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
