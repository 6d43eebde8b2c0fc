"""An unfinished replacement, finished or undone from what its journal knew and the engine has.

Once the gate was passed it is finished; before that the old container comes back. Nothing is taken
on trust: each part looks at the engine first, so doing it twice is harmless. What a person changed
meanwhile is left alone, and told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from updates.flow.job import Outcome
from updates.flow.look import look
from updates.flow.making import unmake
from updates.flow.ports import Clock, EnginePort
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot
from updates.flow.way_back import GONE, WayBack

DIED = "Its worker died in the middle of it."
FINISHED = f"{DIED} It was finished later."
_BEFORE_HOLD = (Step.SNAPSHOT, Step.PRE_UPDATE, Step.CREATE)
_Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What the journal knows; `step` is how far it had come, `new_id` "" while there was none.

    `failure`: why the new one failed, with its `log`; its image is to blame if it `is_update`.
    `new_ids`: ids of containers that were recreated before it, to the ids they have now. `shares`:
    it lives in what another container has, which may have been replaced or stopped. `rests`: the
    new one is not to be started. `is_rebuild`: there was no old one, it had vanished.
    """

    old: Snapshot
    step: Step
    new_id: str = ""
    new_ids: Mapping[str, str] = field(default_factory=dict)
    removes_volumes: bool = False
    shares: bool = False
    rests: bool = False
    failure: str = ""
    log: str = ""
    is_update: bool = True
    is_rebuild: bool = False

    @property
    def blames_image(self) -> bool:
        return bool(self.failure) and self.is_update


def recover(unfinished: Unfinished, engine: EnginePort, clock: Clock) -> Outcome:
    """Put one container right: updated, rolled_back, skipped where a person took it away, or
    failed with what could not be done.

    Raises EngineUnreachable and its like only where nothing was decided yet: try again later.
    """
    new = look(engine, unfinished.new_id)
    if unfinished.is_rebuild:
        return _rebuilt(unfinished, engine, new)
    if unfinished.step is Step.RELEASE and new:
        return _finish(unfinished, engine, new)
    old = unfinished.old
    # One that went by itself before it was touched went with its engine, and is missed.
    has_vanished = old.removes_itself and not look(engine, old.id)
    back = WayBack(
        engine,
        clock,
        old,
        unfinished.new_ids,
        new_id=unfinished.new_id,
        is_held=has_vanished or unfinished.step not in _BEFORE_HOLD,
        is_contested=unfinished.step is Step.HOLD,
        is_cut_off=unfinished.shares,
        rests=unfinished.rests,
    )
    troubles = back.go()
    begun = f"{unfinished.failure} {DIED}".strip()
    is_bad, log = unfinished.blames_image, unfinished.log
    if troubles:
        reason = " ".join([begun, *troubles])
        return Outcome(State.FAILED, reason, back.twin_id, is_bad, log, is_left=True)
    return replace(_told(back, begun), blames_image=is_bad, log=log)


def _rebuilt(unfinished: Unfinished, engine: EnginePort, new: _Document) -> Outcome:
    """One that was being made again is there to stay, or is taken away."""
    if unfinished.step is not Step.RELEASE:
        unmake(engine, unfinished.new_id or unfinished.old.temporary_name)
        reason = f"{unfinished.failure} {DIED} What was made was taken away again.".strip()
        return Outcome(State.FAILED, reason, log=unfinished.log)
    if not new:
        return Outcome(State.SKIPPED, f"{DIED} {GONE}")
    if unfinished.old.was_running and not new["State"].get("Running"):
        engine.start(unfinished.new_id)  # Its engine died too.
    return Outcome(State.UPDATED, FINISHED, unfinished.new_id)


def _told(back: WayBack, begun: str) -> Outcome:
    """The outcome of a way that was gone to its end."""
    state = State.ROLLED_BACK if back.is_back else State.SKIPPED
    if back.kept_id:
        state = State.UPDATED
    reason = f"{begun} {back.note or 'The old container is back.'}"
    return Outcome(state, reason, back.kept_id or back.twin_id)


def _finish(unfinished: Unfinished, engine: EnginePort, new: _Document) -> Outcome:
    """The new one has passed its gate: only the old one was left to remove."""
    is_to_run = unfinished.old.was_running and not unfinished.rests
    if is_to_run and not new["State"].get("Running"):
        engine.start(unfinished.new_id)  # Its engine died too, and starts only what is to restart.
    if look(engine, unfinished.old.id):
        engine.remove(unfinished.old.id, volumes=unfinished.removes_volumes)
    return Outcome(State.UPDATED, FINISHED, unfinished.new_id)
