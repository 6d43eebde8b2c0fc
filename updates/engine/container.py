"""What an engine's lists and answers say, as values. Source: Engine API, ContainerSummary and
ImageSummary."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Self

SHORTEST_ID = 6  # Digits that are taken for the beginning of an id, and not for a name.
_HEALTH = re.compile(r"\((?:health: )?(healthy|unhealthy|starting)\)")


@dataclass(frozen=True, slots=True)
class ContainerSummary:
    """One entry of the container list.

    `image` is the reference as the list shows it, or an image id once its tag moved away; `name`
    has no slash; `health` is "", "starting", "healthy" or "unhealthy".
    """

    id: str
    name: str
    image: str
    image_id: str
    state: str
    status: str = ""
    health: str = ""
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    created_at: datetime | None = None
    network_mode: str = ""
    networks: tuple[str, ...] = ()

    @classmethod
    def from_api(cls, entry: Mapping[str, Any]) -> "ContainerSummary":
        status = str(entry.get("Status") or "")
        health = _HEALTH.search(status)
        networks = (entry.get("NetworkSettings") or {}).get("Networks") or {}
        return cls(
            id=entry["Id"],
            name=_name(entry.get("Names") or []) or entry["Id"][:12],
            image=str(entry.get("Image") or ""),
            image_id=str(entry.get("ImageID") or ""),
            state=str(entry.get("State") or ""),
            status=status,
            health=health.group(1) if health else "",
            labels=dict(entry.get("Labels") or {}),
            created_at=_time(entry.get("Created")),
            network_mode=str((entry.get("HostConfig") or {}).get("NetworkMode") or ""),
            networks=tuple(sorted(networks)),
        )


@dataclass(frozen=True, slots=True)
class ImageSummary:
    """One entry of the image list; `size` in bytes."""

    id: str
    repo_tags: tuple[str, ...] = ()
    repo_digests: tuple[str, ...] = ()
    size: int = 0
    created_at: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)

    @classmethod
    def from_api(cls, entry: Mapping[str, Any]) -> "ImageSummary":
        return cls(
            id=entry["Id"],
            repo_tags=_named(entry.get("RepoTags")),
            repo_digests=_named(entry.get("RepoDigests")),
            size=int(entry.get("Size") or 0),
            created_at=_time(entry.get("Created")),
            labels=dict(entry.get("Labels") or {}),
        )


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What an engine says of itself. `api_version` is the one to speak, `name` its product."""

    version: str
    api_version: str
    server_api_version: str
    min_api_version: str
    os: str = ""
    arch: str = ""
    name: str = ""
    is_podman: bool = False

    @property
    def platform(self) -> str:
        """ "linux/arm64", as registries call it; "" when the engine does not say."""
        return f"{self.os}/{self.arch}" if self.os and self.arch else ""

    def to_dict(self) -> dict[str, Any]:
        """A plain dict for a JSON column."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The reverse of `to_dict`; unknown keys are left out, what is missing is empty."""
        names = {one.name for one in fields(cls)} - {"is_podman"}
        texts = {name: str(data.get(name) or "") for name in names}
        return cls(**texts, is_podman=data.get("is_podman") is True)


@dataclass(frozen=True, slots=True)
class ExecResult:
    """How a command in a container ended; `output` is both its streams, as text."""

    exit_code: int
    output: str


def _name(names: list[str]) -> str:
    # Links add "/parent/alias" to the list: the container's own name has one slash.
    own = [name.lstrip("/") for name in names if name.count("/") == 1]
    return own[0] if own else ""


def _named(texts: list[str] | None) -> tuple[str, ...]:
    return tuple(text for text in texts or () if not text.startswith("<none>"))


def _time(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
