"""An unfinished replacement, finished or undone from what its journal knew and the engine has.

Once the gate was passed it is finished; before that the old container comes back. Nothing is taken
on trust: each part looks at the engine first, so doing it twice is harmless.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from updates.engine.errors import NoSuchObject
from updates.flow.job import Outcome
from updates.flow.ports import Clock, EnginePort
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot
from updates.flow.way_back import WayBack

DIED = "Its worker died in the middle of it."
_BEFORE_HOLD = (Step.SNAPSHOT, Step.PRE_UPDATE, Step.CREATE)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What the journal knows; `step` is how far it had come, `new_id` "" while there was none.

    `shares`: it lives in what another container has, which may have been replaced or stopped.
    """

    old: Snapshot
    step: Step
    new_id: str = ""
    new_ids: Mapping[str, str] = field(default_factory=dict)
    removes_volumes: bool = False
    shares: bool = False


def recover(unfinished: Unfinished, engine: EnginePort, clock: Clock) -> Outcome:
    """Put one container right: updated, rolled_back, or failed with what could not be done.

    Raises EngineUnreachable and its like only where nothing was decided yet: try again later.
    """
    if unfinished.step is Step.RELEASE and _exists(engine, unfinished.new_id):
        return _finish(unfinished, engine)
    if not _exists(engine, unfinished.old.id) and not unfinished.old.removes_itself:
        return _keep(unfinished, engine)
    back = WayBack(
        engine,
        clock,
        unfinished.old,
        unfinished.new_ids,
        new_id=unfinished.new_id,
        is_held=unfinished.step not in _BEFORE_HOLD,
        is_cut_off=unfinished.shares,
    )
    if troubles := back.go():
        return Outcome(State.FAILED, " ".join([DIED, *troubles]), back.twin_id)
    return Outcome(State.ROLLED_BACK, f"{DIED} The old container is back.", back.twin_id)


def _finish(unfinished: Unfinished, engine: EnginePort) -> Outcome:
    """The new one has passed its gate: only the old one was left to remove."""
    if _exists(engine, unfinished.old.id):
        engine.remove(unfinished.old.id, volumes=unfinished.removes_volumes)
    return Outcome(State.UPDATED, f"{DIED} It was finished later.", unfinished.new_id)


def _keep(unfinished: Unfinished, engine: EnginePort) -> Outcome:
    """Somebody took the old one away: what is there is kept, under its name, running if it ran."""
    old, new_id = unfinished.old, unfinished.new_id
    if not _exists(engine, new_id):
        return Outcome(State.FAILED, f"{DIED} The container is not on its host any more.")
    if engine.inspect_container(new_id)["Name"].lstrip("/") != old.name:
        engine.rename(new_id, old.name)
    if old.was_running:
        engine.start(new_id)
    return Outcome(State.UPDATED, f"{DIED} The old one was gone; the new one is kept.", new_id)


def _exists(engine: EnginePort, container_id: str) -> bool:
    if not container_id:
        return False
    try:
        engine.inspect_container(container_id)
    except NoSuchObject:
        return False
    return True
