"""Whether a container lives in a network, or among processes, that are no more."""

from collections.abc import Mapping
from typing import Any

from updates.engine.errors import NoSuchObject
from updates.flow.ports import EnginePort
from updates.flow.ties import JOINS, parent_of


def is_cut_off(
    document: Mapping[str, Any], engine: EnginePort, new_ids: Mapping[str, str], *, ran: bool
) -> bool:
    """True if what it joins has another id by now, or came back later than it was started.

    `document` is its inspect; `new_ids`: of what was stopped, the ids of then and now; `ran`: it is
    to run. Raises EngineError.
    """
    modes = {parent_of(str(document["HostConfig"].get(key) or "")) for key in JOINS}
    return any(_is_gone(parent, document, engine, new_ids, ran) for parent in modes - {""})


def _is_gone(
    parent: str,
    document: Mapping[str, Any],
    engine: EnginePort,
    new_ids: Mapping[str, str],
    ran: bool,
) -> bool:
    if any(old.startswith(parent) and old != new for old, new in new_ids.items()):
        return True
    try:
        now = engine.inspect_container(parent)
    except NoSuchObject:
        return False  # A person took it away.
    if not ran or now["Id"] not in new_ids.values():
        return False
    is_running = bool(document["State"].get("Running"))
    return not is_running or _started(document) < _started(now)


def _started(document: Mapping[str, Any]) -> str:
    return str(document["State"].get("StartedAt") or "")
