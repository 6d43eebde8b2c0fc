"""The way back from a replacement: the old container as it was, and nothing beside it.

    remove     the new container, which may hold the name, the ports and the address
    name       the old one takes its name again
    let go     its restart policy as it was, and started if it ran; a --rm container that vanished
               when it was stopped is made again from its snapshot, and so is one whose network
               or processes were those of a container that has another id by now

Each part asks what is there and is tried whatever became of the one before it. What a person did
meanwhile stays: the new one, if the old one was taken away; another container that has its name.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from updates.engine.errors import EngineConflict, EngineError, NoSuchObject
from updates.engine.hostspec import host_config
from updates.flow import twin
from updates.flow.look import look
from updates.flow.ports import Clock, EnginePort
from updates.flow.snapshot import Snapshot
from updates.flow.ties import JOINS

KEPT = "The old container was removed meanwhile; the new one is kept."
RENAMED = "Somebody renamed it to {name} meanwhile: it keeps that name."
GONE = "Somebody removed the container meanwhile: nothing is left of it on its host."
REPLACED = (
    "It was replaced since by something that this record does not know: the container {name} that "
    "is there now was left alone."
)
_VANISH_S = 10.0
_STOP_S = 10
_PAUSE_S = 0.2


@dataclass(slots=True)
class WayBack:
    """How to undo what was done so far.

    `new_id` is "" while only the new one's temporary name is known. `is_held`: the old one's
    restart policy, run state or name may have been touched. `is_contested`: whoever began may be
    late and not dead, and its call to stop the old one may come yet. `is_cut_off`: what it shares
    with another was touched, so it has to start anew. `rests`: the new one is not to run.
    `twin_id`: what the old one came back as, if not as itself; `kept_id`: the new one, if that is
    what remains. `note`: what a person did meanwhile, in a sentence; `is_back` False: because of
    that the old one does not come back.
    """

    engine: EnginePort
    clock: Clock
    old: Snapshot
    new_ids: Mapping[str, str]
    new_id: str = ""
    is_held: bool = False
    is_contested: bool = False
    is_cut_off: bool = False
    rests: bool = False
    twin_id: str = ""
    kept_id: str = ""
    note: str = ""
    is_back: bool = True
    troubles: list[str] = field(default_factory=list)

    @property
    def is_touched(self) -> bool:
        return self.is_held or self.is_cut_off

    def go(self) -> list[str]:
        """Go back; the sentences of what could not be done. Never raises EngineError."""
        if self._was_taken_away():
            self._try("keep the new container", self._keep_new)
            return self.troubles
        self.is_held = self.is_held or self._has_lost_its_parent()
        with ExitStack() as parts:  # The last one in is the first one done.
            if self.is_touched:
                parts.callback(self._try, "start the old container", self._let_go)
                parts.callback(self._try, "give the old container its name back", self._name)
            parts.callback(self._try, "remove the new container", self._remove_new)
        return self.troubles

    def old_has_vanished(self) -> bool:
        """True if the old one was a --rm container and went when it stopped. Waits for it to go."""
        if not (self.old.removes_itself and self.old.was_running):
            return False
        return self._goes_away(self.old.id)

    @property
    def current_id(self) -> str:
        """The id that the container goes on under."""
        return self.kept_id or self.twin_id or self.old.id

    def _was_taken_away(self) -> bool:
        """True if the old one is gone, and not by itself."""
        if self.old.removes_itself:
            return False
        try:
            self.engine.inspect_container(self.old.id)
        except NoSuchObject:
            return True
        except EngineError:
            pass  # Each part of the way back will say so.
        return False

    def _keep_new(self) -> None:
        """It is all there is: under its name, and running if the old one ran."""
        self.is_back = False
        there, new = look(self.engine, self.old.name), look(self.engine, self._new)
        is_replaced = bool(there) and there["Id"] != new.get("Id")
        if is_replaced or not new:
            self.note = REPLACED.format(name=self.old.name) if is_replaced else GONE
            self._remove_new()  # It has never had its place.
            return
        self.note, self.kept_id = KEPT, str(new["Id"])
        name = new["Name"].lstrip("/")
        if name == self.old.temporary_name:
            self.engine.rename(self.kept_id, self.old.name)
        elif name != self.old.name:
            self.note = f"{KEPT} {RENAMED.format(name=name)}"
        if self.old.was_running and not self.rests:
            self.engine.start(self.kept_id)

    def _try(self, name: str, part: Callable[[], None]) -> None:
        try:
            part()
        except EngineError as error:
            self.troubles.append(f"Could not {name}: {error}")

    @property
    def _new(self) -> str:
        return self.new_id or self.old.temporary_name

    def _remove_new(self) -> None:
        self._outlast_old()
        try:
            self.engine.remove(self._new, force=True)
        except NoSuchObject:
            return
        except EngineConflict:
            # A --rm container that has stopped is being removed by the engine already.
            if not self._goes_away(self._new):
                raise

    def _outlast_old(self) -> None:
        """With a --rm container the engine removes its anonymous volumes, but for those that
        another one refers to: without the new one beside it, its data would go, too. One that
        may be stopped behind our back, when the new one is gone, is stopped now."""
        if not self.is_held:
            return
        if self.is_contested and self.old.removes_itself and self._is_running(self.old.id):
            self._stop_old()
        if self.old_has_vanished():
            self.clock.sleep(_PAUSE_S)  # The engine forgets the container before its volumes.

    def _name(self) -> None:
        if self.old_has_vanished() or self._has_lost_its_parent():
            return
        name = self.engine.inspect_container(self.old.id)["Name"].lstrip("/")
        if name not in (self.old.name, self.old.aside_name):
            self.note = RENAMED.format(name=name)
        elif name != self.old.name:
            self._take_name()

    def _take_name(self) -> None:
        try:
            self.engine.rename(self.old.id, self.old.name)
        except EngineConflict:
            if not self._is_a_strangers(self.old.name):
                raise
            self._leave_to_stranger()

    def _let_go(self) -> None:
        if self.troubles and self._is_running(self._new):
            # Two of them at work on the same volumes would be worse than a wrong version.
            self.troubles.append("The old container stays stopped while the new one runs.")
        elif self.old_has_vanished() or self._has_lost_its_parent():
            self._make_twin()
        elif self.is_back:  # Else a stranger has its name: it must not run beside that one.
            self._start_old()

    def _stop_old(self) -> None:
        own = self.old.stop_timeout
        self.engine.stop(self.old.id, signal=None, timeout_s=_STOP_S if own is None else own)

    def _start_old(self) -> None:
        if self.is_cut_off:
            self._stop_old()
        if self.old.has_restart_policy:
            self.engine.set_restart_policy(self.old.id, self.old.restart_policy)
        if self.old.was_running:
            self.engine.start(self.old.id)

    def _is_a_strangers(self, name: str) -> bool:
        found = self.engine.inspect_container(name)["Id"]
        return found not in (self.old.id, self.new_id)

    def _has_lost_its_parent(self) -> bool:
        """True if it joined a container that is another one by now: it could not start."""
        before, now = (
            self.old.container["HostConfig"],
            host_config(self.old.container, self.new_ids),
        )
        return any(before.get(key) != now.get(key) for key in JOINS)

    def _make_twin(self) -> None:
        """As it was, under its name; what there may be of the old one goes once that is there."""
        body = twin.body_of(self.old, self.engine, self.new_ids)
        there = look(self.engine, self.old.name)
        if there and there["Id"] == self.old.id:
            self.engine.rename(self.old.id, self.old.aside_name)
        elif there and not twin.is_twin(there, self.old, body):
            self._leave_to_stranger()
            return
        is_made = bool(there) and there["Id"] != self.old.id  # An earlier try came so far.
        if is_made:
            self.twin_id = there["Id"]
        else:
            self.twin_id, self.note = twin.make(self.old, body, self.engine)
        if self.old.was_running:
            self.engine.start(self.twin_id)
        with suppress(NoSuchObject):  # It was a --rm container.
            self.engine.remove(self.old.id, force=True)

    def _leave_to_stranger(self) -> None:
        """Somebody else's container has the name: the old one does not run beside it."""
        self.is_back = False
        self.note = REPLACED.format(name=self.old.name)
        if look(self.engine, self.old.id):
            self.note = (
                f"Somebody made another container named {self.old.name} meanwhile: that one was "
                f"left alone. The old one is kept, stopped, as {self.old.aside_name}."
            )

    def _is_running(self, container: str) -> bool:
        there = look(self.engine, container)
        return bool(there) and bool(there["State"].get("Running"))

    def _goes_away(self, container: str) -> bool:
        """True once the engine does not know it any more; False if it runs, or stays too long."""
        end = self.clock.monotonic() + _VANISH_S
        while True:
            try:
                state = self.engine.inspect_container(container)["State"]
            except NoSuchObject:
                return True
            if state.get("Running") or self.clock.monotonic() >= end:
                return False
            self.clock.sleep(_PAUSE_S)
