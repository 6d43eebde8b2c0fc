"""The words of a run: its kinds and states, its parameters, what became of a container.

Source: Watchtower's session report (scanned, fresh, stale, updated, restarted, failed, skipped).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What a run is for."""

    SCAN = "scan"
    UPDATE = "update"


class State(StrEnum):
    """What became of one container in a run."""

    FRESH = "fresh"
    STALE = "stale"
    UPDATED = "updated"
    RESTARTED = "restarted"
    ROLLED_BACK = "rolled_back"
    FAILED = "failed"
    SKIPPED = "skipped"


class CheckStatus(StrEnum):
    """How a container's image stands to its registry."""

    UP_TO_DATE = "up_to_date"
    UPDATE_AVAILABLE = "update_available"
    UNKNOWN = "unknown"
    LOCAL = "local"
    PINNED = "pinned"
    EXCLUDED = "excluded"


class Step(StrEnum):
    """Where a container is in its update; the words of design and journal."""

    CHECK = "check"
    PULL = "pull"
    PULLED = "pulled"
    SNAPSHOT = "snapshot"
    CREATE = "create"
    HOLD = "hold"
    SWAP = "swap"
    START = "start"
    GATE = "gate"
    RELEASE = "release"
    ROLL_BACK = "roll_back"
    DONE = "done"


class Interrupted(Exception):
    """The run may not go on: another worker holds its lease, or it was told to stop."""


NOBODY = ("",)  # No container is named so.


@dataclass(frozen=True, slots=True)
class Params:
    """How a run is to be done. Watchtower's switches by their own names; durations in seconds.

    Names and images are patterns with `*` and `?`; with `regex`, Watchtower's regular expressions.
    `scope`: "" takes all containers, "none" those without a scope.
    `max_age_s`: how old a registry's answer may be when the run begins; 0 asks anew.
    """

    kind: Kind = Kind.SCAN
    names: tuple[str, ...] = ()
    label_enable: bool = False
    include_stopped: bool = False
    include_restarting: bool = False
    regex: bool = False
    disable_containers: tuple[str, ...] = ()
    monitor_image_names: tuple[str, ...] = ()
    skip_image_names: tuple[str, ...] = ()
    enable_containers_by_label: tuple[str, ...] = ()
    disable_containers_by_label: tuple[str, ...] = ()
    scope: str = ""
    monitor_only: bool = False
    no_pull: bool = False
    cleanup: bool = False
    stop_timeout: int = 10
    gate_seconds: int = 5
    max_age_s: int = 0

    def to_json(self) -> dict[str, Any]:
        """A plain dict for a JSON column."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The reverse of `to_json`; unknown keys are left out, missing ones are default."""
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        known["kind"] = Kind(known.get("kind", Kind.SCAN))
        for name in (one.name for one in fields(cls) if isinstance(one.default, tuple)):
            known[name] = tuple(known.get(name) or ())
        return cls(**known)

    def on_host(self, host: str) -> Self:
        """As they are for one host: "nas/web" names web on the host nas, and nothing elsewhere.

        Regular expressions name no host.
        """
        if self.regex:
            return self
        mine = _on_host(self.names, host)
        return replace(
            self,
            names=mine or (NOBODY if self.names else ()),
            disable_containers=_on_host(self.disable_containers, host),
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one container, and why. Digests are "sha256:…" or ""."""

    container_id: str
    name: str
    image: str
    state: State
    reason: str = ""
    new_id: str = ""
    old_image_id: str = ""
    new_image_id: str = ""
    old_digest: str = ""
    new_digest: str = ""
    seconds: float = 0.0


def _on_host(names: tuple[str, ...], host: str) -> tuple[str, ...]:
    parts = (name.lstrip("/").rpartition("/") for name in names)
    return tuple(own for place, _, own in parts if place in ("", host))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
