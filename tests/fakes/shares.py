"""What a container shares with others, as its HostConfig says."""

from collections.abc import Mapping
from typing import Any

_MODES = {"network": "NetworkMode", "ipc": "IpcMode", "pid": "PidMode"}


def parent(host: Mapping[str, Any], what: str) -> str:
    """Whose network, ipc or pid namespace it joins, as written; "" for its own."""
    kind, _, found = str(host.get(_MODES[what], "")).partition(":")
    return found if kind == "container" else ""


def joined(host: Mapping[str, Any]) -> list[str]:
    """All whose namespaces it joins: they must run when it starts."""
    return [found for what in _MODES if (found := parent(host, what))]


def all_parents(host: Mapping[str, Any]) -> list[str]:
    """All that must be there when it is created."""
    return joined(host) + [entry.partition(":")[0] for entry in host.get("VolumesFrom") or []]
