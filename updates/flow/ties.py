"""What binds a container to others and is not in the container list: its inspect tells.

It never changes in a container's life, so it is asked once and kept with the container's id.
Source: Engine API, HostConfig (IpcMode, PidMode, VolumesFrom, Links) and EndpointSettings (Links).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

# The keys of HostConfig by which a container joins another one.
JOINS = ("NetworkMode", "IpcMode", "PidMode")


@dataclass(frozen=True, slots=True)
class Ties:
    """As the inspect has them: modes "container:<name or id>", "" for any other;
    `volumes_from` "<name or id>[:ro]", `links` "/db:/web/alias" or "db:alias".

    `removes_itself`: a --rm container, which is gone once it ends.
    """

    ipc: str = ""
    pid: str = ""
    volumes_from: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    removes_itself: bool = False

    @property
    def vanishes_with_parent(self) -> bool:
        """True if it ends with the container whose processes it shares, and removes itself."""
        return bool(self.pid) and self.removes_itself

    @classmethod
    def of(cls, container: Mapping[str, Any]) -> Self:
        """From an inspect document. Raises KeyError for one that is no container's."""
        host = container["HostConfig"]
        networks = (container.get("NetworkSettings") or {}).get("Networks") or {}
        links = [*(host.get("Links") or ())]
        for endpoint in networks.values():
            links += (endpoint or {}).get("Links") or ()
        return cls(
            _joined(host.get("IpcMode")),
            _joined(host.get("PidMode")),
            tuple(host.get("VolumesFrom") or ()),
            tuple(dict.fromkeys(links)),
            bool(host.get("AutoRemove")),
        )

    def to_json(self) -> dict[str, Any]:
        """A plain dict for a JSON column."""
        found = asdict(self)
        return found | {name: list(found[name]) for name in ("volumes_from", "links")}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The reverse of `to_json`; unknown keys are left out, what is missing is empty."""
        return cls(
            str(data.get("ipc") or ""),
            str(data.get("pid") or ""),
            tuple(data.get("volumes_from") or ()),
            tuple(data.get("links") or ()),
            data.get("removes_itself") is True,
        )


def parent_of(mode: str) -> str:
    """Whom "container:vpn" names; "" for a mode that joins no container."""
    kind, _, parent = mode.partition(":")
    return parent if kind == "container" else ""


def sources(entries: Iterable[str]) -> tuple[str, ...]:
    """Whom entries of VolumesFrom or Links name: what stands before the colon, without a slash."""
    return tuple(entry.partition(":")[0].lstrip("/") for entry in entries)


def _joined(mode: str | None) -> str:
    return mode if mode and parent_of(mode) else ""
